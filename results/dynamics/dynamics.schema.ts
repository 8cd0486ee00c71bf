import type { JsonObject } from '../../core/json.ts';
import {
  count,
  type Fields,
  flag,
  listOf,
  number,
  numberOrNull,
  object,
  ref,
  text,
  textOrNull,
  words,
} from '../schema-fields.ts';
import type {
  BehaviourOdds,
  BehaviourStates,
  DisplacementEnd,
  DisplacementPath,
  DistinguishabilitySpeed,
  DynamicsSummary,
  PriorityTable,
  Shifts,
  Susceptibility,
} from './dynamics-summary.ts';

const MEASURES = {
  distinguishability: true,
  'debiased-distinguishability': true,
  'held-out-auc': true,
  'log-odds-d-prime': true,
} as const satisfies Record<DistinguishabilitySpeed['measure'], true>;
const SPEEDS = {
  'initial-slope': true,
  'area-of-change': true,
  'first-crossing': true,
  area: true,
} as const satisfies Record<DistinguishabilitySpeed['speed'], true>;
const CURVES = { matching: true, matching_log_odds: true } as const satisfies Record<
  DistinguishabilitySpeed['speedOf']['metric'],
  true
>;

const checkpoint = text('Id of the checkpoint.');
const task = text('Full name of the instrument.');
const tasks = text(
  'Full name of the instrument, or the name of the task where its behaviours lie in several datasets.',
);
const behaviour = text('The stratum `behaviour` of the data where it has one, else the dataset.');
const positive = count('Statements that Yes matches.');
const negative = count('Statements that No matches.');
const reason = textOrNull('Why a number is missing.');

const states = {
  checkpoint,
  task,
  behaviour,
  positive,
  negative,
  unusable: count('Vectors left out: not finite, all zero, or of another length than most.'),
  normalised: flag('Whether the server hands out vectors of length 1; distances then have no scale.'),
  distinguishability: numberOrNull('Distance of the mean states of the two classes.'),
  debiasedSquared: numberOrNull('Its square less what noise in the means adds; may be below 0.'),
  debiased: numberOrNull('Root of that, 0 where it is below 0.'),
  flooredAtZero: flag('Whether it was below 0.'),
  concentration: numberOrNull('Largest spectral norm of the two class covariances.'),
  trace: numberOrNull('Largest trace of the two class covariances.'),
  spreadAlongDifference: numberOrNull('Standard deviation within classes along the mean difference.'),
  heldOutAuc: numberOrNull(
    'AUC of pairs of the two classes on the mean difference of all clusters but theirs; .5 is chance.',
  ),
  dPrime: numberOrNull(
    'Mahalanobis distance of the means, shrunk where the covariance is singular; in-sample.',
  ),
  reason,
} satisfies Fields<BehaviourStates>;

const odds = {
  checkpoint,
  task,
  behaviour,
  positive,
  negative,
  auc: numberOrNull('AUC of the log-odds of Yes between the two classes; .5 is chance.'),
  dPrime: numberOrNull('Difference of the class means over the pooled standard deviation.'),
  matchingLogOdds: numberOrNull('Mean log-odds of the matching answer, in nats.'),
  matching: numberOrNull('Share of statements whose matching answer is the likelier one.'),
  mass: numberOrNull('Mean probability that the answer is one of the forms.'),
  censored: number('Share of log-odds that are bounds.'),
  reason,
} satisfies Fields<BehaviourOdds>;

const level = { behaviour, level: numberOrNull('Below 0: gets worse first.') } satisfies Fields<
  PriorityTable['levels'][number]
>;
const gap = {
  one: behaviour,
  other: behaviour,
  gap: numberOrNull('Above 0: the one crowds out the other in a mixture by halves.'),
} satisfies Fields<PriorityTable['gaps'][number]>;
const priority = {
  checkpoint,
  task: tasks,
  levels: listOf(object(level, 'One behaviour.'), 'How much of the mixture’s direction each behaviour has.'),
  gaps: listOf(object(gap, 'Two behaviours.'), 'Every two behaviours; empty where there are many.'),
} satisfies Fields<PriorityTable>;

const susceptibility = {
  checkpoint,
  reference: text('Id of the checkpoint that it is compared with.'),
  task,
  behaviour,
  byStates: numberOrNull('Square of the ratio of debiased distinguishabilities; a proxy.'),
  byOdds: numberOrNull('Square of the ratio of the d′ of log-odds; a proxy.'),
  reason,
} satisfies Fields<Susceptibility>;

const speedOf = {
  task: tasks,
  metric: words(Object.keys(CURVES), 'Which curve.'),
} satisfies Fields<DistinguishabilitySpeed['speedOf']>;
const learned = {
  behaviour,
  distinguishability: numberOrNull('At the start.'),
  speed: numberOrNull('From the start on; of first-crossing the step, the last one where censored.'),
  censored: flag('Never crossed: tied at the slowest rank.'),
  reason: textOrNull('Why it has no part in the ranks.'),
} satisfies Fields<DistinguishabilitySpeed['behaviours'][number]>;
const relation = {
  series: text('Name of the series.'),
  start: text('Id of the checkpoint that distinguishability is of.'),
  task: tasks,
  speedOf: object(speedOf, 'The curve whose speed it is.'),
  measure: words(Object.keys(MEASURES), 'How distinguishability was measured.'),
  speed: words(Object.keys(SPEEDS), 'How speed was measured; area holds the level of the start.'),
  behaviours: listOf(object(learned, 'One behaviour.'), 'All of the task.'),
  n: count('Behaviours that have both.'),
  rho: numberOrNull('Spearman’s ρ, above 0 where what lies farther apart is learned faster.'),
  p: numberOrNull('Two-sided: over all permutations up to 9 behaviours.'),
  reason,
} satisfies Fields<DistinguishabilitySpeed>;

const shifts = {
  checkpoint,
  chosenShift: numberOrNull(
    'Mean change of the log-probability of chosen answers since the reference, in nats.',
  ),
  rejectedShift: numberOrNull('Likewise of rejected answers.'),
  margin: numberOrNull('Mean of the difference of the two.'),
  displaced: flag('The margin is above 0 while chosen answers became less likely.'),
} satisfies Fields<Shifts>;
const point = {
  ...shifts,
  step: number('Training step.'),
} satisfies Fields<DisplacementPath['points'][number]>;
const path = {
  series: text('Name of the series.'),
  task,
  points: listOf(object(point, 'One step.'), 'Ascending by step.'),
} satisfies Fields<DisplacementPath>;
const end = { ...shifts, task } satisfies Fields<DisplacementEnd>;

const dynamics = {
  states: listOf(ref('behaviourStates', ''), 'One a checkpoint, instrument and behaviour.'),
  odds: listOf(ref('behaviourOdds', ''), 'One a checkpoint, instrument and behaviour.'),
  priorities: listOf(ref('priorityTable', ''), 'One a checkpoint and task with several behaviours.'),
  susceptibility: listOf(
    ref('susceptibility', ''),
    'One a checkpoint that has a reference or parent, instrument and behaviour.',
  ),
  relations: listOf(ref('distinguishabilitySpeed', ''), 'One a series, measure, curve and speed.'),
  displacement: listOf(ref('displacementPath', ''), 'One a series and instrument.'),
  displacementEnds: listOf(
    ref('displacementEnd', ''),
    'One an instrument and checkpoint that was tuned from a parent and is in no series.',
  ),
  notes: listOf(text('A sentence.'), 'What to know before believing the numbers.'),
} satisfies Fields<DynamicsSummary>;

/** Definitions of `Summary.dynamics`, for the `$defs` of the schema of summaries. */
export const dynamicsDefs: Readonly<Record<string, JsonObject>> = {
  dynamics: object(dynamics, 'What hidden states and answer odds say of behaviours.'),
  behaviourStates: object(states, 'Separation of two classes of statements in the last hidden state.'),
  behaviourOdds: object(odds, 'Separation of the same classes by log-odds of Yes.'),
  priorityTable: object(priority, 'Which behaviour of a mixture improves first.'),
  susceptibility: object(
    susceptibility,
    'By the theory, how much faster flipped labels would be learned than from the reference.',
  ),
  distinguishabilitySpeed: object(relation, 'Distinguishability at the start against speed.'),
  displacementPath: object(path, 'Log-probabilities of chosen and rejected answers along a series.'),
  displacementEnd: object(end, 'The same at the end of a training of which no step was asked.'),
};
