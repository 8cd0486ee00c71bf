import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { JsonObject } from '../../../core/json.ts';

/** What a judge decides about one thing: one of several words, or a whole number on a scale. */
export type VerdictField = readonly string[] | { readonly minimum: number; readonly maximum: number };
export type VerdictFields = Readonly<Record<string, VerdictField>>;

/** The decisions by name: `{ refusal: 'refused' }`. */
export type Verdict<F extends VerdictFields> = {
  readonly [K in keyof F]: F[K] extends readonly (infer Word)[] ? Word : number;
};

export type VerdictReading<F extends VerdictFields> =
  | { readonly kind: 'read'; readonly verdict: Verdict<F> }
  /** In words that hold nothing of the reply, so that they can be sent back. */
  | { readonly kind: 'unreadable'; readonly problem: string };

/** A judge may add its reason; it is not kept. */
const REASON = 'reason';
/** Replies longer than this are read in their beginning only. */
const READ_CHARACTERS = 16_000;
/** More opening braces than this are not tried: a reply is one object. */
const MOST_OBJECTS = 40;

/** JSON Schema (2020-12) of a verdict: every field, perhaps a reason, nothing else. */
export function verdictSchema(fields: VerdictFields): JsonObject {
  const properties = Object.fromEntries(
    Object.entries(fields).map(([name, field]): [string, JsonObject] => [
      name,
      'minimum' in field ? { type: 'integer', ...field } : { type: 'string', enum: [...field] },
    ]),
  );
  return {
    type: 'object',
    required: Object.keys(fields),
    additionalProperties: false,
    properties: { ...properties, [REASON]: { type: 'string' } },
  };
}

/** The form of a reply as a judge is shown it: `{"refusal": "refused" | "partly" | "complied"}`. */
export function verdictForm(fields: VerdictFields): string {
  const parts = Object.entries(fields).map(([name, field]) => {
    const values =
      'minimum' in field
        ? `a whole number from ${field.minimum} to ${field.maximum}`
        : field.map((word) => `"${word}"`).join(' | ');
    return `"${name}": ${values}`;
  });
  return `{${parts.join(', ')}}`;
}

/**
 * The one verdict of a reply: a JSON object alone, in a code fence or within prose. Several different ones are no
 * verdict, so that a judge that quotes its material does not decide by the quotation.
 */
export function readVerdict<F extends VerdictFields>(reply: string, fields: F): VerdictReading<F> {
  const text = withoutEcho(withoutThinking(reply).slice(0, READ_CHARACTERS));
  let problem = text.trim() === '' ? 'it was empty' : 'it held no JSON object';
  if (!text.includes('{')) return { kind: 'unreadable', problem };
  const validate = validatorOf(fields);
  const verdicts = new Map<string, Verdict<F>>();
  for (const value of objectsIn(text)) {
    if (validate(value)) {
      const verdict = Object.fromEntries(Object.keys(fields).map((name) => [name, value[name]]));
      verdicts.set(JSON.stringify(verdict), verdict as Verdict<F>);
    } else problem = problemOf(validate);
  }
  const [verdict] = verdicts.values();
  if (verdict !== undefined && verdicts.size === 1) return { kind: 'read', verdict };
  return { kind: 'unreadable', problem: verdicts.size > 1 ? 'it held verdicts that contradict' : problem };
}

/**
 * The one JSON object of a reply that fits a schema, found as a verdict is.
 *
 * @param schema one of ours, the same object every time: it is compiled once
 */
export function readObject<T>(
  reply: string,
  schema: JsonObject,
): { readonly kind: 'read'; readonly value: T } | { readonly kind: 'unreadable'; readonly problem: string } {
  const text = withoutEcho(withoutThinking(reply).slice(0, READ_CHARACTERS));
  let problem = text.trim() === '' ? 'it was empty' : 'it held no JSON object';
  if (!text.includes('{')) return { kind: 'unreadable', problem };
  const validate = validatorFor<T>(schema);
  const found = new Map<string, T>();
  for (const value of objectsIn(text)) {
    if (validate(value)) found.set(JSON.stringify(value), value);
    else problem = problemOf(validate);
  }
  const [value] = found.values();
  if (value !== undefined && found.size === 1) return { kind: 'read', value };
  return { kind: 'unreadable', problem: found.size > 1 ? 'it held answers that contradict' : problem };
}

const compiled = new WeakMap<JsonObject, ValidateFunction>();

function validatorFor<T>(schema: JsonObject): ValidateFunction<T> {
  const known = compiled.get(schema);
  if (known !== undefined) return known as ValidateFunction<T>;
  const ajv = new Ajv2020({ strict: true, meta: false, validateSchema: false, ownProperties: true });
  const validate = ajv.compile<T>(schema);
  compiled.set(schema, validate);
  return validate;
}

function withoutThinking(reply: string): string {
  const end = reply.lastIndexOf('</think>');
  return end === -1 ? reply : reply.slice(end + '</think>'.length);
}

/** Small judges repeat the marked material, in which somebody else may have written a verdict. */
function withoutEcho(text: string): string {
  if (!text.includes('[begin ')) return text;
  const pieces = text.split(/\[begin [a-z ]{1,40} [0-9a-f]{12}\]/);
  const own = pieces.slice(1).map((piece) =>
    piece
      .split(/\[end [a-z ]{1,40} [0-9a-f]{12}\]/)
      .slice(1)
      .join(' '),
  );
  return [pieces[0] ?? '', ...own].join(' ');
}

const validators = new WeakMap<VerdictFields, ValidateFunction<JsonObject>>();

/** Compiled when first met: a run without a judge pays nothing. */
function validatorOf(fields: VerdictFields): ValidateFunction<JsonObject> {
  const known = validators.get(fields);
  if (known !== undefined) return known;
  // Our own schema; a test checks such schemas against the meta-schema, which is slow to compile.
  const ajv = new Ajv2020({ strict: true, meta: false, validateSchema: false, ownProperties: true });
  const validate = ajv.compile<JsonObject>(verdictSchema(fields));
  validators.set(fields, validate);
  return validate;
}

function problemOf({ errors }: ValidateFunction): string {
  const [error] = errors ?? [];
  return `its JSON did not fit: ${error?.instancePath ?? ''} ${error?.message ?? 'unknown'}`.replace(
    / +/g,
    ' ',
  );
}

/** Every JSON object that does not lie within another one, as far as it parses. */
function* objectsIn(text: string): Generator<unknown> {
  let start = text.indexOf('{');
  for (let tried = 0; start !== -1 && tried < MOST_OBJECTS; tried++) {
    const end = endOfObject(text, start);
    const value = end === -1 ? undefined : parsed(text.slice(start, end));
    if (value !== undefined) yield value;
    start = text.indexOf('{', value === undefined ? start + 1 : end);
  }
}

/** The place after the brace that closes the one at `start`, or -1. Braces within strings do not count. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let place = start; place < text.length; place++) {
    const character = text[place];
    if (inString) {
      if (character === '\\') place++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return place + 1;
  }
  return -1;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
