import { seededRandom } from '../../../core/random.ts';
import { newcombeInterval, tangoInterval } from '../../../results/statistics/paired-proportion.ts';
import {
  clopperPearsonInterval,
  type Interval,
  wilsonInterval,
} from '../../../results/statistics/proportion.ts';
import {
  binomialCoverage,
  intervalsOf,
  newcombeCoverage,
  type PairLaw,
  pairLaw,
  TangoCoverage,
} from './enumeration.ts';
import { extremes, judged, percent, type Row, share, told } from './row.ts';

const SIZES = [50, 200, 1000];
const RATES = Array.from({ length: 97 }, (_, index) => (index + 2) / 100);
const FINE_RATES = Array.from({ length: 1921 }, (_, index) => 0.02 + index / 2000);
const DRAWS = 20_000;

/** Wilson and Clopper-Pearson at every rate .02, .03 … .98, and between them. */
export function singleProportions(): Row[] {
  return SIZES.flatMap((n) => {
    const wilson = intervalsOf(n, wilsonInterval);
    const exact = intervalsOf(n, clopperPearsonInterval);
    const [named, between] = [RATES, FINE_RATES].map((rates) =>
      extremes(rates.map((p) => binomialCoverage(wilson, p))),
    ) as [Extremes, Extremes];
    const lowest = extremes(FINE_RATES.map((p) => binomialCoverage(exact, p))).least;
    return [
      averageRow(`Wilson, n = ${n}, rates .02, .03 … .98`, named),
      told('proportions', `Wilson, n = ${n}, every .0005 between`, `lowest ${percent(between.least)}`),
      judged(
        'proportions',
        `Clopper-Pearson, n = ${n}`,
        `lowest ${percent(lowest)}`,
        'never under 95 %',
        lowest >= 0.95,
      ),
      ...[0.02, 0.3].flatMap((p) => [
        simulated(`Wilson, n = ${n}, rate ${p}`, binomialCoverage(wilson, p), n, p, wilsonInterval),
        simulated(
          `Clopper-Pearson, n = ${n}, rate ${p}`,
          binomialCoverage(exact, p),
          n,
          p,
          clopperPearsonInterval,
        ),
      ]),
    ];
  });
}

/** Tango's and Newcombe's intervals over pairs of rates from .02 to .98 and three correlations of the sides. */
export function tangoRows(): Row[] {
  return SIZES.flatMap((n) => {
    const coverage = new TangoCoverage(n);
    return [
      averageRow(`Tango, n = ${n}, ${LAWS.length} designs`, extremes(LAWS.map((law) => coverage.of(law)))),
      ...CHECKED.map((law) => simulatedPairs(`Tango, n = ${n}`, coverage.of(law), n, law, tangoInterval)),
    ];
  });
}

/** Enumeration costs n³: at 200 and 1000 a part of the designs, evenly taken. */
const NEWCOMBE_STEPS: Readonly<Record<number, number>> = { 50: 1, 200: 4, 1000: 18 };

export function newcombeRows(n: number): Row[] {
  const laws = LAWS.filter((_, index) => index % (NEWCOMBE_STEPS[n] ?? 1) === 0);
  return [
    averageRow(
      `Newcombe, n = ${n}, ${laws.length} designs`,
      extremes(laws.map((law) => newcombeCoverage(n, law))),
    ),
    ...CHECKED.map((law) =>
      simulatedPairs(`Newcombe, n = ${n}`, newcombeCoverage(n, law), n, law, newcombeInterval),
    ),
  ];
}

type Extremes = ReturnType<typeof extremes>;

const PAIR_RATES = [0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.98];
const LAWS = PAIR_RATES.flatMap((before) =>
  PAIR_RATES.flatMap((after) =>
    [0, 0.3, 0.6].flatMap((phi) => {
      const law = pairLaw(before, after, phi);
      return law === null ? [] : [law];
    }),
  ),
);
const CHECKED = [pairLaw(0.3, 0.4, 0.3), pairLaw(0.02, 0.05, 0)].filter((law) => law !== null);

function averageRow(what: string, { mean, least }: Extremes): Row {
  const passed = mean >= 0.94 && mean <= 0.965 && least >= 0.92;
  const found = `mean ${percent(mean)}, lowest ${percent(least)}`;
  return judged('proportions', what, found, 'mean 94-96.5 %, never under 92 %', passed);
}

function simulated(
  what: string,
  exact: number,
  n: number,
  p: number,
  method: (successes: number, n: number) => Interval,
): Row {
  const random = seededRandom(n + Math.round(1000 * p));
  let hits = 0;
  for (let draw = 0; draw < DRAWS; draw++) {
    let successes = 0;
    for (let sample = 0; sample < n; sample++) if (random.next() < p) successes++;
    const { low, high } = method(successes, n);
    if (low <= p && p <= high) hits++;
  }
  return agreement(what, exact, hits);
}

function simulatedPairs(
  what: string,
  exact: number,
  n: number,
  law: PairLaw,
  method: typeof tangoInterval,
): Row {
  const random = seededRandom(n + Math.round(1000 * law.gained));
  const truth = law.gained - law.lost;
  let hits = 0;
  for (let draw = 0; draw < DRAWS; draw++) {
    const counts = { both: 0, gained: 0, lost: 0, neither: 0 };
    for (let pair = 0; pair < n; pair++) counts[kindOf(random.next(), law)]++;
    const { low, high } = method(counts);
    if (low <= truth && truth <= high) hits++;
  }
  return agreement(`${what}, difference ${truth.toFixed(2)}`, exact, hits);
}

function kindOf(uniform: number, { both, gained, lost }: PairLaw): keyof PairLaw {
  if (uniform < both) return 'both';
  if (uniform < both + gained) return 'gained';
  return uniform < both + gained + lost ? 'lost' : 'neither';
}

/** The simulated coverage of the shipped function against the enumeration of it. */
function agreement(what: string, exact: number, hits: number): Row {
  const error = Math.sqrt((exact * (1 - exact)) / DRAWS);
  const found = `${share(hits, DRAWS)} simulated, ${percent(exact)} enumerated`;
  return judged(
    'proportions',
    what,
    found,
    'equal within 4 errors',
    Math.abs(hits / DRAWS - exact) <= 4 * error + 1e-6,
  );
}
