import { type Random, seededRandom } from '../../../core/random.ts';
import { bootstrapMean } from '../../../results/statistics/bootstrap.ts';
import { clusteredPairsInterval } from '../../../results/statistics/clustered-pairs.ts';
import { clusteredProportion } from '../../../results/statistics/clustered-proportion.ts';
import { clusteredMean } from '../../../results/statistics/mean.ts';
import { extremes, judged, percent, type Row, told } from './row.ts';

/** Samples in clusters; a sample takes its cluster's own value with some chance, which correlates them. */
interface Design {
  readonly clusters: number;
  readonly perCluster: number;
  /** Sizes from 1 to 2 · perCluster − 1 instead of all equal. */
  readonly uneven: boolean;
  readonly correlation: number;
}

interface Drawn {
  readonly values: Float64Array;
  readonly clusters: Uint32Array;
}

type Bounds = { readonly low: number | null; readonly high: number | null } | null;

const DRAWS = 1_500;
/** As for the bootstrap: fewer independent events than this say too little about a rate. */
const MINIMUM_EVENTS = 10;
const SIZES = [30, 50, 100, 300];

/** Rates, paired differences and scores, with 30 and more clusters. */
export function clusteredRows(clusters: number): Row[] {
  const random = seededRandom(7000 + clusters);
  const designs = [2, 5].flatMap((perCluster) =>
    [0, 0.3].flatMap((correlation) =>
      [false, true].map((uneven) => ({ clusters, perCluster, uneven, correlation })),
    ),
  );
  const rates = designs.flatMap((design) => RATES.map((rate) => rateCase(design, rate, random)));
  const enough = rates.filter(({ events }) => events >= MINIMUM_EVENTS);
  const rare = rates.filter(({ events }) => events < MINIMUM_EVENTS);
  const differences = designs
    .filter((design) => eventsOf(design, 0.3) >= MINIMUM_EVENTS)
    .flatMap((design) =>
      [0, 0.1].map((shift) => coverage(design, flips(0.3, shift, random), shift, tango, random)),
    );
  const exponential = (): number => -Math.log(1 - random.next());
  const scores = designs.map((design) => coverage(design, exponential, 1, student, random));
  const where = `${clusters} clusters`;
  return [
    windowRow(`Rates, ${where}`, enough.map(byWilson)),
    windowRow(`Paired differences of binary values, ${where}`, differences),
    windowRow(`Mean of a skewed score (exponential), ${where}`, scores),
    range(`The same rates by Student’s t around the clustered mean, ${where}`, enough.map(byStudent)),
    range(`Rates with under 10 effective events, ${where}`, rare.map(byWilson)),
    range(`The same by Student’s t, ${where}`, rare.map(byStudent)),
  ].filter((row) => row !== null);
}

const RATES = [0.02, 0.05, 0.1, 0.2, 0.5, 0.8];

interface RateCase {
  readonly events: number;
  readonly wilson: number;
  readonly student: number;
}

const byWilson = ({ wilson }: RateCase): number => wilson;
const byStudent = ({ student: share }: RateCase): number => share;

/** Both intervals on the same draws: the one that the report prints for rates, and the one that it prints for scores. */
function rateCase(design: Design, rate: number, random: Random): RateCase {
  let [wilson, byT] = [0, 0];
  for (let run = 0; run < DRAWS; run++) {
    const sample = drawn(design, () => (random.next() < rate ? 1 : 0), random);
    if (holds(clusteredProportion(sample.values, sample.clusters), rate)) wilson++;
    if (holds(student(sample), rate)) byT++;
  }
  return { events: eventsOf(design, rate), wilson: wilson / DRAWS, student: byT / DRAWS };
}

function tango({ values, clusters }: Drawn): Bounds {
  return clusteredPairsInterval(values, clusters);
}

function student({ values, clusters }: Drawn): Bounds {
  return clusteredMean(values, clusters);
}

function holds(bounds: Bounds, truth: number): boolean {
  if (bounds === null || bounds.low === null || bounds.high === null) return false;
  return bounds.low <= truth && truth <= bounds.high;
}

/** The bootstrap over clusters, percentile and BCa. */
export function bootstrapRows(): Row[] {
  const design: Design = { clusters: 50, perCluster: 3, uneven: true, correlation: 0.3 };
  return (['percentile', 'bca'] as const).map((method) => {
    const random = seededRandom(4242);
    const interval = ({ values, clusters }: Drawn): Bounds =>
      bootstrapMean(values, clusters, random, { method, draws: 999 });
    const found = coverage(design, () => -Math.log(1 - random.next()), 1, interval, random, 1_000);
    return told(
      'clustered',
      `Bootstrap (${method}) of the same skewed score, 50 clusters`,
      percent(found, 1),
    );
  });
}

export { SIZES as CLUSTER_SIZES };

function coverage(
  design: Design,
  draw: () => number,
  truth: number,
  method: (drawn: Drawn) => Bounds,
  random: Random,
  draws = DRAWS,
): number {
  let hits = 0;
  for (let run = 0; run < draws; run++) if (holds(method(drawn(design, draw, random)), truth)) hits++;
  return hits / draws;
}

function drawn(
  { clusters, perCluster, uneven, correlation }: Design,
  draw: () => number,
  random: Random,
): Drawn {
  const [values, owners]: [number[], number[]] = [[], []];
  for (let cluster = 0; cluster < clusters; cluster++) {
    const shared = draw();
    const size = uneven ? 1 + random.integer(2 * perCluster - 1) : perCluster;
    for (let sample = 0; sample < size; sample++) {
      values.push(random.next() ** 2 < correlation ? shared : draw());
      owners.push(cluster);
    }
  }
  return { values: Float64Array.from(values), clusters: Uint32Array.from(owners) };
}

/** Paired differences of binary values: +1, −1 or 0. */
function flips(discordance: number, shift: number, random: Random): () => number {
  return () => {
    const uniform = random.next();
    if (uniform < (discordance + shift) / 2) return 1;
    return uniform < discordance ? -1 : 0;
  };
}

/** Rarer outcomes expected, over the design effect. */
function eventsOf({ clusters, perCluster, uneven, correlation }: Design, rate: number): number {
  // Sizes 1 … 2m − 1 have mean m and mean square m² + (m² − m)/3.
  const size = uneven ? perCluster + (perCluster - 1) / 3 : perCluster;
  const events = clusters * perCluster * Math.min(rate, 1 - rate);
  return events / (1 + (size - 1) * correlation);
}

function windowRow(what: string, found: readonly number[]): Row {
  const { least: low, most, mean } = extremes(found);
  const error = Math.sqrt((0.05 * 0.95) / DRAWS);
  const passed = low >= 0.93 - 2 * error && most <= 0.97 + 2 * error;
  const text = `${percent(low, 1)} to ${percent(most, 1)}, mean ${percent(mean, 1)} (${found.length} designs, ± ${percent(error, 1)})`;
  return judged('clustered', what, text, '93 to 97 % within 2 errors', passed);
}

function range(what: string, found: readonly number[]): Row | null {
  if (found.length === 0) return null;
  const { least, most } = extremes(found);
  return told('clustered', what, `${percent(least, 1)} to ${percent(most, 1)} (${found.length} designs)`);
}
