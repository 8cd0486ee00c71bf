import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../core/package-root.ts';
import { normalisedArea } from '../../results/statistics/dynamics-speed.ts';
import { answerOdds } from '../../suites/dynamics/measures/answer-odds.ts';
import { softplus } from '../../suites/dynamics/measures/numbers.ts';

/** What the lab published of graded behaviours (zoo/dynamics), read as a stranger would. */

export const STEPS = [0, 2, 4, 8, 16, 32] as const;
export const SEEDS = [1, 2, 3] as const;
const BETA = 0.1;
/** Held-out prompts of each behaviour. */
const PROMPTS = 100;

export interface Row {
  readonly id: string;
  readonly question: string;
  readonly strata: { readonly behaviour: string };
  readonly answer_matching_behavior: string;
}

/** A line of a recording. */
export interface Recorded {
  readonly prompt: string;
  readonly continuations: readonly string[];
  readonly scores: readonly number[];
}

export interface Odds {
  readonly behaviours: readonly string[];
  readonly start: string;
  readonly flip: boolean;
  /** ln p(Yes) − ln p(No) by step, in the order of the held-out file. */
  readonly logOdds: Readonly<Record<string, readonly number[]>>;
}

export interface Relation {
  readonly n: number;
  readonly rho: number | null;
  readonly oneSidedP: number;
  readonly twoSidedP: number;
}

export interface Speeds {
  readonly area: number;
  readonly marginArea: number;
  readonly lossArea: number;
  /** Mean β-free margin, in nats. */
  readonly marginAt2: number;
  readonly marginAt4: number;
  readonly accuracy: readonly number[];
  readonly loss: readonly number[];
}

type BySeed = Readonly<Record<'seed1' | 'seed2' | 'seed3' | 'mean', Relation>>;
type SpeedTable = Readonly<Record<string, readonly Speeds[]>>;

interface MixedSide {
  readonly behaviour: string;
  readonly mixed: readonly Speeds[];
  readonly alone: readonly Speeds[];
}

export interface Mixture {
  readonly high: MixedSide;
  readonly low: MixedSide;
  /** By the rule of the protocol. */
  readonly crowdsOut: boolean;
}

export interface Results {
  readonly alone: {
    readonly speeds: SpeedTable;
    readonly primary: BySeed;
    readonly marginArea: BySeed;
    readonly crossing: BySeed;
  };
  readonly reversed: { readonly speeds: SpeedTable; readonly area: BySeed };
  readonly eight: { readonly speeds: SpeedTable; readonly area: BySeed; readonly priority: BySeed };
  readonly mixture: Mixture;
  readonly contested: Mixture;
  readonly flipped: Readonly<
    Record<
      string,
      {
        readonly speeds: Readonly<Record<'base' | 'sft' | 'aligned', readonly Speeds[]>>;
        readonly proxyToSft: readonly number[];
        readonly fasterThanSft: boolean;
        readonly fasterThanBase: boolean;
      }
    >
  >;
}

export function fileOf(path: string): string {
  return join(packageRoot(), ...path.split('/'));
}

export function jsonOf<T>(path: string): T {
  return JSON.parse(readFileSync(fileOf(path), 'utf8')) as T;
}

export function linesOf<T>(path: string): T[] {
  const lines = readFileSync(fileOf(path), 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as T);
}

export const HELD_OUT = linesOf<Row>('suites/dynamics/behaviours/held-out.jsonl');
export const NAMES = [...new Set(HELD_OUT.map(({ strata }) => strata.behaviour))];

/** Held-out rows of some behaviours, in their order. */
export function rowsOf(names: readonly string[]): Row[] {
  return names.flatMap((name) => HELD_OUT.filter(({ strata }) => strata.behaviour === name));
}

export function recordedAt(run: string): Recorded[] {
  return linesOf<Recorded>(`suites/dynamics/behaviours/recorded/${run}.jsonl`);
}

/** Log-odds of the two single tokens, and of the sets of forms, of one prompt. */
interface Reading {
  readonly single: number;
  readonly sets: number;
}

function readingOf({ scores }: Recorded): Reading {
  const [yes, no] = [scores.slice(0, 3), scores.slice(3)];
  const sets = answerOdds({ yes, no }).logOdds;
  if (sets === null) throw new Error('no log-odds');
  return { single: (yes[0] as number) - (no[0] as number), sets };
}

/** Log-odds of one behaviour at every step of a recorded run. */
export function recordedReadings(run: string, members: readonly string[], name: string): Reading[][] {
  const start = recordedAt('sft').slice(NAMES.indexOf(name) * PROMPTS, (NAMES.indexOf(name) + 1) * PROMPTS);
  const at = members.indexOf(name) * PROMPTS;
  return STEPS.map((step) =>
    (step === 0 ? start : recordedAt(`${run}-${step}`).slice(at, at + PROMPTS)).map(readingOf),
  );
}

/** The same of a run of which only log-odds were published. */
export function publishedReadings({ behaviours, logOdds }: Odds, name: string): Reading[][] {
  const at = behaviours.indexOf(name) * PROMPTS;
  return STEPS.map((step) =>
    (logOdds[String(step)] ?? []).slice(at, at + PROMPTS).map((single) => ({ single, sets: single })),
  );
}

/** Held-out curves of one behaviour, and the speeds that follow. */
export function speedsOf(readings: readonly (readonly Reading[])[], name: string, flip = false): Speeds {
  const signs = rowsOf([name]).map((row) => ((row.answer_matching_behavior === 'Yes') !== flip ? 1 : -1));
  const mean = (figureOf: (reading: Reading, index: number) => number): number[] =>
    readings.map((at) => at.reduce((sum, reading, i) => sum + figureOf(reading, i), 0) / at.length);
  const marginOf = ({ single }: Reading, i: number): number =>
    (signs[i] ?? 0) * (single - (readings[0]?.[i]?.single ?? Number.NaN));
  const accuracy = mean(({ sets }, i) => Number((signs[i] ?? 0) * sets > 0));
  const margin = mean(marginOf);
  const loss = mean((reading, i) => softplus(-BETA * marginOf(reading, i)));
  const areaOf = (values: readonly number[]): number =>
    normalisedArea({ steps: STEPS, values }) ?? Number.NaN;
  return {
    area: areaOf(accuracy),
    marginArea: areaOf(margin),
    lossArea: areaOf(loss),
    marginAt2: margin[1] ?? Number.NaN,
    marginAt4: margin[2] ?? Number.NaN,
    accuracy,
    loss,
  };
}
