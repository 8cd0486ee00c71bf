import type { Answer, MetricSpec, ReadOutcome, Sample, Task } from '../task.ts';
import {
  betaFreeMargin,
  displacement,
  preference,
  preferencePerUnit,
  rewardPreference,
} from './measures/preference.ts';
import { asShare, inNats } from './metrics.ts';
import { pairSamples } from './pair-items.ts';
import { askPair, type MeasuredPair, measuredPair, tokensOf } from './pair-scores.ts';
import { ownPairRow } from './rows.schema.ts';

const MARGIN = inNats(
  'margin',
  'implicit reward margin over β: how much more the chosen answer gained on the reference',
);

const METRICS: readonly MetricSpec[] = [
  MARGIN,
  asShare('reward_accuracy', 'chosen answer gained more than the rejected one', 'strict'),
  asShare('reward_accuracy_ties', 'the same, a tie counting half', 'half-ties'),
  asShare('preferred', 'chosen answer more likely', 'strict'),
  asShare('preferred_ties', 'the same, a tie counting half', 'half-ties'),
  asShare('preferred_per_token', 'chosen answer more likely per token', 'strict'),
  asShare('preferred_per_byte', 'chosen answer more likely per byte', 'strict'),
  inNats('chosen_shift', 'change of the log-probability of the chosen answer since the reference'),
  inNats('rejected_shift', 'change of the log-probability of the rejected answer since the reference'),
  asShare('displaced', 'margin above 0 while the chosen answer became less likely', 'strict'),
];

/** What the tasks over preference pairs share. */
export const PAIRS = {
  dimension: 'dynamics',
  family: 'dynamics',
  needs: ['score'],
  roles: { reference: ['score'] },
  datasets: ['zoo-profile', 'hh-rlhf-pairs'],
  ownRows: ownPairRow,
  presets: ['robust'],
  cluster: 'prompt',
  ask: askPair,
} as const satisfies Partial<Task>;

/** Everything that pairs say of a checkpoint beside its reference without any β. */
export const pairs: Task = {
  ...PAIRS,
  name: 'dynamics/pairs',
  version: 2,
  question:
    'Which answer of a preference pair does the checkpoint find more likely, and which one gained on the reference?',
  source: 'after Im & Li 2024, arXiv 2403.18742; margin of Rafailov et al. 2023, arXiv 2305.18290',
  headline: MARGIN,
  metrics: METRICS,
  samples: (dataset) => pairSamples(dataset),
  read: readPair,
};

function readPair(_sample: Sample, answers: readonly Answer[]): ReadOutcome {
  const pair = measuredPair(answers);
  if (typeof pair === 'string') return { kind: 'unscored', reason: 'unparsed', detail: pair };
  const { own, reference } = sumsOf(pair);
  const margin = betaFreeMargin(own, reference);
  const shift = displacement(own, reference);
  const [reward, output] = [rewardPreference(margin), preference(own)];
  return {
    kind: 'scored',
    values: {
      margin,
      reward_accuracy: reward.strict,
      reward_accuracy_ties: reward.halfTies,
      preferred: output.strict,
      preferred_ties: output.halfTies,
      preferred_per_token: preferencePerUnit(own, lengthsOf(pair, tokensOf)).strict,
      preferred_per_byte: preferencePerUnit(
        own,
        lengthsOf(pair, ({ bytes }) => bytes),
      ).strict,
      chosen_shift: shift.chosen,
      rejected_shift: shift.rejected,
      displaced: Number(margin > 0 && shift.chosen < 0),
    },
    detail: {
      logprob: { ...own },
      reference: { ...reference },
      tokens: lengthsOf(pair, tokensOf),
      bytes: lengthsOf(pair, ({ bytes }) => bytes),
    },
  };
}

type Lengths = { readonly chosen: number; readonly rejected: number };

function lengthsOf(
  { chosen, rejected }: MeasuredPair,
  lengthOf: (score: MeasuredPair['chosen']) => number,
): Lengths {
  return { chosen: lengthOf(chosen), rejected: lengthOf(rejected) };
}

/** Log-probabilities of whole answers, in nats. */
export function sumsOf({ chosen, rejected, refChosen, refRejected }: MeasuredPair): {
  readonly own: Lengths;
  readonly reference: Lengths;
} {
  return {
    own: { chosen: chosen.logprob, rejected: rejected.logprob },
    reference: { chosen: refChosen.logprob, rejected: refRejected.logprob },
  };
}
