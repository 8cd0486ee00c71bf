import { type Random, seededRandom } from '../../../core/random.ts';
import type { InstrumentTable } from '../../../results/outcomes/table.ts';
import { bandsOf } from '../../../results/series/bands.ts';
import { normalQuantile } from '../../../results/statistics/distributions.ts';
import { MaxT } from '../../../results/statistics/max-t.ts';
import { clopperPearsonInterval } from '../../../results/statistics/proportion.ts';
import type { RandomSource } from '../../../results/statistics/sign-flip.ts';
import type { MetricSpec } from '../../../suites/task.ts';
import { extremes, judged, percent, type Row, told } from './row.ts';

/** A made-up series: a start and six later steps whose values grow out of each other. */
interface Design {
  readonly what: string;
  readonly clusters: number;
  readonly perCluster: number;
  readonly binary: boolean;
  /** What the later steps really differ by from the start. */
  readonly truth: readonly number[];
  /** One sample's values at all points; `shared` is a source that the samples of its cluster have in common. */
  readonly draw: (random: Random, shared: RandomSource) => number[];
  /** Effective flips that the step with the fewest is expected to have; null for graded values. */
  readonly flips: number | null;
}

const STEPS = 6;
const RUNS = 1_000;
/** As for effects: with fewer flips there is too little to tell an interval by. */
const MINIMUM_FLIPS = 10;
/** A sample takes what its cluster has in common this often. */
const SHARED = 0.3;

/** Whether bands hold at all steps at once, and whether they see a first step where there is none. */
export function seriesRows(): Row[] {
  const measure = (designs: readonly Design[]): Measured[] =>
    designs.map((design) => ({ ...design, ...tallyOf(design) }));
  // Student's t does not know where 0 is, so scores without a drift stand for all of them.
  const scores = measure(
    [12, 30, 100].flatMap((clusters) => [walk(clusters, 1, 'normal'), walk(clusters, 3, 'normal')]),
  );
  const skewed = measure([30, 100].map((clusters) => walk(clusters, 1, 'skewed')));
  const common = measure([redrawn(50, 1, 0.3, 0.05), redrawn(50, 3, 0.3, 0.05), redrawn(150, 1, 0.3, 0.05)]);
  const rare = measure([100, 300, 600].map((clusters) => ratchet(clusters, 0.02)));
  const still = measure([0.02, 0.3].flatMap((rate) => [redrawn(50, 3, rate, 0), redrawn(150, 1, rate, 0)]));
  return [
    coverageRow('Scores over six steps, normal (12, 30, 100 clusters)', scores),
    toldRow('The same, skewed (exponential; 30, 100 clusters)', skewed),
    coverageRow('Values of 0 and 1 at 30 % over six steps (50, 150 clusters)', common),
    coverageRow(
      `Rare flips one way (2 % more at every step), at least ${MINIMUM_FLIPS} at the first step`,
      rare.filter(({ flips }) => (flips ?? 0) >= MINIMUM_FLIPS),
    ),
    toldRow(
      'The same with fewer',
      rare.filter(({ flips }) => (flips ?? 0) < MINIMUM_FLIPS),
    ),
    firstStepRow('A first step found where there is none, scores', scores),
    firstStepRow('The same, rates of 2 and 30 %', still),
  ];
}

/** Graded values that wander from step to step. */
function walk(clusters: number, perCluster: number, what: 'normal' | 'skewed'): Design {
  const noise = (random: RandomSource): number =>
    what === 'normal' ? normalQuantile(random.next() + 2 ** -33) : -Math.log(1 - random.next()) - 1;
  return {
    what,
    clusters,
    perCluster,
    binary: false,
    flips: null,
    truth: Array.from({ length: STEPS }, () => 0),
    draw(random, shared) {
      const values = [0];
      for (let step = 0; step < STEPS; step++) {
        const own = Math.sqrt(1 - SHARED) * noise(random) + Math.sqrt(SHARED) * noise(shared);
        values.push((values.at(-1) as number) + own);
      }
      return values;
    },
  };
}

/** Values of 0 and 1: each step keeps the one before two times in three and otherwise draws anew, at a rate that rises. */
function redrawn(clusters: number, perCluster: number, rate: number, rise: number): Design {
  const rates = Array.from({ length: STEPS + 1 }, (_, step) => rate + rise * Math.min(1, step));
  return {
    what: 'binary',
    clusters,
    perCluster,
    binary: true,
    flips: null,
    truth: rates.slice(1).map((each) => each - rate),
    draw(random, shared) {
      // A start of its own, so that the mean of every step is its rate whatever was kept.
      let latent = 0;
      return rates.map((each, step) => {
        const [fresh, common] = [random.next(), shared.next()];
        const isShared = random.next() < SHARED;
        if (step === 0 || random.next() < 1 / 3) latent = isShared ? common : fresh;
        return latent < each ? 1 : 0;
      });
    },
  };
}

/** Values of 0 and 1 that can only be lost: a share of all samples more at every step. */
function ratchet(clusters: number, share: number): Design {
  return {
    what: 'rare',
    clusters,
    perCluster: 1,
    binary: true,
    flips: clusters * share,
    truth: Array.from({ length: STEPS }, (_, step) => -share * (step + 1)),
    draw(random) {
      const lostAt = random.next();
      return Array.from({ length: STEPS + 1 }, (_, step) => (lostAt < share * step ? 0 : 1));
    },
  };
}

type Measured = Design & Tally;

/** Shares of runs. */
interface Tally {
  /** The band holds every true difference at once. */
  readonly covered: number;
  /** Some step's band excludes 0. */
  readonly found: number;
}

function tallyOf(design: Design): Tally {
  const { clusters, perCluster, binary, truth, draw } = design;
  const random = seededRandom(
    101 * clusters + 13 * perCluster + Math.round(1e4 * (truth[0] as number)) + (binary ? 7 : 0),
  );
  const table = tableOf(clusters, perCluster);
  const units = Uint32Array.from({ length: table.units }, (_, unit) => unit);
  let [covered, found] = [0, 0];
  for (let run = 0; run < RUNS; run++) {
    const sides = Array.from({ length: STEPS + 1 }, () => new Float64Array(table.units));
    for (let cluster = 0; cluster < clusters; cluster++) {
      const common = Array.from({ length: STEPS + 1 }, () => random.next());
      for (let sample = 0; sample < perCluster; sample++) {
        const values = draw(random, replayed(common));
        for (const [step, side] of sides.entries())
          side[cluster * perCluster + sample] = values[step] as number;
      }
    }
    const [start, ...later] = sides as [Float64Array, ...Float64Array[]];
    const { intervals } = bandsOf({ table, spec: specOf(binary), units, start, later }, maxT(run));
    // Where no step moves there is no band: nothing is claimed, and nothing counts as covered.
    const holds = intervals.every(
      (band, step) =>
        band !== null && band.low <= (truth[step] as number) && (truth[step] as number) <= band.high,
    );
    if (holds) covered++;
    if (intervals.some((band) => band !== null && (band.low > 0 || band.high < 0))) found++;
  }
  return { covered: covered / RUNS, found: found / RUNS };
}

/** The same numbers again for every sample of a cluster. */
function replayed(numbers: readonly number[]): { next(): number } {
  let place = 0;
  return { next: () => numbers[place++] as number };
}

function tableOf(clusters: number, perCluster: number): InstrumentTable {
  const units = clusters * perCluster;
  return {
    units,
    samples: Array.from({ length: units }, (_, unit) => `s${unit}`),
    repeats: new Uint32Array(units),
    clusters: Uint32Array.from({ length: units }, (_, unit) => Math.floor(unit / perCluster)),
    clusterNames: Array.from({ length: clusters }, (_, cluster) => `c${cluster}`),
    strata: Array.from({ length: units }, () => ({})),
    columns: new Map(),
  };
}

function specOf(binary: boolean): MetricSpec {
  return {
    key: 'value',
    label: 'value',
    range: binary ? [0, 1] : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    unit: binary ? 'share' : 'score',
    direction: 'higher-is-better',
    binary,
    chance: null,
    counts: {},
    fold: 'mean',
  };
}

/**
 * Draws of their own for every run: a quantile of few of them is right on average over runs (the 950th of 999), while the
 * same few for all runs would err the same way in all of them. The reports take more.
 */
function maxT(run: number): MaxT {
  return new MaxT(7_919 + run, 999);
}

const ERROR = Math.sqrt((0.05 * 0.95) / RUNS);

function coverageRow(what: string, found: readonly Measured[]): Row {
  const { least, most } = extremes(found.map(({ covered }) => covered));
  const designs = found.length === 1 ? 'one design' : `${found.length} designs`;
  return judged(
    'series',
    what,
    `${percent(least, 1)} to ${percent(most, 1)} (${designs}, ± ${percent(ERROR, 1)})`,
    'at least 93 % within 2 errors',
    least >= 0.93 - 2 * ERROR,
  );
}

function toldRow(what: string, found: readonly Measured[]): Row {
  const { least, most } = extremes(found.map(({ covered }) => covered));
  return told('series', what, `${percent(least, 1)} to ${percent(most, 1)} (${found.length} designs)`);
}

function firstStepRow(what: string, measured: readonly Measured[]): Row {
  const { least, most } = extremes(measured.map(({ found }) => found));
  const { low } = clopperPearsonInterval(Math.round(most * RUNS), RUNS, 0.98);
  return judged(
    'series',
    what,
    `${percent(least, 1)} to ${percent(most, 1)} (${measured.length} designs), surely above ${percent(low, 1)}`,
    '99 % lower bound at most 5 %',
    low <= 0.05,
  );
}
