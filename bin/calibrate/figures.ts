import { clusteredMean } from '../../results/statistics/mean.ts';
import { wilsonInterval } from '../../results/statistics/proportion.ts';
import type { Instrument, LabelledCase } from './instruments.ts';

/** What a scorer said of a labelled case. */
export interface Reading {
  readonly one: LabelledCase;
  /** A label of the instrument, or `unparsed`. */
  readonly said: string;
}

/** A judge's reply that could not be read even after its repair. It counts as an error. */
export const UNPARSED = 'unparsed';

/** A proportion with its 95 % interval, all in [0, 1]. */
export interface Share {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** How many of how many; the interval is Wilson's on the effective number of cases. */
export interface Proportion extends Share {
  readonly found: number;
  readonly of: number;
  /** `of`, less what cases of one cluster repeat of each other. */
  readonly effective: number;
}

export interface Figures {
  /** People's label → what the scorer said → cases. */
  readonly confusion: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Share of the positive label that the scorer finds; null without such cases. */
  readonly sensitivity: Proportion | null;
  readonly specificity: Proportion | null;
  /** Mean of both; guessing reaches one half. */
  readonly balancedAccuracy: Share | null;
  /** The lower end of the balanced accuracy lies above one half. */
  readonly betterThanChance: boolean;
  /** By people's label: the effective number of its cases divided by their number. */
  readonly effectiveShares: Readonly<Record<string, number>>;
}

/** Whatever is neither the right label is wrong: the third label, an unreadable reply. */
export function figuresOf(instrument: Instrument, readings: readonly Reading[]): Figures {
  const sensitivity = foundShare(readings, instrument.positive);
  const specificity = foundShare(readings, instrument.negative);
  const balancedAccuracy =
    sensitivity === null || specificity === null ? null : meanOf(sensitivity, specificity);
  return {
    confusion: confusionOf(instrument, readings),
    sensitivity,
    specificity,
    balancedAccuracy,
    betterThanChance: balancedAccuracy !== null && balancedAccuracy.low > 0.5,
    effectiveShares: effectiveShares(instrument, readings),
  };
}

export function labelsOf({ positive, apart, negative }: Instrument): string[] {
  return [positive, ...apart, negative];
}

/**
 * By label of people: the independent cases that would leave as much uncertainty, divided by the cases; 1 where every case is
 * its own cluster, and for labels without cases.
 */
function effectiveShares(
  instrument: Instrument,
  readings: readonly Reading[],
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    labelsOf(instrument).map((label) => {
      const found = foundShare(readings, label);
      return [label, found === null ? 1 : found.effective / found.of];
    }),
  );
}

function confusionOf(instrument: Instrument, readings: readonly Reading[]): Figures['confusion'] {
  const labels = labelsOf(instrument);
  return Object.fromEntries(
    labels.map((label) => {
      const those = readings.filter(({ one }) => one.label === label);
      const count = (said: string): number => those.filter((reading) => reading.said === said).length;
      return [label, Object.fromEntries([...labels, UNPARSED].map((said) => [said, count(said)]))];
    }),
  );
}

function foundShare(readings: readonly Reading[], label: string): Proportion | null {
  const those = readings.filter(({ one }) => one.label === label);
  if (those.length === 0) return null;
  const hits = those.map(({ said }) => Number(said === label));
  const found = hits.reduce((sum, hit) => sum + hit, 0);
  const value = found / those.length;
  const effective = effectiveCount(hits, those);
  return { value, ...wilsonInterval(value * effective, effective), found, of: those.length, effective };
}

/**
 * The number of independent cases that would leave as much uncertainty: n divided by the design effect, the ratio of
 * the cluster-robust variance to the binomial one (Kish 1965). All cases where
 * each is its own cluster; where all are right or all wrong, or there is one cluster, the clusters.
 */
function effectiveCount(hits: readonly number[], readings: readonly Reading[]): number {
  const numbers = new Map<string, number>();
  const clusters = readings.map(({ one }) => {
    const known = numbers.get(one.cluster) ?? numbers.size;
    numbers.set(one.cluster, known);
    return known;
  });
  const n = hits.length;
  if (numbers.size === n) return n;
  const { mean, error } = clusteredMean(hits, clusters);
  const binomial = mean * (1 - mean);
  if (error === null || binomial === 0) return numbers.size;
  return Math.min(n, binomial / error ** 2);
}

/** Mean of two independent proportions; its interval from theirs (MOVER; Zou & Donner 2008, Stat. Med. 27:1693-1702). */
function meanOf(one: Share, two: Share): Share {
  const value = (one.value + two.value) / 2;
  const below = Math.hypot(one.value - one.low, two.value - two.low) / 2;
  const above = Math.hypot(one.high - one.value, two.high - two.value) / 2;
  return { value, low: Math.max(0, value - below), high: Math.min(1, value + above) };
}
