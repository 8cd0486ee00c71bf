import { EXIT, UserError } from '../../core/errors.ts';
import { type OptionValues, textOption } from '../command.ts';

/** The effect of `--detect`, in the metrics' own unit: 0.05 is 5 points of a share. */
export function wantedEffect(options: OptionValues): number | undefined {
  const text = textOption(options, 'detect');
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new UserError(
    {
      field: '--detect',
      message: `"${text}" is not a size of an effect`,
      fix: 'Name it in the unit of the metric, with a decimal point: --detect 0.05 is 5 points of a share.',
    },
    EXIT.usage,
  );
}
