import { seededRandom } from '../../../core/random.ts';
import { normalQuantile } from '../../../results/statistics/distributions.ts';
import { judged, percent, type Row, share } from './row.ts';
import { type SyntheticChild, type SyntheticTask, syntheticRun } from './synthetic-run.ts';

/** Single samples and clusters, middling and low rates. */
const TASKS: readonly SyntheticTask[] = [
  { name: 'truthfulness/single', samples: 200, perCluster: 1, rate: 0.3, spread: 0.05 },
  { name: 'fairness/clustered', samples: 400, perCluster: 4, rate: 0.5, spread: 0.1 },
  { name: 'privacy/clustered', samples: 200, perCluster: 2, rate: 0.7, spread: 0.05 },
  { name: 'harm/single', samples: 200, perCluster: 1, rate: 0.4, spread: 0.05 },
];
const METHODS = ['dpo', 'ppo'] as const;
const SEEDS = 3;
const TESTS = METHODS.length * TASKS.length;
const RUNS = 300;
/** Standard deviation of the effect between training seeds. */
export const SEED_SPREADS = [0, 0.03, 0.1] as const;

/**
 * Two methods of three training seeds each that move nothing on average: every training run adds its own amount to the
 * rates of every task. How many runs then have any verdict of a method in the overview.
 */
export async function seedFamilyRows(spread: number): Promise<Row[]> {
  let [hits, tests] = [0, 0];
  for (let run = 0; run < RUNS; run++) {
    const seed = 90_000 + 1_000 * Math.round(100 * spread) + run;
    const { effects, relations, families } = await syntheticRun(TASKS, [], seed, childrenOf(spread, seed));
    const shown = [...relations.methods, ...effects].filter(({ family }) => family === 'primary');
    if (shown.length !== TESTS || families.primary.tests !== TESTS)
      throw new Error(`${shown.length} tests in the overview instead of ${TESTS}`);
    tests = shown.length;
    if (shown.some(({ verdict }) => verdict === 'improved' || verdict === 'worsened')) hits++;
  }
  const found = hits / RUNS;
  const low = found - normalQuantile(0.99) * Math.sqrt((found * (1 - found)) / RUNS);
  return [
    judged(
      'families',
      `Any verdict on a method over ${SEEDS} seeds that moves nothing, ${percent(spread, 0)} between seeds (${tests} tests)`,
      `${share(hits, RUNS)} of ${RUNS} runs, lower bound ${percent(Math.max(0, low), 1)}`,
      '99 % lower bound at most 5 %',
      low <= 0.05,
    ),
  ];
}

/** Shifts are cut at two deviations, where rates stay between 0 and 1, so that their mean is 0. */
function childrenOf(spread: number, seed: number): SyntheticChild[] {
  const random = seededRandom(seed + 7);
  const shift = (): number => {
    for (;;) {
      const z = normalQuantile(Math.max(1e-12, random.next()));
      if (Math.abs(z) < 2) return spread * z;
    }
  };
  return METHODS.flatMap((method) =>
    Array.from({ length: SEEDS }, (_, index) => ({
      id: `${method}-${index + 1}`,
      method,
      seed: index + 1,
      shift: new Map(TASKS.map(({ name }) => [name, shift()])),
    })),
  );
}
