import { existsSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { EXIT, UserError } from '../../core/errors.ts';
import type { PairImport } from '../../suites/profile/pairs/import.ts';
import { type CommandAction, type OptionValues, textOption } from '../command.ts';
import type { Io } from '../io.ts';
import { writeAnnotatedPairs, writePairs } from '../profile/convert.ts';
import { countsJson, countsText } from '../profile/counts.ts';
import { factorAnnotators, withFactorVotes } from '../profile/factor-votes.ts';
import { readImport, requirePairs } from '../profile/open-import.ts';

const TARGETS = ['pairs', 'annotated-pairs'] as const;
type Target = (typeof TARGETS)[number];

/** Converts a file of pairs, or exports what a run's checkpoints preferred. */
export const pairs: CommandAction = async ([named = ''], options, io) => {
  const path = resolve(io.cwd, named);
  const isFile = existsSync(path) && statSync(path).isFile();
  const out = outOf(options, io, isFile ? path : undefined);
  if (options.json && out === undefined) {
    const message = 'prints counts where the pairs would go';
    throw new UserError({ field: '--json', message, fix: 'add --out FILE for the pairs' });
  }
  if (isFile) return convert(path, out, options, io);
  if (!existsSync(path) && /\.(?:jsonl?|ndjson|gz)$/i.test(named)) {
    throw new UserError({ where: path, message: 'there is no such file' }, EXIT.environment);
  }
  const { exportRun } = await import('../profile/run-pairs.ts');
  requireRunTarget(options);
  return exportRun(named, out, options, io);
};

async function convert(path: string, out: string | undefined, options: OptionValues, io: Io) {
  const target = targetOf(options) ?? 'pairs';
  const hasFactors = options['withFactors'] === true;
  const write = async (source: PairImport) => {
    const rows = hasFactors ? withFactorVotes(source.pairs()) : source.pairs();
    const input = {
      pairs: needed(rows, source),
      header: () => source.header,
      datasetName: basename(path),
      createdAt: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
      ...(hasFactors ? { raters: factorAnnotators() } : {}),
    };
    await (target === 'pairs' ? writePairs : writeAnnotatedPairs)(input, out, io);
  };
  const source = await readImport(path, options, io, write, { needsPrompt: target === 'pairs' });
  if (options.json) io.out(`${JSON.stringify({ ...countsJson(source), to: target, out }, undefined, 2)}\n`);
  else if (!options.quiet) (out === undefined ? io.err : io.out)(countsText(source));
  return EXIT.fine;
}

/** A file without a single pair is none to write. */
async function* needed<T>(rows: AsyncIterable<T>, source: PairImport): AsyncGenerator<T> {
  yield* rows;
  requirePairs(source);
}

function targetOf(options: OptionValues): Target | undefined {
  const text = textOption(options, 'to');
  if (text === undefined) return undefined;
  const target = TARGETS.find((one) => one === text);
  if (target !== undefined) return target;
  throw new UserError({
    field: '--to',
    message: `unknown format "${text}"`,
    fix: `There are: ${TARGETS.join(', ')}.`,
  });
}

/** The texts and people's votes of a run's pairs lie in its data; what checkpoints preferred has votes alone to go to. */
function requireRunTarget(options: OptionValues): void {
  for (const [name, flag] of [
    ['from', '--from'],
    ['minStrength', '--min-strength'],
  ] as const) {
    if (options[name] === undefined) continue;
    throw new UserError({
      field: flag,
      message: 'is for files',
      fix: 'leave it out where a run is exported',
    });
  }
  targetOf(options);
}

function outOf(options: OptionValues, io: Io, source: string | undefined): string | undefined {
  const text = textOption(options, 'out');
  if (text === undefined) return undefined;
  const out = resolve(io.cwd, text);
  if (out !== source) return out;
  throw new UserError({ field: '--out', message: 'is the file that is read', fix: 'name another one' });
}
