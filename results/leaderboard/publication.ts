import type { Manifest, ManifestModel, OutcomeRecord, RunStatus } from '../../benchmarks/journal/records.ts';
import { digestOf, sha256 } from '../../core/digest.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import { standIn, withoutPlaces, withoutPlacesIn } from './withhold.ts';

/**
 * What of a run is published: enough to compute every number again, and neither prompts nor answers, nor anything of the
 * machine that asked. The published folder has the shape of a run folder, so that the same code summarises both.
 */

/** The manifest without options of backends, templates, system prompts, probes and folders. */
export function publishedManifest(manifest: Manifest): Manifest {
  const { definitionFolder: _folder, definition, models, ...rest } = manifest;
  return {
    ...rest,
    definition: publishedDefinition(definition),
    models: Object.fromEntries(Object.entries(models).map(([id, model]) => [id, publishedModel(model)])),
  };
}

/** How the run ended and what the runner noticed; when it was written down last is left out. */
export function publishedStatus(status: RunStatus): RunStatus {
  return {
    schemaVersion: 1,
    status: status.status,
    reason: status.reason === null ? null : withoutPlaces(status.reason),
    updatedAt: '',
    asked: status.asked,
    alarms: status.alarms.map((alarm) => ({ ...alarm, message: withoutPlaces(alarm.message) })),
  };
}

/** SHA-256 over the request keys of all answers behind these outcomes, in the order given. */
export function promptsDigest(outcomes: Iterable<Pick<OutcomeRecord, 'answers'>>): string {
  return digestOf([...outcomes].flatMap(({ answers }) => answers));
}

/** What samples and clusters of a run are called in public. */
export interface PublicNames {
  sample(instrument: string, sample: string): string;
  cluster(cluster: string): string;
}

/**
 * Sample ids and clusters that are texts (TruthfulQA calls its questions by themselves) become digests. Those of samples
 * keep the order of what they stand for, because sums and seeded tests depend on it; those of clusters keep their place in
 * the seeded order of a run that stops by what it sees (core/seeded-order.ts).
 */
export function publicNames(outcomes: Iterable<OutcomeRecord>): PublicNames {
  const samples = new Map(
    [...groupedBy([...outcomes], ({ instrument }) => instrument)].map(([instrument, group]) => [
      instrument,
      sampleNames(group),
    ]),
  );
  return {
    sample: (instrument, sample) => samples.get(instrument)?.get(sample) ?? standIn(sample),
    cluster: (cluster) => (isName(cluster) ? cluster : standIn(cluster)),
  };
}

/** Outcomes in one order, without what was said: details of the reading and messages of errors are left out. */
export function publishedOutcomes(
  outcomes: readonly OutcomeRecord[],
  names: PublicNames = publicNames(outcomes),
): OutcomeRecord[] {
  return outcomes.map((record) => publishedOutcome(record, names)).sort(byPlace);
}

function publishedOutcome(record: OutcomeRecord, names: PublicNames): OutcomeRecord {
  const { checkpoint, instrument, sample, cluster, strata, repeat, outcome, answers, content } = record;
  return {
    checkpoint,
    instrument,
    sample: names.sample(instrument, sample),
    cluster: names.cluster(cluster),
    strata: Object.fromEntries(Object.entries(strata).map(([name, value]) => [name, labelOf(value)])),
    repeat,
    outcome: withoutWords(outcome),
    answers,
    content,
  };
}

function withoutWords(outcome: OutcomeRecord['outcome']): OutcomeRecord['outcome'] {
  switch (outcome.kind) {
    case 'scored':
      return { kind: 'scored', values: outcome.values };
    case 'unscored':
      return { kind: 'unscored', reason: outcome.reason };
    case 'failed':
      return { kind: 'failed', error: { code: outcome.error.code, message: '' } };
    case 'skipped':
      return outcome;
  }
}

/** A word, a number or a path of such: what people call samples by. Anything with a space may be a prompt. */
const NAME = /^[\p{L}\p{N}._:@#/+-]{1,100}$/u;

/** Groups are named by a few words; what is longer may be a text of the data. */
const LONGEST_LABEL = 60;

function labelOf(text: string): string {
  return text.length > LONGEST_LABEL ? standIn(text) : text;
}

function isName(text: string): boolean {
  return NAME.test(text);
}

function sampleNames(records: readonly OutcomeRecord[]): ReadonlyMap<string, string> {
  const ids = [...new Set(records.map(({ sample }) => sample))].sort();
  if (ids.every(isName)) return new Map(ids.map((id) => [id, id]));
  const width = String(ids.length).length;
  return new Map(
    ids.map((id, index) => [id, `${String(index + 1).padStart(width, '0')}~${sha256(id).slice(0, 16)}`]),
  );
}

function byPlace(a: OutcomeRecord, b: OutcomeRecord): number {
  return (
    compare(a.checkpoint, b.checkpoint) ||
    compare(a.instrument, b.instrument) ||
    compare(a.sample, b.sample) ||
    a.repeat - b.repeat ||
    // The same sample may have failed once and been answered later.
    compare(JSON.stringify(a), JSON.stringify(b))
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function publishedDefinition(definition: JsonObject): JsonObject {
  const roles = objectOf(definition['roles']);
  return {
    ...definition,
    ...(typeof definition['description'] === 'string'
      ? { description: withoutPlaces(definition['description']) }
      : {}),
    checkpoints: listOf(definition['checkpoints']).map(publishedAddressee),
    tasks: listOf(definition['tasks']).map(publishedTask),
    roles: Object.fromEntries(Object.entries(roles).map(([role, one]) => [role, publishedAddressee(one)])),
  };
}

function publishedAddressee(value: JsonValue): JsonValue {
  const { template, system, model, lora, options, ...rest } = objectOf(value);
  return {
    ...rest,
    ...(model === undefined ? {} : { model: withoutPlacesIn(model) }),
    ...(lora === undefined ? {} : { lora: withoutPlacesIn(lora) }),
    ...(typeof template === 'string' ? { template: standIn(template) } : {}),
    ...(typeof system === 'string' ? { system: standIn(system) } : {}),
    options: withoutTexts(options ?? {}),
  };
}

/** Options of a backend: numbers and switches stay, because they tell two measurements apart; texts become stand-ins. */
function withoutTexts(value: JsonValue): JsonValue {
  if (typeof value === 'string') return standIn(value);
  if (Array.isArray(value)) return value.map((item: JsonValue) => withoutTexts(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([key, item]) => [key, withoutTexts(item)]),
  );
}

function publishedTask(value: JsonValue): JsonValue {
  const { path, ...rest } = objectOf(value);
  return { ...rest, ...(path === undefined ? {} : { path: withoutPlacesIn(path) }) };
}

function publishedModel({ identity, ...rest }: ManifestModel): ManifestModel {
  const known = identity as unknown as JsonObject;
  return { ...rest, identity: withoutPlacesIn(known) as unknown as ManifestModel['identity'], probe: [] };
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
