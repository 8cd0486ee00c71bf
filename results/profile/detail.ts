import type { OutcomeRecord } from '../../benchmarks/journal/records.ts';
import { UNRATED } from '../statistics/factor-pairs.ts';

/** What an outcome says of one pair of given responses. */
export interface PairDetail {
  readonly kind: 'pair';
  readonly setting: 'evaluation' | 'likelihood';
  /** 1, 0, −1, or UNRATED where the checkpoint gave no readable preference. */
  readonly preference: number;
  readonly isInconsistent: boolean;
  readonly human: number;
  readonly votes: readonly (readonly [string, number])[];
  /** Each factor's two values, as far as they can be read: see `factorValues`. */
  readonly factors: RawFactors;
}

/** By factor whatever the file holds. */
export type RawFactors = Readonly<Record<string, unknown>>;

/** What an outcome says of the responses that a checkpoint wrote to one prompt. */
export interface WrittenDetail {
  readonly kind: 'written';
  /** The requested quality of each response. */
  readonly scores: readonly number[];
  /** Each factor's values, one a response. */
  readonly factors: RawFactors;
}

/** A factor's values, one a response; none where they are missing or no list. What objects inherit is never a list. */
export function factorValues(factors: RawFactors, key: string): readonly unknown[] {
  const values = factors[key];
  return Array.isArray(values) ? values : [];
}

/** A factor's value in one of the responses; NaN where it is missing or no finite number. */
export function factorValue(factors: RawFactors, key: string, response: number): number {
  return finiteOf(factorValues(factors, key)[response]);
}

/** NaN for what is no finite number. */
export function finiteOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : Number.NaN;
}

const MOST_RESPONSES = 64;

/**
 * The detail of a profile outcome. What does not have its shape is null: details are read back from files that anybody
 * may have written.
 */
export function profileDetail({ outcome }: OutcomeRecord): PairDetail | WrittenDetail | null {
  if (outcome.kind !== 'scored' && outcome.kind !== 'unscored') return null;
  const { detail } = outcome;
  if (!isObject(detail) || !isObject(detail['factors'])) return null;
  const { setting } = detail;
  if (setting === 'generation') return written(detail, outcome.kind === 'scored');
  if (setting === 'evaluation' || setting === 'likelihood')
    return pair(detail, setting, outcome.kind === 'scored');
  return null;
}

type Fields = Readonly<Record<string, unknown>>;

function pair(detail: Fields, setting: PairDetail['setting'], isScored: boolean): PairDetail {
  const votes = isObject(detail['votes']) ? Object.entries(detail['votes']) : [];
  return {
    kind: 'pair',
    setting,
    preference: isScored ? signOf(detail['preference']) : UNRATED,
    isInconsistent: isScored && detail['status'] === 'position_inconsistent',
    human: signOf(detail['human']),
    votes: votes.map(([name, vote]) => [name, signOf(vote)] as const),
    factors: detail['factors'] as RawFactors,
  };
}

function written(detail: Fields, isScored: boolean): WrittenDetail | null {
  const { scores } = detail;
  if (!isScored || !Array.isArray(scores) || scores.length > MOST_RESPONSES) return null;
  const numbers = scores.map(finiteOf);
  if (numbers.some(Number.isNaN)) return null;
  return { kind: 'written', scores: numbers, factors: detail['factors'] as RawFactors };
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function signOf(value: unknown): number {
  return value === 1 || value === -1 || value === 0 ? value : UNRATED;
}
