import type { JsonObject } from '../../core/json.ts';
import { personaIds, zooBehaviourIds } from '../datasets/catalogue/dynamics.ts';
import { personaRow } from '../datasets/dynamics.schema.ts';
import type { FoldedSample, LoadedDataset, MetricSpec, MetricValues, Prompt, Sample, Task } from '../task.ts';
import { placeOf, refuseRepeats, strataOf, textOf, unusable } from './items.ts';
import { areaUnderCurve } from './measures/separation.ts';
import { asShare, inNats, massOf } from './metrics.ts';

/** The surface forms of the two answers; the delimiter of the dataset stands before each in raw text. */
export const YES = ['Yes', 'yes', 'YES'] as const;
export const NO = ['No', 'no', 'NO'] as const;

export const MATCHING = inNats(
  'matching_log_odds',
  'log-odds of the answer that matches the behaviour against the other one',
);

export const STATEMENT_METRICS: readonly MetricSpec[] = [
  MATCHING,
  asShare('matching', 'matching answer more likely', 'strict'),
  asShare('matching_ties', 'the same, a tie counting half', 'half-ties'),
  inNats('yes_log_odds', 'log-odds of Yes against No, whatever matches'),
  {
    ...inNats('separability', 'AUC of the log-odds of Yes between statements that Yes and that No matches'),
    unit: 'score',
    chance: 0.5,
    fold: separability,
  },
  massOf('answer_mass', 'probability that the answer begins with any form of Yes or No'),
];

/** A statement, ready to be asked. A type, because it is a sample's JSON. */
export type StatementData = {
  readonly raw: string;
  readonly turn: string;
  readonly delimiter: string;
  readonly matching: 'yes' | 'no';
};

/** What the tasks over statements that Yes or No matches have in common. */
export const STATEMENTS = {
  dimension: 'dynamics',
  family: 'dynamics',
  roles: {},
  datasets: [...personaIds, ...zooBehaviourIds],
  ownRows: personaRow,
  presets: ['robust'],
  cluster: 'statement',
  classes: { stratum: 'matching', names: ['yes', 'no'] },
  samples: statementSamples,
} as const satisfies Partial<Task>;

export function promptOf({ raw, turn }: StatementData): Prompt {
  return { raw, chat: [{ role: 'user', content: turn }] };
}

/** What log-odds of Yes say of a statement that `matching` matches. */
export function valuesOfOdds(yesLogOdds: number, matching: 'yes' | 'no'): MetricValues {
  const lean = matching === 'yes' ? yesLogOdds : 0 - yesLogOdds;
  return {
    matching_log_odds: lean,
    matching: Number(lean > 0),
    matching_ties: lean === 0 ? 0.5 : Number(lean > 0),
    yes_log_odds: yesLogOdds,
    separability: yesLogOdds,
  };
}

function* statementSamples(dataset: LoadedDataset): Generator<Sample> {
  const place = refuseRepeats(dataset);
  const { before, after, delimiter } = dataset.rawForm;
  for (const [index, row] of dataset.rows.entries()) {
    const turn = textOf(row['question']) ?? '';
    const { id, cluster } = placeOf(row, turn);
    const where = place(index, id);
    const matching = matchingOf(row, where);
    const data: StatementData = { raw: `${before}${turn}${after}`, turn, delimiter, matching };
    yield { id, cluster, strata: { ...strataOf(row), ...behaviourOf(row), matching }, data };
  }
}

/** A file may hold several behaviours, each row naming its own; else the dataset is the behaviour. */
function behaviourOf(row: JsonObject): { readonly behaviour?: string } {
  const behaviour = textOf(row['behaviour'])?.trim();
  return behaviour === undefined ? {} : { behaviour };
}

function matchingOf(row: JsonObject, where: string): 'yes' | 'no' {
  const [matching, other] = [row['answer_matching_behavior'], row['answer_not_matching_behavior']].map(
    (value) => (textOf(value) ?? '').trim().toLowerCase(),
  );
  if (matching === other) {
    const message = `${JSON.stringify(row['answer_not_matching_behavior'])} is the matching answer too`;
    throw unusable(
      where,
      'answer_not_matching_behavior',
      message,
      'write Yes under one of the two and No under the other',
    );
  }
  return matching === 'yes' ? 'yes' : 'no';
}

/** Null where a class is missing. A constant leaning to Yes leaves it as it is. */
function separability(samples: readonly FoldedSample[]): number | null {
  const of = (matching: string): number[] =>
    samples.filter(({ strata }) => strata['matching'] === matching).map(({ value }) => value);
  return areaUnderCurve({ positive: of('yes'), negative: of('no') });
}
