import { type Random, seededRandom } from '../../../core/random.ts';
import { normalQuantile } from '../../../results/statistics/distributions.ts';
import { poolRandomEffects } from '../../../results/statistics/pooling.ts';
import { rankSets } from '../../../results/statistics/ranks.ts';
import { methodEffectOverSeeds } from '../../../results/statistics/seed-variance.ts';
import { judged, type Row, share } from './row.ts';

/** Effects of a method over its seeds: all seeds share their items. */
export function seedRows(): Row[] {
  return [3, 5, 10].flatMap((seeds) =>
    [0, 0.05, 0.15].map((spread) => {
      const random = seededRandom(100 * seeds + Math.round(100 * spread));
      const draws = 2_000;
      let hits = 0;
      for (let draw = 0; draw < draws; draw++) {
        const items = Array.from({ length: 100 }, () => 0.3 * normal(random));
        const differences = Array.from({ length: seeds }, () => {
          const own = spread * normal(random);
          return items.map((item) => item + own + 0.4 * normal(random));
        });
        const { low, high } = methodEffectOverSeeds({ differences, clusters: [...items.keys()] });
        if (low !== null && high !== null && low <= 0 && high >= 0) hits++;
      }
      const what = `Method over ${seeds} seeds, 100 shared items, ${spread} between seeds`;
      return judged(
        'methods',
        what,
        share(hits, draws),
        '92 to 98 % within Monte-Carlo error',
        within(hits / draws, 0.92, 0.98, draws),
      );
    }),
  );
}

/** Paule-Mandel with Hartung-Knapp over few base families. */
export function poolingRows(): Row[] {
  return [3, 5, 10].flatMap((families) =>
    [0, 0.05].map((tau) => {
      const random = seededRandom(10 * families + Math.round(100 * tau));
      const draws = 5_000;
      let hits = 0;
      for (let draw = 0; draw < draws; draw++) {
        const effects = Array.from({ length: families }, () => {
          const error = 0.02 + 0.02 * random.next();
          return { estimate: tau * normal(random) + error * normal(random), variance: error ** 2 };
        });
        const { low, high } = poolRandomEffects(effects);
        if (low !== null && high !== null && low <= 0 && high >= 0) hits++;
      }
      const what = `Mean over ${families} base families, ${tau} between them`;
      return judged(
        'methods',
        what,
        share(hits, draws),
        'at least 93 % within Monte-Carlo error',
        within(hits / draws, 0.93, 1, draws),
      );
    }),
  );
}

/** All true ranks in their sets at once; equal rates are the hardest case. */
export function rankRows(): Row[] {
  const cases = [
    { rates: [0.3, 0.3, 0.3, 0.3, 0.3], clusters: 30, perCluster: 3 },
    { rates: [0.05, 0.05, 0.05, 0.05, 0.05, 0.05], clusters: 200, perCluster: 1 },
    { rates: [0.2, 0.25, 0.3, 0.3, 0.5], clusters: 100, perCluster: 2 },
  ];
  return cases.map(({ rates, clusters, perCluster }, index) => {
    const random = seededRandom(900 + index);
    const draws = 1_500;
    let hits = 0;
    for (let draw = 0; draw < draws; draw++) {
      const owners = Array.from({ length: clusters * perCluster }, (_, sample) =>
        Math.floor(sample / perCluster),
      );
      const ease = owners.map(() => 0);
      for (let cluster = 0; cluster < clusters; cluster++) ease[cluster] = 0.5 + random.next();
      const values = rates.map((rate) =>
        owners.map((cluster) => (random.next() < rate * (ease[cluster] as number) ? 1 : 0)),
      );
      const input = { values, clusters: owners, direction: 'higher-is-better' as const };
      if (allInside(rates, rankSets(input, seededRandom(draw), { draws: 499 }).ranks)) hits++;
    }
    const what = `Ranks of ${rates.length} checkpoints at rates ${rates.join(', ')}, ${clusters} clusters`;
    return judged(
      'methods',
      what,
      share(hits, draws),
      'at least 95 % within Monte-Carlo error',
      within(hits / draws, 0.95, 1, draws),
    );
  });
}

function allInside(
  rates: readonly number[],
  ranks: readonly { readonly best: number; readonly worst: number }[],
): boolean {
  return rates.every((rate, item) => {
    const better = rates.filter((other) => other > rate).length;
    const equal = rates.filter((other) => other === rate).length;
    const { best, worst } = ranks[item] as { best: number; worst: number };
    return best <= better + 1 && worst >= better + equal;
  });
}

/** Within the bounds, give or take 2.58 Monte-Carlo errors (99 %). */
function within(found: number, least: number, most: number, draws: number): boolean {
  const reach = 2.58 * Math.sqrt((0.05 * 0.95) / draws);
  return found >= least - reach && found <= most + reach;
}

function normal(random: Random): number {
  return normalQuantile(Math.max(random.next(), 2 ** -33));
}
