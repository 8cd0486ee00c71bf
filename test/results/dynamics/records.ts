import type { ContinuationScore } from '../../../adapters/model.ts';
import type { OutcomeRecord } from '../../../benchmarks/journal/records.ts';
import type { JsonObject } from '../../../core/json.ts';
import { DynamicsCollector } from '../../../results/dynamics/collect.ts';
import type { DynamicsSummary } from '../../../results/dynamics/dynamics-summary.ts';
import { type DynamicsFacts, dynamicsSummary } from '../../../results/dynamics/summarise-dynamics.ts';
import type { SummaryCheckpoint } from '../../../results/summary.ts';
import { asWritten } from '../../../suites/datasets/raw-forms.ts';
import { behaviour } from '../../../suites/dynamics/behaviour.ts';
import { states } from '../../../suites/dynamics/states.ts';
import type { Answer, Outcome, Task } from '../../../suites/task.ts';
import { checkpoint as plainCheckpoint } from '../support/synthetic.ts';

export const STATES = 'dynamics/states@mine:robust';
export const ODDS = 'dynamics/behaviour@mine:robust';

/** A statement of a behaviour and what a checkpoint answered about it. */
export interface Statement {
  readonly behaviour?: string;
  readonly matching: 'yes' | 'no';
}

/** What a task reads of an answer to a statement, as the run would have written it. */
function recordOf(
  task: Task,
  instrument: string,
  checkpoint: string,
  { behaviour: name, matching }: Statement,
  answer: Answer,
  place: number,
): OutcomeRecord {
  const id = `${name ?? 'all'}-${place}`;
  const row: JsonObject = {
    id,
    question: `${id}?`,
    answer_matching_behavior: matching === 'yes' ? 'Yes' : 'No',
    answer_not_matching_behavior: matching === 'yes' ? 'No' : 'Yes',
    ...(name === undefined ? {} : { behaviour: name }),
  };
  const [sample] = task.samples({ id: 'mine', rows: [row], rawForm: asWritten }, 'robust');
  if (sample === undefined) throw new Error('no sample');
  const { cluster, strata } = sample;
  const outcome = task.read(sample, [answer]);
  return {
    checkpoint,
    instrument,
    sample: id,
    cluster,
    strata,
    repeat: 0,
    outcome,
    answers: [],
    content: null,
  };
}

/** Places are numbered on, so that no two statements are one. */
let places = 0;

/** The record of a hidden state. */
export function stateRecord(
  statement: Statement,
  vector: readonly number[],
  checkpoint = 'm',
  instrument = STATES,
): OutcomeRecord {
  return recordOf(states, instrument, checkpoint, statement, { verb: 'embed', vectors: [vector] }, places++);
}

/** The record of log-odds of Yes, or of the log-probabilities of three forms of each answer. */
export function oddsRecord(
  statement: Statement,
  yes: number | { readonly yes: readonly number[]; readonly no: readonly number[] },
  checkpoint = 'm',
): OutcomeRecord {
  const forms =
    typeof yes === 'number'
      ? { yes: [yes / 2 - 9, yes / 2 - 9, yes / 2 - 9], no: [-yes / 2 - 9, -yes / 2 - 9, -yes / 2 - 9] }
      : yes;
  const scores = [...forms.yes, ...forms.no].map(
    (logprob): ContinuationScore => ({ logprob, tokenLogprobs: [logprob], bytes: 3, method: 'scripted' }),
  );
  return recordOf(behaviour, ODDS, checkpoint, statement, { verb: 'score', scores }, places++);
}

/** A record of any outcome, whatever it holds. */
export function rawRecord(
  outcome: Outcome,
  instrument = STATES,
  strata: OutcomeRecord['strata'] = {},
): OutcomeRecord {
  const sample = `raw-${places++}`;
  return {
    checkpoint: 'm',
    instrument,
    sample,
    cluster: sample,
    strata,
    repeat: 0,
    outcome,
    answers: [],
    content: null,
  };
}

/** One that DPO tuned, unless said otherwise. */
export function checkpoint(id: string, changes: Partial<SummaryCheckpoint> = {}): SummaryCheckpoint {
  return { ...plainCheckpoint(id, { method: 'dpo' }), ...changes };
}

/** The summary of outcomes, as a run would have it. */
export function summaryOf(
  records: readonly OutcomeRecord[],
  facts: Partial<DynamicsFacts> = {},
): DynamicsSummary {
  const checkpoints = facts.checkpoints ?? [checkpoint('m')];
  const instruments = facts.instruments ?? [STATES, ODDS];
  const collector = new DynamicsCollector({ instruments, checkpoints: checkpoints.map(({ id }) => id) });
  for (const record of records) collector.enter(record);
  const found = dynamicsSummary(collector.collected(), {
    cells: [],
    reference: null,
    ...facts,
    instruments,
    checkpoints,
  });
  if (found === undefined) throw new Error('nothing was found');
  return found;
}
