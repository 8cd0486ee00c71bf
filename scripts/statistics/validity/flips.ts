import { seededRandom } from '../../../core/random.ts';
import {
  clusteredPairsEquivalence,
  clusteredPairsInterval,
} from '../../../results/statistics/clustered-pairs.ts';
import { equivalenceP } from '../../../results/statistics/equivalence.ts';
import { clusteredMean } from '../../../results/statistics/mean.ts';
import { extremes, judged, percent, type Row, told } from './row.ts';

/** Few pairs differ, and all of those one way: a method that can only break, or only mend. */
interface Flips {
  readonly clusters: number;
  readonly perCluster: number;
  /** Share of pairs that differ; the true difference too. */
  readonly share: number;
}

const DRAWS = 3_000;
const MARGIN = 0.05;
const ERROR = Math.sqrt((0.05 * 0.95) / DRAWS);
/** As for rates: with fewer flips there is too little to tell an interval by. */
const MINIMUM_FLIPS = 10;
/** A flip is shared by the whole cluster this often. */
const SHARED = 0.2;

const DESIGNS: readonly Flips[] = [62, 124, 300].flatMap((clusters) =>
  [1, 3].flatMap((perCluster) => [0.02, 0.05, 0.1].map((share) => ({ clusters, perCluster, share }))),
);

/** Intervals and equivalence of rare flips that all go one way. */
export function flipRows(): Row[] {
  const found = DESIGNS.map(measure);
  const enough = found.filter(({ flips }) => flips >= MINIMUM_FLIPS);
  const few = found.filter(({ flips }) => flips < MINIMUM_FLIPS);
  const kept = extremes(enough.map(({ tango }) => tango));
  const rare = extremes(few.map(({ tango }) => tango));
  const student = extremes(found.map(({ student: share }) => share));
  const atMargin = AT_MARGIN.map(measure);
  const bold = Math.max(...atMargin.map(({ equivalent }) => equivalent));
  const boldT = Math.max(...atMargin.map(({ equivalentByT }) => equivalentByT));
  const range = ({ least, most }: { least: number; most: number }): string =>
    `${percent(least, 1)} to ${percent(most, 1)}`;
  return [
    judged(
      'clustered',
      `Rare flips one way (2, 5, 10 %), at least ${MINIMUM_FLIPS} effective ones`,
      `${range(kept)} (${enough.length} designs, ± ${percent(ERROR, 1)})`,
      'at least 93 % within 2 errors',
      kept.least >= 0.93 - 2 * ERROR,
    ),
    told('clustered', 'The same with fewer', `${range(rare)} (${few.length} designs)`),
    told('clustered', 'All of them by Student’s t around the mean difference', range(student)),
    judged(
      'clustered',
      `Called equivalent within ±5 points when 5 % flip one way (${AT_MARGIN.length} designs)`,
      `at most ${percent(bold, 1)} ± ${percent(ERROR, 1)}`,
      'at most 5 % within 2 errors',
      bold <= 0.05 + 2 * ERROR,
    ),
    told('clustered', 'The same by two one-sided t tests', `at most ${percent(boldT, 1)}`),
  ];
}

/** Where the true difference lies on the margin, and enough clusters that equivalence can be shown at all. */
const AT_MARGIN: readonly Flips[] = [
  ...DESIGNS.filter(({ share, perCluster }) => share === MARGIN && perCluster === 1),
  { clusters: 200, perCluster: 3, share: MARGIN },
];

function measure({ clusters, perCluster, share }: Flips): {
  readonly flips: number;
  readonly tango: number;
  readonly student: number;
  readonly equivalent: number;
  readonly equivalentByT: number;
} {
  const random = seededRandom(31 * clusters + 7 * perCluster + Math.round(1000 * share));
  const owners = Uint32Array.from({ length: clusters * perCluster }, (_, pair) =>
    Math.floor(pair / perCluster),
  );
  const shared = perCluster === 1 ? 0 : SHARED;
  let [tango, student, equivalent, byT] = [0, 0, 0, 0];
  for (let draw = 0; draw < DRAWS; draw++) {
    let common = 0;
    const differences = Float64Array.from(owners, (_, pair) => {
      if (pair % perCluster === 0) common = random.next() < share ? 1 : 0;
      return random.next() < shared ? common : random.next() < share ? 1 : 0;
    });
    const interval = clusteredPairsInterval(differences, owners);
    if (interval !== null && interval.low <= share && share <= interval.high) tango++;
    const { mean, error, low, high } = clusteredMean(differences, owners);
    if (low !== null && high !== null && low <= share && share <= high) student++;
    if ((clusteredPairsEquivalence(differences, owners, MARGIN) ?? 1) <= 0.05) equivalent++;
    if (error !== null && error > 0 && equivalenceP(mean, error, clusters - 1, MARGIN) <= 0.05) byT++;
  }
  // Two pairs of a cluster are both its own flip with the chance of sharing, squared.
  const designEffect = 1 + (perCluster - 1) * shared ** 2;
  return {
    flips: (clusters * perCluster * share) / designEffect,
    tango: tango / DRAWS,
    student: student / DRAWS,
    equivalent: equivalent / DRAWS,
    equivalentByT: byT / DRAWS,
  };
}
