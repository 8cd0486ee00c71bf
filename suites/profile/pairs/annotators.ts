import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue } from '../../../core/json.ts';
import { isRecord } from './cells.ts';
import type { Vote } from './pair.ts';

/** What stands above the comparisons of an annotated-pairs file. */
export interface AnnotatedHeader {
  readonly metadata: JsonObject;
  /** By hash: name, description, type and whatever else a file says of them. */
  readonly annotators: JsonObject;
  /** Further entries of the file. */
  readonly more: JsonObject;
}

/** Feedback Forensics finds the main preference under the hash of exactly this description. */
export const DEFAULT_ANNOTATOR = {
  name: 'preferred_text',
  description: 'Default annotator from original dataset (from column `preferred_text`)',
  type: 'unknown',
} as const;

/** The first 8 hex digits of the MD5 of a description: how the format names annotators. Nothing is secured by it. */
export function annotatorHash(description: string): string {
  return createHash('md5').update(description, 'utf8').digest('hex').slice(0, 8);
}

export function defaultAnnotator({ metadata }: AnnotatedHeader): string | undefined {
  const hash = metadata['default_annotator'];
  return typeof hash === 'string' ? hash : undefined;
}

/**
 * Names of annotators by hash: their name, else their description, else the hash; followed by the hash where two would
 * be called alike. The default annotator has none: it is the main label.
 */
export function annotatorNames(header: AnnotatedHeader): ReadonlyMap<string, string> {
  const main = defaultAnnotator(header);
  const entries = Object.entries(header.annotators).filter(([hash]) => hash !== main);
  const plain = entries.map(([hash, annotator]) => [hash, plainName(hash, annotator)] as const);
  const times = new Map<string, number>();
  for (const [, name] of plain) times.set(name, (times.get(name) ?? 0) + 1);
  return new Map(plain.map(([hash, name]) => [hash, times.get(name) === 1 ? name : `${name} (${hash})`]));
}

function plainName(hash: string, annotator: JsonValue): string {
  if (!isRecord(annotator)) return hash;
  const [name] = ['name', 'description'].flatMap((field) => {
    const value = annotator[field];
    return typeof value === 'string' && value.trim() !== '' ? [value.trim()] : [];
  });
  return name ?? hash;
}

const PREFERENCES: Readonly<Record<string, Vote>> = {
  a: 'a',
  b: 'b',
  text_a: 'a',
  text_b: 'b',
  tie: 'tie',
  both: 'both',
  neither: 'neither',
  not_applicable: 'neither',
};

/** What an annotation says; anything that it cannot mean is `invalid`. */
export function voteOf(annotation: JsonValue | undefined): Vote {
  if (!isRecord(annotation)) return 'invalid';
  const said = annotation['pref'] ?? annotation['no_pref_reason'];
  return typeof said === 'string' && Object.hasOwn(PREFERENCES, said)
    ? (PREFERENCES[said] as Vote)
    : 'invalid';
}

export function annotationOf(vote: Vote): JsonObject {
  return vote === 'a' || vote === 'b' ? { pref: vote } : { pref: null, no_pref_reason: vote };
}
