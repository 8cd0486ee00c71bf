import type { OutcomeRecord } from '../../../benchmarks/journal/records.ts';
import type { JsonObject } from '../../../core/json.ts';
import { type CollectOptions, collectProfile } from '../../../results/profile/collect.ts';
import type { FactorFacts, ProfileSummary } from '../../../results/profile/profile-summary.ts';
import { type ProfileOptions, profileSummary } from '../../../results/profile/summarise-profile.ts';

export { checkpoint } from '../support/synthetic.ts';

export const EVALUATION = 'profile/evaluation@pairs:robust';
export const GENERATION = 'profile/generation@pairs:robust';

export function factor(key: string, level2: string | null): FactorFacts {
  return { key, label: key, level1: 'form', level2, unit: 'share' };
}

export function record(
  checkpointId: string,
  instrument: string,
  sample: string,
  cluster: string,
  detail: JsonObject | null,
  rest: Partial<OutcomeRecord> = {},
): OutcomeRecord {
  return {
    checkpoint: checkpointId,
    instrument,
    sample,
    cluster,
    strata: {},
    repeat: 0,
    outcome:
      detail === null ? { kind: 'unscored', reason: 'unparsed' } : { kind: 'scored', values: {}, detail },
    answers: [],
    content: null,
    ...rest,
  };
}

export async function* streamed(records: readonly OutcomeRecord[]): AsyncGenerator<OutcomeRecord> {
  yield* records;
}

export async function summaryOf(
  records: readonly OutcomeRecord[],
  {
    factors,
    checkpoints,
    lengthFactor = 'length',
    ...rest
  }: Partial<ProfileOptions> & Pick<ProfileOptions, 'factors' | 'checkpoints'>,
  instruments: CollectOptions['instruments'] = [EVALUATION, GENERATION],
): Promise<ProfileSummary> {
  const collected = await collectProfile(streamed(records), {
    instruments,
    checkpoints: checkpoints.map(({ id }) => id),
    factors: factors.map(({ key }) => key),
    lengthFactor,
  });
  return profileSummary(collected, {
    factors,
    checkpoints,
    lengthFactor,
    effects: [],
    seed: 1,
    draws: 200,
    ...rest,
  });
}
