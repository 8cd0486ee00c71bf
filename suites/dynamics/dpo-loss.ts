import type { Answer, MetricSpec, ReadOutcome, Sample, Task } from '../task.ts';
import { impliedRewards, dpoLoss as lossOf, rewardMargin } from './measures/preference.ts';
import { inNats } from './metrics.ts';
import { type PairData, pairSamples } from './pair-items.ts';
import { measuredPair } from './pair-scores.ts';
import { PAIRS, sumsOf } from './pairs.ts';

const LOSS = inNats('dpo_loss', 'DPO loss; ln 2 at the reference', 0);

const METRICS: readonly MetricSpec[] = [
  LOSS,
  inNats('reward_margin', 'implicit reward margin, β times the log-ratio of the two answers'),
  inNats('reward_chosen', 'implicit reward of the chosen answer'),
  inNats('reward_rejected', 'implicit reward of the rejected answer'),
];

/** What pairs say in the units of a trainer, whose β must be known. The answers are those of `dynamics/pairs`. */
export const dpoLoss: Task = {
  ...PAIRS,
  name: 'dynamics/dpo-loss',
  version: 2,
  beta: 'needed',
  question: 'How large is the loss that DPO minimises, with the β of the training?',
  source: 'Rafailov et al. 2023, arXiv 2305.18290',
  headline: LOSS,
  metrics: METRICS,
  samples: (dataset, _preset, settings) => pairSamples(dataset, settings?.beta),
  read: readLoss,
};

function readLoss(sample: Sample, answers: readonly Answer[]): ReadOutcome {
  const pair = measuredPair(answers);
  if (typeof pair === 'string') return { kind: 'unscored', reason: 'unparsed', detail: pair };
  const { beta } = sample.data as PairData;
  if (beta === undefined) return { kind: 'unscored', reason: 'unparsed', detail: 'no β is known' };
  const { own, reference } = sumsOf(pair);
  const margin = rewardMargin(own, reference, beta);
  const rewards = impliedRewards(own, reference, beta);
  return {
    kind: 'scored',
    values: {
      dpo_loss: lossOf(margin),
      reward_margin: margin,
      reward_chosen: rewards.chosen,
      reward_rejected: rewards.rejected,
    },
    detail: { beta },
  };
}
