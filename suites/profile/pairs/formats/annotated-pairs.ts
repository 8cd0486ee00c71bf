import { digestOf } from '../../../../core/digest.ts';
import type { JsonObject, JsonValue } from '../../../../core/json.ts';
import { type AnnotatedHeader, annotatorNames, defaultAnnotator, voteOf } from '../annotators.ts';
import { isRecord, optionalText, recordOf, textOf, unusableRow } from '../cells.ts';
import type { PairRow } from '../pair.ts';

/** `metadata.generator` of files that this program wrote: their comparisons hold the fields of a pair by name. */
export const GENERATOR = 'aligntrust';
/** Where a pair keeps what its comparison said besides, so that nothing is lost on the way back. */
export const KEPT = 'annotated_pairs';
/** The file's header, which the first pair of a pairs file carries under `meta.annotated_pairs`. */
export const KEPT_HEADER = 'header';

const OWN_FIELDS = ['item', 'source', 'quotes', 'reference', 'strength', 'meta'] as const;

/**
 * The parts of an annotated-pairs file, version 2 of Feedback Forensics and ICAI (Findeis et al. 2025, arXiv 2509.26305);
 * version 1 holds the responses as plain texts and is read as well.
 *
 * @throws UserError (exit code 3) where it is no such file
 */
export function annotatedParts(
  document: JsonObject,
  where: string,
): { readonly header: AnnotatedHeader; readonly comparisons: readonly JsonValue[] } {
  const { metadata = {}, annotators, comparisons, ...more } = document;
  if (!Array.isArray(comparisons)) throw unusableRow(where, 'comparisons', 'is no list');
  const header = {
    metadata: recordOf(metadata, where, 'metadata'),
    annotators: recordOf(annotators, where, 'annotators'),
    more,
  };
  const version = header.metadata['version'] ?? '1.0';
  if (typeof version !== 'string' || !/^[12](?:\.|$)/.test(version)) {
    const fix = 'versions 1 and 2 are read';
    throw unusableRow(where, 'metadata.version', `is ${JSON.stringify(version)}`, fix);
  }
  return { header, comparisons: comparisons as readonly JsonValue[] };
}

/** What reads the comparisons under a header as pairs. */
export function comparisonReader(header: AnnotatedHeader): (value: JsonValue, where: string) => PairRow {
  const names = annotatorNames(header);
  const main = defaultAnnotator(header);
  const isOurs = header.metadata['generator'] === GENERATOR;
  return (value, where) => {
    const comparison = withResponses(recordOf(value, where, 'comparison'));
    const { prompt: _prompt, response_a, response_b, ...others } = comparison;
    const [first, second] = [
      recordOf(response_a, where, 'response_a'),
      recordOf(response_b, where, 'response_b'),
    ];
    const annotations = recordOf(comparison['annotations'] ?? {}, where, 'annotations');
    const prompt = promptOf(comparison['prompt'], where);
    const id = idOf(comparison, where);
    const said = main === undefined ? undefined : voteOf(annotations[main]);
    const votes = Object.entries(annotations).flatMap(([hash, annotation]) =>
      hash === main ? [] : [[names.get(hash) ?? hash, voteOf(annotation)] as const],
    );
    const [modelA, modelB] = [optionalText(first, 'model'), optionalText(second, 'model')];
    const rest: JsonObject = {
      ...others,
      ...(prompt === '' && comparison['prompt'] !== undefined ? { prompt: comparison['prompt'] } : {}),
      response_a: withoutText(first),
      response_b: withoutText(second),
    };
    const own = isOurs ? ownFields(comparison['metadata']) : {};
    return {
      id,
      item: prompt === '' ? id : digestOf({ prompt }).slice(0, 16),
      prompt,
      a: textOf(first, 'text', where, ''),
      b: textOf(second, 'text', where, ''),
      ...(modelA === undefined ? {} : { modelA }),
      ...(modelB === undefined ? {} : { modelB }),
      ...(said === 'a' || said === 'b' || said === 'tie' ? { preference: said } : {}),
      ...(votes.length === 0 ? {} : { votes: Object.fromEntries(votes) }),
      ...own,
      meta: { ...(isRecord(own.meta) ? own.meta : {}), [KEPT]: { comparison: rest } },
    };
  };
}

/** Version 1 holds the texts themselves. */
function withResponses(comparison: JsonObject): JsonObject {
  if (comparison['response_a'] !== undefined || typeof comparison['text_a'] !== 'string') return comparison;
  const { text_a, text_b, ...others } = comparison;
  return { ...others, response_a: { text: text_a }, response_b: { text: text_b ?? null } };
}

/** What is left of a response; a text of nothing but space, which the pair does not hold, stays with it. */
function withoutText(response: JsonObject): JsonObject {
  const { text, ...others } = response;
  return typeof text === 'string' && text !== '' && text.trim() === '' ? response : others;
}

function promptOf(prompt: JsonValue | undefined, where: string): string {
  if (prompt === undefined || prompt === null) return '';
  if (typeof prompt !== 'string') throw unusableRow(where, 'prompt', 'is not a text');
  return prompt.trim() === '' ? '' : prompt;
}

function idOf(comparison: JsonObject, where: string): string {
  const id = optionalText(comparison, 'id');
  if (id === undefined) throw unusableRow(where, 'id', 'is no name');
  return id;
}

/** The fields of a pair that our own files keep in a comparison's metadata. */
function ownFields(metadata: JsonValue | undefined): Partial<PairRow> {
  if (!isRecord(metadata)) return {};
  const held = OWN_FIELDS.flatMap((field) => {
    const value = metadata[field];
    return value !== undefined && fits(field, value) ? [[field, value] as const] : [];
  });
  return Object.fromEntries(held) as Partial<PairRow>;
}

/** Others may have changed the file since. */
function fits(field: (typeof OWN_FIELDS)[number], value: JsonValue): boolean {
  if (field === 'meta') return isRecord(value);
  if (field === 'quotes') return Array.isArray(value) && value.every((one) => typeof one === 'string');
  if (field === 'strength') return typeof value === 'number' && value >= 0 && value <= 1;
  return typeof value === 'string';
}

/** The fields of a pair that the format has no place for. */
export function metadataOf(pair: PairRow): JsonObject {
  const { [KEPT]: _kept, ...meta } = pair.meta ?? {};
  const held = { ...pair, meta };
  return Object.fromEntries(
    OWN_FIELDS.flatMap((field) => {
      const value = held[field];
      const isEmpty = value === undefined || (field === 'meta' && Object.keys(meta).length === 0);
      return isEmpty ? [] : [[field, value as JsonValue] as const];
    }),
  );
}
