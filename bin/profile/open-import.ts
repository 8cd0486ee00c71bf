import { basename, resolve } from 'node:path';
import { EXIT, UserError } from '../../core/errors.ts';
import { PairImport } from '../../suites/profile/pairs/import.ts';
import { byteProgress } from '../byte-progress.ts';
import { type OptionValues, textOption } from '../command.ts';
import type { Io } from '../io.ts';
import { causesOf } from './counts.ts';

/**
 * Reads the pairs of a file under the options `--from`, `--limit` and `--min-strength`, with a bar on a terminal; Ctrl+C
 * breaks it off.
 *
 * @throws UserError (exit code 2 for an option, 3 for the file or where it gives no pair, 130 when interrupted)
 */
export async function readImport(
  file: string,
  options: OptionValues,
  io: Io,
  work: (source: PairImport) => Promise<void>,
  more: { readonly needsPrompt?: boolean } = {},
): Promise<PairImport> {
  const path = resolve(io.cwd, file);
  const [format, limit] = [textOption(options, 'from'), limitOf(options)];
  const minStrength = minStrengthOf(options);
  const controller = new AbortController();
  const bar = byteProgress(basename(path), io);
  const source = new PairImport(path, {
    ...more,
    ...(format === undefined ? {} : { format }),
    ...(limit === undefined ? {} : { limit }),
    ...(minStrength === undefined ? {} : { minStrength }),
    ...(io.interactive && !options.quiet ? { onProgress: bar.update } : {}),
    signal: controller.signal,
  });
  const unlisten = io.onInterrupt(() => controller.abort());
  try {
    await work(source);
  } catch (error) {
    if (controller.signal.aborted) throw new UserError('interrupted', EXIT.interrupted, error);
    throw error;
  } finally {
    unlisten();
    bar.end();
  }
  return source;
}

/** @throws UserError (exit code 3) where nothing was kept */
export function requirePairs(source: PairImport): void {
  if (source.counts.pairs > 0) return;
  const causes = causesOf(source);
  const message = causes === '' ? 'holds no rows' : `gives no pair (${causes})`;
  throw new UserError({ where: source.file, message }, EXIT.environment);
}

export function limitOf(options: OptionValues): number | undefined {
  const text = textOption(options, 'limit');
  if (text === undefined) return undefined;
  const limit = Number(text);
  if (Number.isSafeInteger(limit) && limit > 0) return limit;
  throw new UserError({ field: '--limit', message: `"${text}" is not a whole number above 0` });
}

function minStrengthOf(options: OptionValues): number | undefined {
  const text = textOption(options, 'minStrength');
  if (text === undefined) return undefined;
  const strength = text.trim() === '' ? Number.NaN : Number(text);
  if (strength >= 0 && strength <= 1) return strength;
  throw new UserError({ field: '--min-strength', message: `"${text}" is not a number from 0 to 1` });
}
