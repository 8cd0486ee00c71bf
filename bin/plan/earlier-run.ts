import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { listRuns, SUMMARY_FILE } from '../../benchmarks/journal/run-folder.ts';
import { readStatus } from '../../benchmarks/run/run-benchmark.ts';
import type { Effect, Summary } from '../../results/summary.ts';
import { summariseRun } from '../summarise-run.ts';
import type { SeedSpread } from './over-seeds.ts';
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
      stages.flatMap((effect) => {
        const spread = spreadOf(effect, isMean);
        return spread === undefined ? [] : [{ ...spread, seeds: seedSpreadOf(summary, effect) }];
      }),
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
      Array.isArray(value.relations?.methods) &&
      value.effects.every(({ designEffect }) => designEffect !== undefined) &&
      typeof value.families?.primary?.tests === 'number';
    return isWhole ? (value as Summary) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * How the training runs of a stage spread: between them, and in what each makes of the samples. With V the variance of
 * one run's effect over the samples and I that of the mean of S runs, V − I is (1 − 1/S) of a run's own part. Null with
 * one run.
 */
function seedSpreadOf({ effects, relations }: Summary, effect: Effect): SeedSpread | null {
  const { kind, task, metric, from, to } = effect;
  const over = relations.methods.find(
    (each) =>
      each.kind === kind &&
      each.task === task &&
      each.metric === metric &&
      each.from === from &&
      each.to === to,
  );
  if (over === undefined) return null;
  const errors = effects
    .filter((each) => each.kind === kind && each.task === task && each.metric === metric)
    .filter((each) => over.seeds.some((seed) => seed.from === each.from && seed.to === each.to))
    .flatMap(({ error = null }) => (error === null ? [] : [error]));
  const runs = over.seeds.length;
  const single = errors.reduce((sum, error) => sum + error ** 2, 0) / Math.max(1, errors.length);
  const own = single === 0 ? 0 : (((single - over.itemVariance) / single) * runs) / (runs - 1);
  return { deviation: Math.sqrt(over.seedVariance), own: Math.min(1, Math.max(0, own)), runs };
}

/** Undefined where nothing differed or no error could be told: such a comparison plans nothing. */
function spreadOf(effect: Effect, isShare: boolean): Omit<Spread, 'seeds'> | undefined {
  const { error = null, delta, n, clusters, gained, lost, from, to } = effect;
  if (error === null || error === 0 || delta === null || n === 0 || gained + lost === 0) return undefined;
  const discordance = (gained + lost) / n;
  const measuredOn = { from, to };
  const simple = discordance - delta ** 2;
  const deviation = error * Math.sqrt(n);
  if (!isShare || simple <= 0)
    return {
      discordance,
      correlation: null,
      deviation,
      designEffect: effect.designEffect ?? null,
      measuredOn,
    };
  const size = n / clusters;
  const designEffect = (error ** 2 * n) / simple;
  const correlation = size > 1 ? Math.min(1, Math.max(0, (designEffect - 1) / (size - 1))) : 0;
  return { discordance, correlation, deviation, measuredOn };
}
