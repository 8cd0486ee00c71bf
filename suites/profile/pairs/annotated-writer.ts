import type { JsonObject, JsonValue } from '../../../core/json.ts';
import {
  type AnnotatedHeader,
  annotationOf,
  annotatorHash,
  annotatorNames,
  DEFAULT_ANNOTATOR,
  defaultAnnotator,
  voteOf,
} from './annotators.ts';
import { isRecord } from './cells.ts';
import { GENERATOR, KEPT, metadataOf } from './formats/annotated-pairs.ts';
import type { PairRow, Vote } from './pair.ts';

/** What a new annotator is called, and what it is. */
export interface AnnotatorFacts {
  readonly name: string;
  readonly description: string;
  /** `human`, `principle`, `model` … */
  readonly type: string;
}

export interface AnnotatedWriterOptions {
  /** Of the file that the pairs came from. */
  readonly header?: AnnotatedHeader;
  readonly datasetName: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** What is known of raters by name; others are called by their name. */
  readonly raters?: ReadonlyMap<string, AnnotatorFacts>;
}

/**
 * Makes an annotated-pairs file, version 2, of pairs, piece by piece. Annotators stand above the comparisons and are known
 * once all of them were made: `head` is asked for last and written first. What came from such a file goes back as it was: ids, hashes,
 * metadata, reasons of missing preferences; votes that were added since become annotators of their own.
 */
export class AnnotatedWriter {
  readonly #options: AnnotatedWriterOptions;
  readonly #hashes: Map<string, string>;
  readonly #added = new Map<string, AnnotatorFacts>();
  readonly #keys = new Set<string>();
  readonly #main: string;
  #hasMain = false;

  constructor(options: AnnotatedWriterOptions) {
    this.#options = options;
    const { header } = options;
    const names = header === undefined ? [] : [...annotatorNames(header)];
    this.#hashes = new Map(names.map(([hash, name]) => [name, hash]));
    const known = header === undefined ? undefined : defaultAnnotator(header);
    this.#main = known ?? annotatorHash(DEFAULT_ANNOTATOR.description);
  }

  #see(pair: PairRow): void {
    if (pair.preference !== undefined) this.#hasMain = true;
    const raw = annotationsOf(pair);
    for (const name of Object.keys(pair.votes ?? {})) {
      if (!this.#hashes.has(name) && !Object.hasOwn(raw, name)) this.#add(name);
    }
    if (pair.meta?.[KEPT] !== undefined) return;
    for (const [key, value] of Object.entries(metadataOf(pair))) {
      if (typeof value !== 'object') this.#keys.add(key);
    }
  }

  /** All before the first comparison, once the last one was made. */
  head(): string {
    const { metadata, annotators, more } = this.#header();
    const parts = Object.entries({ metadata, annotators, ...more }).map(
      ([key, value]) =>
        `  ${JSON.stringify(key)}: ${JSON.stringify(value, undefined, 2).replaceAll('\n', '\n  ')}`,
    );
    return `{\n${parts.join(',\n')},\n  "comparisons": [`;
  }

  comparison(pair: PairRow, isFirst: boolean): string {
    this.#see(pair);
    return `${isFirst ? '' : ','}\n    ${JSON.stringify(this.#comparisonOf(pair))}`;
  }

  foot(): string {
    return '\n  ]\n}\n';
  }

  #add(name: string): void {
    const facts = this.#options.raters?.get(name) ?? {
      name,
      description: `Votes of ${name}`,
      type: 'unknown',
    };
    const taken = new Set([...this.#hashes.values(), this.#main]);
    let hash = annotatorHash(facts.description);
    for (let more = 2; taken.has(hash); more++) hash = annotatorHash(`${facts.description} ${more}`);
    this.#hashes.set(name, hash);
    this.#added.set(hash, facts);
  }

  #header(): AnnotatedHeader {
    const { header, datasetName, createdAt } = this.#options;
    const main = this.#hasMain ? [[this.#main, { ...DEFAULT_ANNOTATOR }] as const] : [];
    const added = [...this.#added].map(([hash, facts]) => [hash, { ...facts }] as const);
    const keys = this.#keys.size === 0 ? {} : { available_metadata_keys_per_comparison: [...this.#keys] };
    const made: JsonObject = {
      version: '2.0',
      description: `Pairs of responses with the votes of their raters, written by ${GENERATOR}`,
      created_at: createdAt,
      dataset_name: datasetName,
      ...(this.#hasMain ? { default_annotator: this.#main } : {}),
      ...keys,
      generator: GENERATOR,
    };
    if (header === undefined) {
      return { metadata: made, annotators: Object.fromEntries([...main, ...added]), more: {} };
    }
    // A file that names its main annotator is left its own word for it, whether it describes it or not.
    const needsMain = this.#hasMain && defaultAnnotator(header) === undefined;
    return {
      metadata: {
        ...header.metadata,
        version: upgraded(header.metadata['version']),
        ...(needsMain ? { default_annotator: this.#main } : {}),
      },
      annotators: Object.fromEntries([
        ...(needsMain ? main : []),
        ...Object.entries(header.annotators),
        ...added,
      ]),
      more: header.more,
    };
  }

  #comparisonOf(pair: PairRow): JsonObject {
    const kept = keptComparison(pair);
    const { annotations: _raw, response_a, response_b, ...others } = kept ?? {};
    const metadata = metadataOf(pair);
    const isMade = kept === undefined && Object.keys(metadata).length > 0;
    return {
      ...(kept === undefined ? { id: pair.id } : {}),
      ...(pair.prompt === '' && kept !== undefined ? {} : { prompt: pair.prompt }),
      ...others,
      response_a: responseOf(pair.a, pair.modelA, response_a),
      response_b: responseOf(pair.b, pair.modelB, response_b),
      annotations: this.#annotationsOf(pair),
      ...(isMade ? { metadata } : {}),
    };
  }

  #annotationsOf(pair: PairRow): JsonObject {
    const raw = annotationsOf(pair);
    const said: (readonly [string, Vote])[] = Object.entries(pair.votes ?? {}).map(([name, vote]) => [
      this.#hashes.get(name) ?? name,
      vote,
    ]);
    if (pair.preference !== undefined) said.unshift([this.#main, pair.preference]);
    const changed = said.filter(([hash, vote]) => !Object.hasOwn(raw, hash) || voteOf(raw[hash]) !== vote);
    return Object.fromEntries([
      ...Object.entries(raw),
      ...changed.map(([hash, vote]) => [hash, annotationOf(vote)] as const),
    ]);
  }
}

/** Comparisons are written as version 2 has them. */
function upgraded(version: JsonValue | undefined): JsonValue {
  return typeof version === 'string' && version.startsWith('2') ? version : '2.0';
}

function keptComparison({ meta }: PairRow): JsonObject | undefined {
  const kept = meta?.[KEPT];
  const comparison = isRecord(kept) ? kept['comparison'] : undefined;
  return isRecord(comparison) ? comparison : undefined;
}

function annotationsOf(pair: PairRow): JsonObject {
  const annotations = keptComparison(pair)?.['annotations'];
  return isRecord(annotations) ? annotations : {};
}

function responseOf(text: string, model: string | undefined, kept: JsonValue | undefined): JsonObject {
  return { text, ...(model === undefined ? {} : { model }), ...(isRecord(kept) ? kept : {}) };
}
