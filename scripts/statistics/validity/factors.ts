import { deriveSeed, type Random, seededRandom } from '../../../core/random.ts';
import { normalQuantile } from '../../../results/statistics/distributions.ts';
import {
  PromptResamples,
  replicateInterval,
  subtracted,
} from '../../../results/statistics/factor-bootstrap.ts';
import type { FactorPairs } from '../../../results/statistics/factor-pairs.ts';
import {
  type FactorTools,
  type ScoredFactors,
  scoreFactors,
} from '../../../results/statistics/factor-table.ts';
import { SignPatterns } from '../../../results/statistics/sign-flip.ts';
import { judged, percent, type Row, share, told } from './row.ts';

/**
 * Recovery of planted factors: simulated raters with known weights, 100 prompts. What a rater's τ14 truly is, is counted
 * on 200,000 pairs of the same design.
 */
const PROMPTS = 100;
const RUNS = 1000;
const DRAWS = 1000;
const TRUTH_PROMPTS = 40_000;
/** A score of this size must have its sign found. */
const STRONG = 0.2;

/** Log-odds per standard deviation of each factor's difference; the last says nothing. */
const PEOPLE = [1.2, -0.7, 0.45, 0.8, 0];
const MODEL = [0.4, -1.4, 0.45, -0.6, 0];

interface Design {
  readonly name: string;
  /** Share of pairs that do not differ in a factor, and of preferences that are ties. */
  readonly factorTies: number;
  readonly preferenceTies: number;
  make(prompts: number, random: Random, design: Design): Rated;
  readonly pairs: number;
}

interface Rated {
  readonly pairs: FactorPairs;
  /** One or two raters of the same pairs. */
  readonly raters: readonly Int8Array[];
}

const DESIGNS: readonly Design[] = [
  { name: 'one pair a prompt', pairs: 1, factorTies: 0, preferenceTies: 0, make: chosen },
  {
    name: 'one pair a prompt, 40 % of factors and 10 % of preferences tied',
    pairs: 1,
    factorTies: 0.4,
    preferenceTies: 0.1,
    make: chosen,
  },
  { name: 'four dependent pairs a prompt', pairs: 4, factorTies: 0.2, preferenceTies: 0.1, make: chosen },
  { name: 'five written responses a prompt', pairs: 10, factorTies: 0, preferenceTies: 0, make: written },
];

export function factorRows(): Row[] {
  return DESIGNS.flatMap(rowsOf);
}

function rowsOf(design: Design): Row[] {
  const truth = trueScores(design);
  const found = tallies();
  for (let run = 0; run < RUNS; run++) tally(design, truth, run, found);
  const what = (text: string): string => `${text}, ${design.name}`;
  const bound = '93 to 97 % within Monte-Carlo error';
  const coverage = ({ hits, all }: Count): boolean => within(hits / all, 0.93, 0.97, RUNS);
  const worst = found.byScore.reduce((least, one) =>
    one.hits / one.all < least.hits / least.all ? one : least,
  );
  const strong = found.byScore.filter((one) => Math.abs(one.truth) >= STRONG);
  const weakest = strong.reduce((least, one) => (one.signs.hits < least.signs.hits ? one : least));
  const rows = [
    judged(
      'factors',
      what(`Sign of τ14 found, of ${strong.length} scores that are truly ±${STRONG} or more`),
      `lowest ${share(weakest.signs.hits, weakest.signs.all)} (true τ14 ${weakest.truth.toFixed(2)})`,
      'each at least 95 %',
      weakest.signs.hits >= 0.95 * weakest.signs.all,
    ),
    judged(
      'factors',
      what('Intervals of τ14'),
      percent(found.coverage.hits / found.coverage.all, 1),
      bound,
      coverage(found.coverage),
    ),
    told(
      'factors',
      what(`The lowest of them, true τ14 ${worst.truth.toFixed(2)}`),
      share(worst.hits, worst.all),
    ),
    judged(
      'factors',
      what('p ≤ .05 of the factor without weight'),
      share(found.empty.hits, found.empty.all),
      'at most 5 % within Monte-Carlo error',
      within(found.empty.hits / found.empty.all, 0, 0.05, RUNS),
    ),
  ];
  if (found.differences.all === 0) return rows;
  const differences = judged(
    'factors',
    what('Intervals of the difference of two raters'),
    percent(found.differences.hits / found.differences.all, 1),
    bound,
    coverage(found.differences),
  );
  return [...rows, differences];
}

interface Count {
  hits: number;
  all: number;
}

const none = (): Count => ({ hits: 0, all: 0 });

function tallies() {
  const byScore: (Count & { readonly truth: number; readonly signs: Count })[] = [];
  return { coverage: none(), empty: none(), differences: none(), byScore };
}

function tally(
  design: Design,
  truth: readonly (readonly number[])[],
  run: number,
  found: ReturnType<typeof tallies>,
): void {
  const random = seededRandom(deriveSeed('factors', design.name, run));
  const { pairs, raters } = design.make(PROMPTS, random, design);
  const tools: FactorTools = {
    resamples: new PromptResamples(PROMPTS, random, DRAWS),
    patterns: new SignPatterns(random, 999),
  };
  const scored = raters.map((preference) => scoreFactors(pairs, preference, PROMPTS, tools));
  const last = PEOPLE.length - 1;
  for (const [rater, { scores }] of scored.entries()) {
    for (const [factor, score] of scores.entries()) {
      const real = truth[rater]?.[factor] ?? Number.NaN;
      const place = rater * PEOPLE.length + factor;
      found.byScore[place] ??= { ...none(), truth: real, signs: none() };
      count(found.coverage, covers(score, real));
      count(found.byScore[place], covers(score, real));
      count(found.byScore[place].signs, Math.sign(score.tau14 ?? 0) === Math.sign(real));
      if (factor === last && rater === 0) count(found.empty, (score.p ?? 1) <= 0.05);
    }
  }
  const [one, other] = scored;
  if (one === undefined || other === undefined) return;
  for (let factor = 0; factor < PEOPLE.length; factor++) {
    const real = (truth[1]?.[factor] ?? Number.NaN) - (truth[0]?.[factor] ?? Number.NaN);
    count(found.differences, covers(differenceOf(other, one, factor), real));
  }
}

function count(into: Count, isHit: boolean): void {
  into.all++;
  if (isHit) into.hits++;
}

function covers(
  { low, high }: { readonly low: number | null; readonly high: number | null },
  real: number,
): boolean {
  // Scores are fractions: an end that equals the truth but for rounding covers it.
  return low !== null && high !== null && low <= real + 1e-9 && real - 1e-9 <= high;
}

function differenceOf(one: ScoredFactors, other: ScoredFactors, factor: number) {
  const [a, b] = [one, other].map(({ replicates }) => replicates[factor] as Float64Array);
  return replicateInterval(subtracted(a as Float64Array, b as Float64Array), PROMPTS);
}

function trueScores(design: Design): number[][] {
  const { pairs, raters } = design.make(
    TRUTH_PROMPTS,
    seededRandom(deriveSeed('truth', design.name)),
    design,
  );
  return raters.map((preference, rater) =>
    pairs.differences.map((column, factor) => {
      // Weight 0 and no other way to preference: known without counting.
      if ((rater === 0 ? PEOPLE : MODEL)[factor] === 0) return 0;
      let [sum, all] = [0, 0];
      for (const [pair, said] of preference.entries()) {
        if (said === 0) continue;
        sum += said * Math.sign(column[pair] as number);
        all++;
      }
      return sum / all;
    }),
  );
}

/** Two raters choose between given responses, each with weights of its own that vary from prompt to prompt. */
function chosen(prompts: number, random: Random, { pairs: each, factorTies, preferenceTies }: Design): Rated {
  const n = prompts * each;
  const differences = PEOPLE.map(() => new Float64Array(n));
  const raters = [PEOPLE, MODEL].map(() => new Int8Array(n));
  for (let prompt = 0; prompt < prompts; prompt++) {
    const shared = PEOPLE.map(() => normal(random));
    const own = [PEOPLE, MODEL].map((weights) =>
      weights.map((weight) => weight * (1 + 0.5 * normal(random))),
    );
    for (let pair = prompt * each; pair < (prompt + 1) * each; pair++) {
      const values = shared.map((common) =>
        random.next() < factorTies ? 0 : Math.sqrt(0.3) * common + Math.sqrt(0.7) * normal(random),
      );
      for (const [factor, value] of values.entries()) (differences[factor] as Float64Array)[pair] = value;
      for (const [rater, weights] of own.entries()) {
        const odds = weights.reduce((sum, weight, factor) => sum + weight * (values[factor] as number), 0);
        const says = random.next() < 1 / (1 + Math.exp(-odds)) ? 1 : -1;
        (raters[rater] as Int8Array)[pair] = random.next() < preferenceTies ? 0 : says;
      }
    }
  }
  return { pairs: pairsOf(prompts, each, differences), raters };
}

/** A writer gives responses of requested quality 1 to 5 more or less of each factor. */
function written(prompts: number, random: Random): Rated {
  const n = prompts * 10;
  const differences = PEOPLE.map(() => new Float64Array(n));
  const preference = new Int8Array(n).fill(-1);
  for (let prompt = 0; prompt < prompts; prompt++) {
    const values = PEOPLE.map((weight) => {
      const slope = 0.4 * weight * (1 + normal(random));
      return [1, 2, 3, 4, 5].map((quality) => slope * quality + normal(random));
    });
    let pair = prompt * 10;
    for (let better = 1; better < 5; better++) {
      for (let worse = 0; worse < better; worse++, pair++) {
        for (const [factor, own] of values.entries()) {
          (differences[factor] as Float64Array)[pair] = (own[worse] as number) - (own[better] as number);
        }
      }
    }
  }
  return { pairs: pairsOf(prompts, 10, differences), raters: [preference] };
}

function pairsOf(prompts: number, each: number, differences: readonly Float64Array[]): FactorPairs {
  const n = prompts * each;
  return {
    prompts: Uint32Array.from({ length: n }, (_, pair) => Math.floor(pair / each)),
    differences,
    lengthMatched: new Uint8Array(n),
  };
}

function within(found: number, low: number, high: number, runs: number): boolean {
  const error = 2 * Math.sqrt((0.05 * 0.95) / runs);
  return found >= low - error && found <= high + error;
}

function normal(random: Random): number {
  return normalQuantile((random.next() * 2 ** 32 + 0.5) / 2 ** 32);
}
