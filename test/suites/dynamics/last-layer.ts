import { addTo, dot } from '../../../results/statistics/states.ts';
import { dpoLoss } from '../../../suites/dynamics/measures/preference.ts';

export const BETA = 0.1;
/** Looked up once: a global costs more than its call inside the sandbox of a test. */
const { exp, log } = Math;

export interface Item {
  readonly state: Float64Array;
  /** +1 where Yes is preferred, −1 where No is. */
  readonly side: 1 | -1;
}

/** DPO on the last layer alone, with its softmax written out: nothing of the derivation is used. */
export class LastLayer {
  readonly reference: readonly Float64Array[];
  readonly weights: Float64Array[];
  readonly #answers: { readonly yes: number; readonly no: number };
  readonly #before = new WeakMap<Item, Float64Array>();

  /** @param reference a row of W₀ for each token of the vocabulary. */
  constructor(reference: readonly ArrayLike<number>[], answers: { yes: number; no: number }) {
    this.#answers = answers;
    this.reference = reference.map((row) => Float64Array.from(row));
    this.weights = this.reference.map((row) => row.slice());
  }

  /** Whether the preferred answer is the likelier one, as in the paper's accuracy: no reference. */
  prefers(item: Item): boolean {
    const logs = logSoftmax(this.weights, item.state);
    const gap = (logs[this.#answers.yes] as number) - (logs[this.#answers.no] as number);
    return item.side * gap > 0;
  }

  margin(item: Item): number {
    return this.#marginFrom(item, logSoftmax(this.weights, item.state));
  }

  loss(items: readonly Item[]): number {
    return average(items.map((item) => dpoLoss(this.margin(item))));
  }

  /** ∇L, a row per token: −β σ(−m) (∂ ln p(chosen) − ∂ ln p(rejected)), each (one-hot − softmax) gᵀ. */
  gradient(items: readonly Item[]): Float64Array[] {
    const gradient = this.weights.map((row) => new Float64Array(row.length));
    const logs = new Float64Array(this.weights.length);
    const { yes, no } = this.#answers;
    for (const item of items) {
      logSoftmax(this.weights, item.state, logs);
      const push = BETA / (1 + exp(this.#marginFrom(item, logs))) / items.length;
      for (let row = 0; row < logs.length; row++) {
        const share = exp(logs[row] as number);
        const pull = item.side * ((row === yes ? 1 : 0) - share - ((row === no ? 1 : 0) - share));
        addTo(gradient[row] as Float64Array, item.state, -push * pull);
      }
    }
    return gradient;
  }

  step(gradient: readonly Float64Array[], rate: number): void {
    for (const [row, weights] of this.weights.entries()) addTo(weights, gradient[row] ?? [], -rate);
  }

  #marginFrom(item: Item, now: Float64Array): number {
    const before = this.#before.get(item) ?? logSoftmax(this.reference, item.state);
    this.#before.set(item, before);
    const gain = (row: number): number => (now[row] as number) - (before[row] as number);
    const { yes, no } = this.#answers;
    return BETA * (item.side === 1 ? gain(yes) - gain(no) : gain(no) - gain(yes));
  }
}

export function logSoftmax(
  weights: readonly Float64Array[],
  state: Float64Array,
  logits = new Float64Array(weights.length),
): Float64Array {
  let total = 0;
  for (let row = 0; row < logits.length; row++) {
    logits[row] = dot(weights[row] as Float64Array, state);
    total += exp(logits[row] as number);
  }
  const normaliser = log(total);
  for (let row = 0; row < logits.length; row++) logits[row] = (logits[row] as number) - normaliser;
  return logits;
}

export function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
