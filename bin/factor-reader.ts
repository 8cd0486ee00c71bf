import type { Definition } from '../benchmarks/definition/definition.ts';
import type { OutcomeRecord } from '../benchmarks/journal/records.ts';
import type { ProfileSummary } from '../results/profile/profile-summary.ts';
import type { SummaryTaskInput } from '../results/summarise.ts';
import type { Summary } from '../results/summary.ts';

/** What reads the factors of preference along with a run's outcomes. */
export interface FactorReader {
  /** Passes outcomes on and keeps what their details say of factors. */
  tap(outcomes: AsyncIterable<OutcomeRecord>): AsyncIterable<OutcomeRecord>;
  profileOf(summary: Summary): ProfileSummary;
}

/** The reader of a run that asked about factors; undefined for all other runs, which then load nothing of it. */
export async function factorReader(
  { checkpoints, settings }: Definition,
  tasks: readonly SummaryTaskInput[],
): Promise<FactorReader | undefined> {
  const instruments = tasks.filter(({ facts }) => facts.family === 'profile').map(({ facts }) => facts.task);
  if (instruments.length === 0) return undefined;
  const { ProfileCollector } = await import('../results/profile/collect.ts');
  const { profileSummary } = await import('../results/profile/summarise-profile.ts');
  const { allFactors, LENGTH_FACTOR } = await import('../suites/profile/all-factors.ts');
  const keys = new Set(
    tasks.flatMap(({ facts, metrics }) => (facts.family === 'profile' ? metrics.map(({ key }) => key) : [])),
  );
  const factors = allFactors().filter(({ key }) => keys.has(key));
  const collector = new ProfileCollector({
    instruments,
    checkpoints: checkpoints.map(({ id }) => id),
    factors: factors.map(({ key }) => key),
    lengthFactor: LENGTH_FACTOR,
  });
  return {
    tap: (outcomes) => collector.tap(outcomes),
    profileOf: ({ effects, checkpoints: known }) =>
      profileSummary(collector.collected(), {
        factors: factors.map(({ key, label, level1, level2, unit }) => ({
          key,
          label,
          level1,
          level2,
          unit,
        })),
        lengthFactor: LENGTH_FACTOR,
        checkpoints: known,
        effects,
        seed: settings.seed,
      }),
  };
}
