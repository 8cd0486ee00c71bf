import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { listRuns, SUMMARY_FILE } from '../../benchmarks/journal/run-folder.ts';
import { readStatus } from '../../benchmarks/run/run-benchmark.ts';
import type { Effect, Summary } from '../../results/summary.ts';
import { summariseRun } from '../summarise-run.ts';
import type { Spread } from './sensitivity.ts';

/** What a finished run tells about the spread of paired differences. */
export interface EarlierRun {
  readonly id: string;
  readonly folder: string;
  /** By instrument: one entry a stage, under the headline metric. */
  readonly spreads: ReadonlyMap<string, readonly Spread[]>;
}

/** The newest finished run of a benchmark below a folder; undefined when there is none that can be read. */
export async function newestFinished(runs: string, benchmark: string): Promise<string | undefined> {
  for (const { folder, manifest } of await listRuns(runs)) {
    if (manifest.definition['benchmark'] !== benchmark) continue;
    if ((await readStatus(folder))?.status === 'finished') return folder;
  }
  return undefined;
}

/** @throws UserError (exit code 3) when the run cannot be read. */
export async function earlierRun(folder: string): Promise<EarlierRun> {
  const summary = (await storedSummary(folder)) ?? (await summariseRun(folder));
  const spreads = new Map<string, Spread[]>();
  for (const { task, headline, metrics } of summary.tasks) {
    const metric = metrics.find(({ key }) => key === headline);
    const isMean = metric?.binary === true && metric.range[0] === 0 && metric.range[1] === 1;
    const stages = summary.effects.filter(
      (effect) =>
        effect.task === task && effect.metric === headline && effect.kind === 'stage' && effect.main,
    );
    spreads.set(
      task,
      stages.flatMap((effect) => spreadOf(effect, isMean) ?? []),
    );
  }
  return { id: basename(folder), folder, spreads };
}

/** Written by the run itself; it is made anew where it is missing, damaged or of another version. */
async function storedSummary(folder: string): Promise<Summary | undefined> {
  try {
    const value = JSON.parse(await readFile(join(folder, SUMMARY_FILE), 'utf8')) as Partial<Summary>;
    const isWhole =
      value.schemaVersion === 1 &&
      Array.isArray(value.tasks) &&
      Array.isArray(value.effects) &&
      value.effects.every(({ error }) => error !== undefined) &&
      typeof value.families?.primary?.tests === 'number';
    return isWhole ? (value as Summary) : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined where nothing differed or no error could be told: such a comparison plans nothing. */
function spreadOf(effect: Effect, isShare: boolean): Spread | undefined {
  const { error = null, delta, n, clusters, gained, lost, from, to } = effect;
  if (error === null || error === 0 || delta === null || n === 0 || gained + lost === 0) return undefined;
  const discordance = (gained + lost) / n;
  const measuredOn = { from, to };
  const simple = discordance - delta ** 2;
  const deviation = error * Math.sqrt(n);
  if (!isShare || simple <= 0) return { discordance, correlation: null, deviation, measuredOn };
  const size = n / clusters;
  const designEffect = (error ** 2 * n) / simple;
  const correlation = size > 1 ? Math.min(1, Math.max(0, (designEffect - 1) / (size - 1))) : 0;
  return { discordance, correlation, deviation, measuredOn };
}
