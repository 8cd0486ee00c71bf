import type { OutcomeRecord } from '../../benchmarks/journal/records.ts';

/** Which answer matches the behaviour that a statement is of. */
export type Matching = 'yes' | 'no';

/** What an outcome says of a statement; null where it says nothing of behaviours. */
export type StatementDetail =
  | { readonly kind: 'state'; readonly matching: Matching; readonly vector: Float32Array }
  /** A vector that cannot be used: not finite, all zero, or not what it says it is. */
  | { readonly kind: 'unusable'; readonly matching: Matching | null }
  | {
      readonly kind: 'odds';
      readonly matching: Matching;
      /** Log-odds of Yes, in nats; a bound of them where `censored`. */
      readonly yesLogOdds: number;
      readonly censored: boolean;
      readonly mass: number | null;
      /** Whether the matching answer is the likelier one; null where that is not known. */
      readonly matches: number | null;
    };

/** No model is wider: a longer vector is none. */
const WIDEST = 65_536;

/** Reads the detail of an outcome, which may come from anywhere; never throws. */
export function statementDetail({ outcome }: OutcomeRecord): StatementDetail | null {
  if (outcome.kind !== 'scored' && outcome.kind !== 'unscored') return null;
  const { detail } = outcome;
  if (!isObject(detail)) return null;
  const matching = detail['matching'] === 'yes' || detail['matching'] === 'no' ? detail['matching'] : null;
  if ('unusable' in detail || 'vector' in detail) {
    const vector = unpacked(detail['vector'], detail['width']);
    return vector === null || matching === null || outcome.kind === 'unscored'
      ? { kind: 'unusable', matching }
      : { kind: 'state', matching, vector };
  }
  if (matching === null || outcome.kind !== 'scored' || !('yesLogOdds' in detail)) return null;
  return oddsDetail(detail, matching, outcome.values['matching']);
}

function oddsDetail(
  { yesLogOdds, low, high, mass }: Readonly<Record<string, unknown>>,
  matching: Matching,
  matches: number | undefined,
): StatementDetail | null {
  const exact = finite(yesLogOdds);
  const value = exact ?? finite(low) ?? finite(high);
  if (value === null) return null;
  return {
    kind: 'odds',
    matching,
    yesLogOdds: value,
    censored: exact === null,
    mass: finite(mass),
    matches: finite(matches),
  };
}

/** Numbers of single precision, little-endian, in base64; null for anything else, and for a state that says nothing. */
function unpacked(text: unknown, width: unknown): Float32Array | null {
  if (typeof text !== 'string' || !isWidth(width)) return null;
  // What is no base64 is passed over by the decoder, which then yields too few bytes.
  if (text.length !== 4 * Math.ceil((4 * width) / 3)) return null;
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== 4 * width) return null;
  const vector = new Float32Array(width);
  let square = 0;
  for (let index = 0; index < width; index++) {
    const value = bytes.readFloatLE(4 * index);
    vector[index] = value;
    square += value * value;
  }
  return Number.isFinite(square) && square > 0 ? vector : null;
}

function isWidth(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= WIDEST;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
