import type { Manifest, OutcomeRecord } from '../../../benchmarks/journal/records.ts';
import { digestOf, sha256 } from '../../../core/digest.ts';
import type { JsonObject, JsonValue } from '../../../core/json.ts';
import type { MetricSpec } from '../../../suites/task.ts';
import { gainSign } from '../../direction.ts';
import { liesWithin } from '../../outcomes/values.ts';
import type { Cell, Effect, Summary, SummaryCheckpoint, SummaryMetric, SummaryTask } from '../../summary.ts';
import { headlineOf } from '../columns.ts';
import { rowKey } from '../rows.ts';
import { digestName, safeName } from '../safe-name.ts';
import { stableUuid } from '../stable-uuid.ts';
import { datasetOf } from './hub.ts';

export const EVERY_EVAL_EVER_VERSION = '0.3.0';

/** What the export says of those who made it. */
export interface Evaluator {
  readonly organisation: string;
  readonly relationship: 'first_party' | 'third_party' | 'collaborative' | 'other';
  /** When it was published, ISO 8601. */
  readonly at: string;
}

export interface EvaluationInput {
  readonly summary: Summary;
  readonly manifest: Manifest;
  readonly evaluator: Evaluator;
  readonly checkpoint: SummaryCheckpoint;
  /** Published outcomes of this checkpoint. */
  readonly outcomes: readonly OutcomeRecord[];
  /** Headline metric by instrument: which samples it speaks of. */
  readonly specs: ReadonlyMap<string, Pick<MetricSpec, 'within'>>;
}

export interface EvaluationExport {
  /** Paths as the format wants them, below `data/`. */
  readonly path: string;
  readonly json: string;
  readonly samplesPath: string;
  readonly samples: string;
}

const WITHHELD = '[not published]';

/**
 * One checkpoint as Every Eval Ever (EvalEval Coalition, schema 0.3.0): an aggregate and a line a sample. The format has no
 * place for methods, parents and effects, which go into `additional_details` as text; unscored samples, which have no
 * score, have no line and are counted. Prompts and answers are not published, and the lines say so.
 */
export function everyEvalEver(input: EvaluationInput): EvaluationExport {
  const { summary, checkpoint, evaluator } = input;
  const key = rowKey(checkpoint);
  const id = `${summary.benchmark}/${checkpoint.id}/${unixTime(evaluator.at)}`;
  const uuid = stableUuid(digestOf([summary.run.id, key, evaluator.at]));
  const folder = `data/${safeName(summary.benchmark)}/${safeName(checkpoint.method)}/${digestName(checkpoint.id, key)}`;
  const { text, rows } = samplesOf(input, id);
  const samplesPath = `${folder}/${uuid}_samples.jsonl`;
  const aggregate = {
    schema_version: EVERY_EVAL_EVER_VERSION,
    evaluation_id: id,
    evaluation_timestamp: summary.run.createdAt,
    retrieved_timestamp: unixTime(evaluator.at),
    source_metadata: {
      source_name: `aligntrust ${summary.benchmark}`,
      source_type: 'evaluation_run',
      source_organization_name: evaluator.organisation,
      evaluator_relationship: evaluator.relationship,
      additional_details: runDetails(input),
    },
    eval_library: { name: 'aligntrust', version: summary.run.aligntrust },
    model_info: modelInfo(checkpoint),
    evaluation_results: summary.tasks.flatMap((task) => resultOf(input, task)),
    detailed_evaluation_results: {
      format: 'jsonl',
      file_path: samplesPath,
      hash_algorithm: 'sha256',
      checksum: sha256(text),
      total_rows: rows,
      additional_details: {
        is_correct: 'the score is the best possible one',
        texts: 'prompts and answers are not published; the keys of the requests are in outcomes.jsonl',
        unscored: 'samples without a score have no row',
      },
    },
  };
  return {
    path: `${folder}/${uuid}.json`,
    json: `${JSON.stringify(aggregate, undefined, 2)}\n`,
    samplesPath,
    samples: text,
  };
}

function runDetails({ summary, manifest }: EvaluationInput): Record<string, string> {
  return {
    run: summary.run.id,
    status: summary.run.status,
    definition_sha256: manifest.definitionDigest,
    fingerprint_sha256: manifest.fingerprint,
    seed: String(summary.run.seed),
    dropped:
      'effects of methods against each other, totals, alarms and every metric but the headline; leaderboard.json has the effects',
  };
}

function modelInfo(checkpoint: SummaryCheckpoint): JsonObject {
  const { facts, digest } = checkpoint.identity;
  return {
    name: checkpoint.id,
    id: checkpoint.id,
    ...(typeof facts['engine'] === 'string' ? { inference_engine: { name: facts['engine'] } } : {}),
    additional_details: {
      deployment_type: facts['weights'] === undefined ? 'unknown' : 'self_deployed',
      model_availability: 'unknown',
      ...texts({
        alignment_method: checkpoint.method,
        alignment_parent: checkpoint.parent,
        alignment_data: checkpoint.data,
        alignment_recipe: checkpoint.recipe,
        alignment_step: checkpoint.step,
        alignment_seed: checkpoint.seed,
        base_family: checkpoint.family,
        control: checkpoint.control,
        prompt_format: checkpoint.promptFormat,
        identity_sha256: digest,
        weights_sha256: facts['weights'] ?? null,
      }),
    },
  };
}

function resultOf({ summary, manifest, checkpoint }: EvaluationInput, task: SummaryTask): JsonObject[] {
  const cell = summary.cells.find(
    (each) => each.checkpoint === checkpoint.id && each.task === task.task && each.metric === task.headline,
  );
  if (cell === undefined || cell.value === null) return [];
  const dataset = datasetOf(task.task);
  const facts = manifest.datasets[dataset];
  return [
    {
      evaluation_result_id: resultId(task),
      evaluation_name: task.task,
      evaluation_timestamp: summary.run.createdAt,
      source_data: {
        dataset_name: dataset,
        source_type: 'other',
        additional_details: texts({ sha256: facts?.sha256 ?? null, licence: facts?.licence ?? null }),
      },
      metric_config: metricConfig(task, headlineOf(task)),
      score_details: {
        score: cell.value,
        details: texts({
          ...effectDetails(summary, checkpoint, task),
          chance: cell.chance,
          value_scored_only: cell.valueScoredOnly,
          clusters: cell.clusters,
          ...Object.fromEntries(Object.entries(cell.rates).map(([name, rate]) => [`rate_${name}`, rate])),
        }),
        uncertainty: uncertaintyOf(cell),
      },
    },
  ];
}

function metricConfig(task: SummaryTask, metric: SummaryMetric): JsonObject {
  const [least, most] = metric.range;
  return {
    evaluation_description: task.question,
    metric_id: `aligntrust.${metric.key}`,
    metric_name: metric.label,
    metric_kind: metric.key,
    metric_unit: metric.unit === 'share' ? 'proportion' : metric.unit,
    lower_is_better: metric.direction === 'lower-is-better',
    ...(metric.binary
      ? { score_type: 'binary' }
      : { score_type: 'continuous', min_score: least ?? '-Infinity', max_score: most ?? 'Infinity' }),
    additional_details: texts({ task_version: task.version, source: task.source, dimension: task.dimension }),
  };
}

function uncertaintyOf({ low, high, interval, n }: Cell): JsonObject {
  const bounds =
    low === null || high === null
      ? {}
      : {
          confidence_interval: {
            lower: low,
            upper: high,
            confidence_level: 0.95,
            ...(interval === null ? {} : { method: interval }),
          },
        };
  return { ...bounds, num_samples: n };
}

/** The effect against the parent, which no other format has a field for. */
function effectDetails(
  summary: Summary,
  { id }: SummaryCheckpoint,
  task: SummaryTask,
): Record<string, JsonValue> {
  const effect = summary.effects.find(
    (each: Effect) =>
      each.kind === 'stage' && each.to === id && each.task === task.task && each.metric === task.headline,
  );
  if (effect === undefined) return {};
  return {
    effect_from: effect.from,
    effect_delta: effect.delta,
    effect_low_95: effect.low,
    effect_high_95: effect.high,
    effect_p_adjusted: effect.pAdjusted,
    effect_verdict: effect.verdict,
    effect_n: effect.n,
  };
}

function samplesOf(
  { summary, checkpoint, outcomes, specs }: EvaluationInput,
  id: string,
): { text: string; rows: number } {
  const tasks = new Map(summary.tasks.map((task) => [task.task, task]));
  const lines = outcomes.flatMap((record) => {
    const task = tasks.get(record.instrument);
    if (task === undefined || !speaksOf(record, specs.get(record.instrument)?.within)) return [];
    const score = scoreOf(record, headlineOf(task));
    return score === undefined ? [] : [JSON.stringify(sampleLine(record, task, checkpoint, id, score))];
  });
  return { text: lines.map((line) => `${line}\n`).join(''), rows: lines.length };
}

function sampleLine(
  record: OutcomeRecord,
  task: SummaryTask,
  checkpoint: SummaryCheckpoint,
  id: string,
  score: number,
): JsonObject {
  const [least, most] = headlineOf(task).range;
  const best = gainSign(headlineOf(task).direction) === 1 ? most : least;
  return {
    schema_version: EVERY_EVAL_EVER_VERSION,
    evaluation_id: id,
    model_id: checkpoint.id,
    evaluation_name: task.task,
    evaluation_result_id: resultId(task),
    sample_id: record.repeat === 0 ? record.sample : `${record.sample}#${record.repeat}`,
    // The format wants a hash of the prompt, which is not published and cannot be made from what is.
    sample_hash: null,
    interaction_type: 'single_turn',
    input: { raw: WITHHELD, reference: [] },
    output: { raw: [WITHHELD] },
    answer_attribution: [],
    evaluation: { score, is_correct: score === best },
    error: record.outcome.kind === 'unscored' ? record.outcome.reason : null,
    metadata: texts({
      cluster: record.cluster,
      answer_digest: record.content,
      ...Object.fromEntries(Object.entries(record.strata).map(([name, value]) => [`stratum_${name}`, value])),
    }),
  };
}

function speaksOf({ strata }: OutcomeRecord, within: MetricSpec['within']): boolean {
  return within === undefined || liesWithin(strata, within);
}

/** The sample's value under the headline: its own, or what the metric counts an unscored reason as. */
function scoreOf({ outcome }: OutcomeRecord, { key, counts }: SummaryMetric): number | undefined {
  if (outcome.kind === 'scored') return outcome.values[key];
  return outcome.kind === 'unscored' ? counts[outcome.reason] : undefined;
}

function resultId({ task, version, headline }: SummaryTask): string {
  return `${task}#${version}/${headline}`;
}

/** `additional_details` hold nothing but text; what is unknown is left out. */
function texts(values: Readonly<Record<string, JsonValue>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === null ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)]],
    ),
  );
}

function unixTime(iso: string): string {
  return String(Math.floor(Date.parse(iso) / 1000));
}
