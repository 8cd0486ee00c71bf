import type { JsonObject } from '../../core/json.ts';
import {
  count,
  type Fields,
  listOf,
  nullable,
  number,
  numberOrNull,
  object,
  ref,
  text,
  textOrNull,
  words,
} from '../schema-fields.ts';
import type { AlignmentMeasure } from '../statistics/factor-alignment.ts';
import type { FactorInterval } from '../statistics/factor-bootstrap.ts';
import type { FactorTest, LengthMatchedScore } from '../statistics/factor-table.ts';
import type { Verdict } from '../summary.ts';
import type {
  Bridge,
  BridgeCorrelation,
  BridgeDelta,
  BridgeLineage,
  ControlledModel,
  FactorFacts,
  FactorRow,
  FactorShift,
  FactorTable,
  ProfileAgreement,
  ProfileAlignment,
  ProfileGap,
  ProfileRater,
  ProfileSetting,
  ProfileShift,
  ProfileSummary,
  RatedTask,
  ScoreDifference,
} from './profile-summary.ts';

const SETTINGS = {
  evaluation: true,
  likelihood: true,
  generation: true,
  human: true,
} as const satisfies Record<ProfileSetting, true>;
const RATERS = { checkpoint: true, human: true, vote: true } as const satisfies Record<
  ProfileRater['kind'],
  true
>;
const TESTS = {
  'sign-exact': true,
  'prompt-sign-flip-exact': true,
  'prompt-sign-flip-sampled': true,
} as const satisfies Record<FactorTest, true>;
const VERDICTS = {
  improved: true,
  worsened: true,
  raised: true,
  lowered: true,
  'no detectable change': true,
  'not comparable': true,
} as const satisfies Record<Verdict, true>;

const share = (description: string): JsonObject => ({
  type: ['number', 'null'],
  minimum: 0,
  maximum: 1,
  description,
});
const score = (description: string): JsonObject => ({
  type: ['number', 'null'],
  minimum: -1,
  maximum: 1,
  description,
});
const difference = (description: string): JsonObject => ({
  type: ['number', 'null'],
  minimum: -2,
  maximum: 2,
  description,
});
const names = (description: string): JsonObject => listOf({ type: 'string' }, description);
const list = (name: string, description: string): JsonObject =>
  listOf({ $ref: `#/$defs/${name}` }, description);

const interval = {
  low: numberOrNull('Lower end of the 95 % interval over resampled prompts.'),
  high: numberOrNull('Upper end.'),
  undefinedReplicates: count('Resamples in which the number is not defined; left out of the interval.'),
  reason: textOrNull('Why there is no interval, or no number.'),
} satisfies Fields<FactorInterval>;

const counts = {
  C: count('Pairs in which preference and factor agree.'),
  D: count('Pairs in which they disagree.'),
  Tf: count('Pairs in which the factor alone is tied.'),
  Tp: count('Pairs in which the preference alone is tied.'),
  Tb: count('Pairs in which both are tied.'),
  missing: count('Rated pairs that lack the factor on a side.'),
};

const rater = {
  kind: words(Object.keys(RATERS), 'A checkpoint, the main human label, or a named vote.'),
  name: text('Id of the checkpoint, or name of the vote.'),
} satisfies Fields<ProfileRater>;

const rated = {
  task: text('Full name of the instrument.'),
  rater: ref('profileRater', 'Whose preferences they are.'),
  setting: words(Object.keys(SETTINGS), 'How the preferences came about.'),
} satisfies Fields<RatedTask>;

const facts = {
  key: text('Name in every table and file.'),
  label: text('Name for people.'),
  level1: textOrNull('form, relation_to_input or truth.'),
  level2: textOrNull('Group: at most one factor of it enters a correlation.'),
  unit: text('Unit of its values.'),
} satisfies Fields<FactorFacts>;

const lengthMatched = {
  tau14: score('The score over the pairs of about equal length alone.'),
  pairs: count('Pairs that count in it.'),
  ...interval,
} satisfies Fields<LengthMatchedScore>;

const row = {
  factor: text('Key of the factor.'),
  ...counts,
  tau14: score('The factor score: (C − D)/(C + D + Tf).'),
  ...interval,
  tau13: score('Direction: (C − D)/(C + D).'),
  relevance: share('Applicability: (C + D)/(C + D + Tf).'),
  tauB: score('(C − D)/√((C + D + Tf)(C + D + Tp)).'),
  rank: numberOrNull('1 for the largest score of this rater; ties share their mean rank.'),
  p: share('Two-sided, of no pull.'),
  test: nullable(
    words(Object.keys(TESTS), 'How p was found: prompts flipped as wholes, or an exact sign test.'),
  ),
  pAdjusted: share('Holm over the factors of this rater.'),
  prompts: count('Prompts with a pair that counts in the score.'),
  meanAbsDifference: numberOrNull(
    'Mean size of the difference between both responses, in the factor’s unit.',
  ),
  lengthMatched: ref('profileLengthMatched', 'The same over pairs of about equal length.'),
} satisfies Fields<FactorRow>;

const coefficient = {
  factor: text('Key of the factor.'),
  coefficient: number('Log-odds per root-mean-square difference.'),
  error: number('Cluster-robust standard error.'),
} satisfies Fields<ControlledModel['coefficients'][number]>;

const leftOut = {
  factor: text('Key of the factor.'),
  reason: text('What it would need.'),
} satisfies Fields<ControlledModel['leftOut'][number]>;

const model = {
  pairs: count('Decided pairs that have every factor of the model.'),
  coefficients: list('profileCoefficient', 'Length first among equals: it is held constant and not shrunk.'),
  leftOut: list('profileLeftOut', 'Factors of too few pairs that go one of the ways.'),
  reason: textOrNull('Why there are none.'),
} satisfies Fields<ControlledModel>;

const table = {
  ...rated,
  pairs: count('Pairs with a preference, ties included.'),
  prompts: count('Prompts that these come from.'),
  ties: share('Share of pairs without a preference.'),
  inconsistent: share('Share of pairs on which both orders disagree; null where there was one order.'),
  invalid: count('Samples without a readable preference.'),
  scores: list('profileRow', 'One a factor, in the order of the factors.'),
  model: nullable(ref('profileModel', 'Preference on all factors with length as control.')),
} satisfies Fields<FactorTable>;

const scoreDifference = {
  factor: text('Key of the factor.'),
  difference: difference('Score of one less that of the other.'),
  ...interval,
} satisfies Fields<ScoreDifference>;

const measure = {
  value: score('The correlation; null where one side is constant.'),
  p: share('Exact, over all orders of the factors. Descriptive.'),
  ...interval,
} satisfies Fields<AlignmentMeasure>;

const alignment = {
  one: ref('profileRated', 'One side.'),
  other: ref('profileRated', 'The other side.'),
  differences: list('profileDifference', 'One less other, by factor.'),
  over: names('Factors that the correlations rest on: one a group.'),
  rho: nullable(ref('profileMeasure', 'Spearman’s ρ of the factor scores.')),
  tauB: nullable(ref('profileMeasure', 'Kendall’s τ_b of the factor scores.')),
  r: nullable(ref('profileMeasure', 'Pearson’s r of the factor scores.')),
  reason: textOrNull('Why there is no correlation.'),
} satisfies Fields<ProfileAlignment>;

const alignmentGap = {
  value: difference('τ_b with people of evaluation less that of generation.'),
  over: names('Factors that it rests on.'),
  ...interval,
} satisfies Fields<NonNullable<ProfileGap['alignment']>>;

const gap = {
  checkpoint: text('Id of the checkpoint.'),
  evaluation: text('Full name of the instrument of evaluation.'),
  generation: text('Full name of the instrument of generation.'),
  differences: list('profileDifference', 'Evaluation less generation, by factor.'),
  alignment: nullable(ref('profileAlignmentGap', 'Whose side people are on.')),
} satisfies Fields<ProfileGap>;

const paired = {
  ...scoreDifference,
  pairs: count('Pairs that both sides decided; of written responses those of prompts that both answered.'),
} satisfies Fields<FactorShift['paired']>;

const factorShift = {
  factor: text('Key of the factor.'),
  all: ref('profileDifference', 'Over all pairs that each side decided.'),
  paired: ref('profilePaired', 'Over the pairs that both sides decided.'),
} satisfies Fields<FactorShift>;

const shift = {
  task: text('Full name of the instrument.'),
  setting: words(Object.keys(SETTINGS), 'How the preferences came about.'),
  method: text('Alignment method of the child.'),
  from: text('Id of the parent.'),
  to: text('Id of the child.'),
  factors: list('profileFactorShift', 'Child less parent, by factor.'),
  inconsistentFrom: share('Share of pairs on which the parent’s two orders disagree.'),
  inconsistentTo: share('The same of the child.'),
} satisfies Fields<ProfileShift>;

const agreement = {
  task: text('Full name of the instrument.'),
  one: ref('profileRater', 'One rater.'),
  other: ref('profileRater', 'The other.'),
  pairs: count('Pairs that both rated.'),
  decided: count('Of them those that both decided.'),
  equal: count('Of these those decided alike.'),
  agreement: share('equal over decided.'),
  low: share('Lower end of Wilson’s 95 % interval, on the sample size that the prompts are worth.'),
  high: share('Upper end.'),
  exact: share('Equal including ties, over all pairs that both rated.'),
  tiesOne: share('Share of ties of one.'),
  tiesOther: share('Share of ties of the other.'),
} satisfies Fields<ProfileAgreement>;

const delta = {
  dimension: text('Trust dimension, or profile.'),
  task: text('Full name of the instrument.'),
  metric: text('Key of the metric or factor.'),
  delta: numberOrNull('The effect, child less parent.'),
  low: numberOrNull('Lower end of its 95 % interval.'),
  high: numberOrNull('Upper end.'),
  verdict: words(Object.keys(VERDICTS), 'Verdict of the effects table.'),
} satisfies Fields<BridgeDelta>;

const coupling = {
  factorTask: text('Instrument of the factor.'),
  trustTask: text('Instrument of the dimension.'),
} satisfies Fields<BridgeLineage['coupled'][number]>;

const lineage = {
  method: text('Alignment method of the child.'),
  from: text('Id of the parent.'),
  to: text('Id of the child.'),
  family: text('Base family, or the checkpoint that the lineage starts from.'),
  factors: list('profileDelta', 'Effects on factors.'),
  trust: list('profileDelta', 'Effects on the headline tasks of the dimensions.'),
  coupled: list('profileCoupling', 'Instruments that read the same answers: mechanically coupled.'),
} satisfies Fields<BridgeLineage>;

const correlation = {
  methods: text('Method of the parents → method of the children.'),
  factorTask: text('Instrument of the factor.'),
  factor: text('Key of the factor.'),
  trustTask: text('Instrument of the dimension.'),
  trust: text('Key of the metric.'),
  families: count('Independent base families, one point each.'),
  tauB: score('Kendall’s τ_b over families. An association.'),
  p: share('Uncorrected; descriptive.'),
  coupled: { type: 'boolean', description: 'Whether both were read from the same answers.' },
} satisfies Fields<BridgeCorrelation>;

const bridge = {
  lineages: list('profileLineage', 'Factors beside trust, one a main stage.'),
  correlations: list('profileCorrelation', 'Over eight base families and more.'),
  reason: textOrNull('Why there are none.'),
} satisfies Fields<Bridge>;

const profile = {
  draws: count('Resamples of whole prompts behind every interval.'),
  lengthFactor: text('Key of the factor that says how long a response is.'),
  factors: list('profileFactor', 'In the order of every list of factors.'),
  tables: list('profileTable', 'One a rater, setting and instrument.'),
  alignments: list('profileAlignment', 'Who agrees with whom on what pulls.'),
  gaps: list('profileGap', 'Evaluation less generation.'),
  shifts: list('profileShift', 'Child less parent.'),
  agreements: list('profileAgreement', 'Equal choices of two raters of the same pairs.'),
  bridge: ref('profileBridge', 'Factors beside trust.'),
  notes: names('What the collection noticed.'),
} satisfies Fields<ProfileSummary>;

/** For the `$defs` of a schema that refers to `#/$defs/profile`. */
export const profileDefs: Readonly<Record<string, JsonObject>> = {
  profile: object(profile, 'Which factors pull whose preferences, after Oh et al. (arXiv 2410.06965).'),
  profileFactor: object(facts, 'A factor of preference.'),
  profileRater: object(rater, 'Whose preferences.'),
  profileRated: object(rated, 'One rater in one setting of one instrument.'),
  profileTable: object(table, 'The factor scores of one rater in one setting of one instrument.'),
  profileRow: object(row, 'One factor under one rater.'),
  profileLengthMatched: object(lengthMatched, 'A factor score over pairs of about equal length.'),
  profileModel: object(model, 'A logistic model of preference with length as control.'),
  profileCoefficient: object(coefficient, 'One factor of the model.'),
  profileLeftOut: object(leftOut, 'A factor that the model could not hold.'),
  profileDifference: object(scoreDifference, 'A difference between two scores on the same resamples.'),
  profilePaired: object(paired, 'The same over shared pairs.'),
  profileMeasure: object(measure, 'A correlation of two raters’ factor scores.'),
  profileAlignment: object(alignment, 'Two raters’ factor scores against each other.'),
  profileAlignmentGap: object(alignmentGap, 'A difference between two correlations on the same resamples.'),
  profileGap: object(gap, 'One checkpoint’s evaluation against its generation.'),
  profileFactorShift: object(factorShift, 'How one factor moved.'),
  profileShift: object(shift, 'How training moved the factors.'),
  profileAgreement: object(agreement, 'How often two raters choose the same response.'),
  profileDelta: object(delta, 'One effect of the effects table.'),
  profileCoupling: object(coupling, 'Two instruments that read the same answers.'),
  profileLineage: object(lineage, 'What one training moved.'),
  profileCorrelation: object(correlation, 'A factor and a dimension over base families.'),
  profileBridge: object(bridge, 'Factors beside trust. An association at most.'),
};

/** The profile of a run alone. */
export const profileSchema: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'aligntrust profile',
  $ref: '#/$defs/profile',
  $defs: profileDefs,
};
