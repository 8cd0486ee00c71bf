import { UserError } from '../core/errors.ts';
import { type OptionValues, textOption } from './command.ts';

/**
 * What `--format` and `--json` ask for together.
 *
 * @throws UserError (exit code 2) when they ask for two things.
 */
export function wantedFormat(options: OptionValues, otherwise: string): string {
  const format = textOption(options, 'format');
  if (!options.json) return format ?? otherwise;
  if (format === undefined || format === 'json') return 'json';
  throw new UserError({
    field: '--json',
    message: `asks for JSON, and --format for ${format}`,
    fix: 'Leave one of the two out.',
  });
}

/** Which tables of a format with several files are not the one that was printed. */
export function restOf(printed: string, files: readonly string[]): string {
  const others = files.filter((file) => file !== printed);
  return `printed is ${printed}; --out DIR writes ${others.join(', ')} beside it\n`;
}
