import { Journal } from '../../benchmarks/journal/journal.ts';
import { readOutcomes } from '../../benchmarks/journal/outcomes.ts';
import type { AnswerRecord, OutcomeRecord } from '../../benchmarks/journal/records.ts';
import { collectFlips, type Flip } from '../../results/effects/flips.ts';
import type {
  DrivingPair,
  EffectFlips,
  FlipWithWords,
  PromptExample,
  Spread,
  TaskTexts,
} from '../../results/report/html/input.ts';
import { headlineEffects } from '../../results/report/view.ts';
import type { Effect, Summary, SummaryTask } from '../../results/summary.ts';
import { trustPart } from '../../results/trust-part.ts';
import { specOf, wordsOf } from '../flips.ts';
import { DrivingPairs } from './driving-pairs.ts';

/** What the page needs beside the summary: one reading of the outcomes and the answers behind what is shown. */
export interface Gathered {
  readonly flips: readonly EffectFlips[];
  readonly tasks: ReadonlyMap<string, TaskTexts>;
  /** Pairs behind factor scores; empty in a run without PROFILE. */
  readonly driving: readonly DrivingPair[];
}

/** How many flips of an effect the page holds itself. */
export const SHOWN_FLIPS = 50;
const BINS = 20;

/** Outcomes by instrument, then by checkpoint. */
export type OutcomeIndex = ReadonlyMap<string, ReadonlyMap<string, readonly OutcomeRecord[]>>;

/** What stands behind the numbers of a run, opened once for all that is made of it. */
export interface Evidence {
  readonly outcomes: OutcomeIndex;
  readonly driving: DrivingPairs;
  readonly journal: Journal;
}

export async function withEvidence<T>(
  folder: string,
  summary: Summary,
  use: (evidence: Evidence) => Promise<T>,
): Promise<T> {
  const journal = await Journal.open(folder, 'readonly');
  try {
    const driving = new DrivingPairs(summary);
    const outcomes = await indexOutcomes(folder, summary, driving);
    return await use({ journal, outcomes, driving });
  } finally {
    await journal.close();
  }
}

export async function gather(summary: Summary, { outcomes, journal, driving }: Evidence): Promise<Gathered> {
  const flips: EffectFlips[] = [];
  for (const effect of pageEffects(summary)) flips.push(await effectFlips(effect, outcomes, journal));
  const tasks = new Map<string, TaskTexts>();
  for (const task of summary.tasks) tasks.set(task.task, await taskTexts(task, outcomes, journal));
  return { flips, tasks, driving: await driving.withWords(journal) };
}

/** The comparisons of the overview: main stages, and method against method. A preference has no better or worse. */
export function pageEffects(summary: Summary): Effect[] {
  return headlineEffects(trustPart(summary)).filter(
    ({ kind, main }) => main && (kind === 'stage' || kind === 'method'),
  );
}

/** All outcomes of the run, reduced to what flips need. Each record is kept once; names are shared between records. */
async function indexOutcomes(folder: string, summary: Summary, driving: DrivingPairs): Promise<OutcomeIndex> {
  const index = new Map<string, Map<string, OutcomeRecord[]>>();
  const headlines = new Map(summary.tasks.map(({ task, headline }) => [task, headline]));
  const names = new Map<string, string>();
  const shared = (name: string): string => {
    const known = names.get(name);
    if (known === undefined) names.set(name, name);
    return known ?? name;
  };
  for await (const record of readOutcomes(folder)) {
    const headline = headlines.get(record.instrument);
    if (headline === undefined) continue;
    driving.enter(record);
    const byCheckpoint = index.get(record.instrument) ?? new Map<string, OutcomeRecord[]>();
    index.set(shared(record.instrument), byCheckpoint);
    const list = byCheckpoint.get(record.checkpoint) ?? [];
    byCheckpoint.set(shared(record.checkpoint), list);
    list.push(slim(record, headline, shared));
  }
  return index;
}

function slim(record: OutcomeRecord, headline: string, shared: (name: string) => string): OutcomeRecord {
  const { outcome } = record;
  const small = {
    ...record,
    checkpoint: shared(record.checkpoint),
    instrument: shared(record.instrument),
    sample: shared(record.sample),
    cluster: shared(record.cluster),
    content: null,
  };
  if (outcome.kind !== 'scored') return small;
  const value = outcome.values[headline];
  const { detail } = outcome;
  const picked =
    typeof detail === 'object' && detail !== null && 'picked' in detail ? detail['picked'] : null;
  const values = value === undefined ? {} : { [headline]: value };
  return {
    ...small,
    outcome: { kind: 'scored', values, ...(typeof picked === 'string' ? { detail: { picked } } : {}) },
  };
}

/** Every flip of one effect, the largest first. */
export async function flipsOf(effect: Effect, outcomes: OutcomeIndex): Promise<Flip[]> {
  const byCheckpoint = outcomes.get(effect.task);
  const sides = [effect.from, effect.to].flatMap((id) => byCheckpoint?.get(id) ?? []);
  return collectFlips(inTurn(sides), await specOf(effect), effect);
}

async function effectFlips(effect: Effect, outcomes: OutcomeIndex, journal: Journal): Promise<EffectFlips> {
  const flips = await flipsOf(effect, outcomes);
  const gained = flips.filter(({ change }) => change === 'gained').length;
  const clearest = clearestOf(flips, SHOWN_FLIPS);
  const shown = await withWords(clearest, effect, journal);
  return { effect, gained, lost: flips.length - gained, shown };
}

/** Answers that are read side by side: a disk is slow to begin, not to go on. */
const SIDE_BY_SIDE = 16;

export async function withWords(
  flips: readonly Flip[],
  effect: Effect,
  journal: Journal,
): Promise<FlipWithWords[]> {
  const spec = await specOf(effect);
  const size = Math.ceil(flips.length / SIDE_BY_SIDE) || 1;
  const slices = Array.from({ length: Math.ceil(flips.length / size) }, (_, index) =>
    flips.slice(index * size, (index + 1) * size),
  );
  const words = await Promise.all(slices.map((slice) => wordsOf(slice, effect, spec, journal)));
  return flips.map((flip, index) => ({ flip, words: words[Math.floor(index / size)]?.get(flip) }));
}

/** The largest changes of both directions: as many of each as there are, up to half; the rest goes to the other. */
export function clearestOf(flips: readonly Flip[], most: number): Flip[] {
  const half = Math.ceil(most / 2);
  const [gained, lost] = (['gained', 'lost'] as const).map((change) =>
    flips.filter((flip) => flip.change === change),
  ) as [Flip[], Flip[]];
  const room = most - Math.min(half, lost.length);
  const better = gained.slice(0, Math.max(most - lost.length, Math.min(half, room)));
  const chosen = new Set([...better, ...lost.slice(0, most - better.length)]);
  return flips.filter((flip) => chosen.has(flip));
}

async function taskTexts(task: SummaryTask, outcomes: OutcomeIndex, journal: Journal): Promise<TaskTexts> {
  const byCheckpoint = outcomes.get(task.task) ?? new Map<string, readonly OutcomeRecord[]>();
  const metric = task.metrics.find(({ key }) => key === task.headline);
  const spreads = new Map<string, Spread>();
  const values = new Map([...byCheckpoint].map(([id, records]) => [id, valuesOf(records, task.headline)]));
  const all = [...values.values()].flat();
  if (metric !== undefined && !metric.binary && all.length > 0) {
    const low = metric.range[0] ?? all.reduce((least, value) => Math.min(least, value));
    const high = metric.range[1] ?? all.reduce((most, value) => Math.max(most, value));
    for (const [id, own] of values) spreads.set(id, spreadOf(own, low, high));
  }
  return { prompt: await promptOf([...byCheckpoint.values()].flat(), journal), spreads };
}

function valuesOf(records: readonly OutcomeRecord[], headline: string): number[] {
  return records.flatMap(({ outcome }) => {
    const value = outcome.kind === 'scored' ? outcome.values[headline] : undefined;
    return value === undefined ? [] : [value];
  });
}

function spreadOf(values: readonly number[], low: number, high: number): Spread {
  const counts = Array.from({ length: BINS }, () => 0);
  for (const value of values) {
    const bin = high > low ? Math.floor(((value - low) / (high - low)) * BINS) : 0;
    const place = Math.min(BINS - 1, Math.max(0, bin));
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return { low, high, counts };
}

/** The request behind the first outcome, by sample, whose answer is there. */
async function promptOf(records: readonly OutcomeRecord[], journal: Journal): Promise<PromptExample | null> {
  const first = records.reduce<OutcomeRecord | undefined>(
    (best, record) =>
      record.answers.length > 0 && (best === undefined || record.sample < best.sample) ? record : best,
    undefined,
  );
  for (const key of first?.answers ?? []) {
    const answer = await journal.get(key);
    if (first !== undefined && answer?.role === 'checkpoint') return exampleOf(first, answer);
  }
  return null;
}

function exampleOf({ checkpoint, sample }: OutcomeRecord, { request }: AnswerRecord): PromptExample {
  const { prompt, texts, continuations } = request;
  const parts =
    prompt === undefined
      ? (texts ?? []).map((text) => ({ role: null, text }))
      : prompt.format === 'raw'
        ? [{ role: null, text: prompt.text }]
        : prompt.messages.map(({ role, content }) => ({ role, text: content }));
  return { checkpoint, sample, format: prompt?.format ?? 'raw', parts, continuations: continuations ?? [] };
}

async function* inTurn<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
