import type { JsonObject, JsonValue } from '../../core/json.ts';

export interface Difference {
  /** For example `cells › dpo, truthfulness/mc1@zoo-truth:robust, mc1 › value`. */
  readonly place: string;
  readonly published: string;
  readonly recomputed: string;
}

export interface Comparison {
  readonly differences: readonly Difference[];
  /** Numbers that were compared. */
  readonly numbers: number;
}

/** Sums in another order of the processor's own may move the last digits; nobody's conclusion rests on them. */
const TOLERANCE = 1e-9;

/** Everything in which two JSON values differ; numbers within one part in a billion are equal. */
export function compareValues(published: JsonValue, recomputed: JsonValue): Comparison {
  const differences: Difference[] = [];
  let numbers = 0;
  const visit = (a: JsonValue | undefined, b: JsonValue | undefined, place: readonly string[]): void => {
    if (typeof b === 'number' || typeof a === 'number') numbers++;
    if (isList(a) && isList(b)) {
      for (let index = 0; index < Math.max(a.length, b.length); index++) {
        visit(a[index], b[index], [...place, labelOf(b[index] ?? a[index], index)]);
      }
    } else if (isObject(a) && isObject(b)) {
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
        visit(Object.hasOwn(a, key) ? a[key] : undefined, Object.hasOwn(b, key) ? b[key] : undefined, [
          ...place,
          key,
        ]);
      }
    } else if (!isEqual(a, b)) {
      differences.push({ place: place.join(' › '), published: said(a), recomputed: said(b) });
    }
  };
  visit(published, recomputed, []);
  return { differences, numbers };
}

function isEqual(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (typeof a === 'number' && typeof b === 'number') {
    return a === b || Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
  }
  return a === b;
}

/** What tells an entry of a list apart for people, else its number. */
function labelOf(item: JsonValue | undefined, index: number): string {
  if (!isObject(item)) return String(index + 1);
  const names = [
    'kind',
    'checkpoint',
    'from',
    'to',
    'row',
    'task',
    'column',
    'metric',
    'id',
    'method',
    'run',
  ];
  const words = names.flatMap((name) => {
    const value = Object.hasOwn(item, name) ? item[name] : undefined;
    return typeof value === 'string' ? [/^[0-9a-f]{64}$/.test(value) ? value.slice(0, 8) : value] : [];
  });
  return words.length === 0 ? String(index + 1) : words.join(', ');
}

function said(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
