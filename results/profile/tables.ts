import type { FactorPairs } from '../statistics/factor-pairs.ts';
import { UNRATED } from '../statistics/factor-pairs.ts';
import { GrowingNumbers, GrowingRows, GrowingSigns, orderOf } from './columns.ts';
import { factorValues, finiteOf, type PairDetail, type WrittenDetail } from './detail.ts';
import type { ProfileRater, ProfileSetting } from './profile-summary.ts';

/** Pairs of one instrument with everybody who rated them. */
export interface CollectedTable {
  readonly task: string;
  readonly pairs: FactorPairs;
  readonly raters: readonly CollectedRater[];
}

export interface CollectedRater {
  readonly rater: ProfileRater;
  readonly setting: ProfileSetting;
  /** 1, 0, −1 a pair, or UNRATED. */
  readonly preference: Int8Array;
  /** Pairs on which both orders disagreed, and samples without a readable preference. */
  readonly inconsistent: number;
  readonly invalid: number;
}

/** What all tables need to know. */
export interface TableFrame {
  readonly factors: readonly string[];
  /** Index of the length in `factors`; −1 for none. */
  readonly length: number;
}

/** Numbers for names, in the order in which they come. */
export class Names {
  readonly names: string[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.names.length);
    this.names.push(name);
    return this.names.length - 1;
  }

  /** The number that each name has once all are sorted. */
  sortedNumbers(): Uint32Array {
    const numbers = new Uint32Array(this.names.length);
    for (const [place, number] of orderOf(this.names).entries()) numbers[number] = place;
    return numbers;
  }
}

/** Differences of at most this share of both lengths are about equal: |a − b|/(a + b + 1). */
const EQUAL_LENGTH = 0.05;

function isLengthMatched(a: number, b: number): boolean {
  return Math.abs(a - b) / (a + b + 1) <= EQUAL_LENGTH;
}

/** Most samples are asked once, and their ids need not be copied. */
function unitName(sample: string, repeat: number): string {
  return repeat === 0 ? sample : `${sample}\u0000${repeat}`;
}

interface Preferences {
  readonly said: GrowingSigns;
  inconsistent: number;
  invalid: number;
}

/** Given pairs, which checkpoints and people rate: the pairs are kept once, whoever rates them. */
export class PairTable {
  readonly #frame: TableFrame;
  readonly #prompts: Names;
  readonly #units = new Names();
  readonly #promptOf = new GrowingNumbers(0);
  readonly #differences: GrowingRows;
  readonly #matched = new GrowingSigns(0);
  readonly #human = new GrowingSigns(UNRATED);
  readonly #votes = new Map<string, GrowingSigns>();
  readonly #checkpoints = new Map<string, Preferences>();
  /** Values that two outcomes state differently, as unit · factors + factor: nobody knows which holds. */
  readonly #contradictions = new Set<number>();
  #setting: ProfileSetting = 'evaluation';

  constructor(frame: TableFrame, prompts: Names) {
    this.#frame = frame;
    this.#prompts = prompts;
    this.#differences = new GrowingRows(frame.factors.length, Number.NaN);
  }

  get contradictions(): number {
    return this.#contradictions.size;
  }

  /** @param checkpoint null where nobody but people rated the pair. */
  enter(
    checkpoint: string | null,
    sample: string,
    repeat: number,
    cluster: string,
    detail: PairDetail,
  ): void {
    this.#setting = detail.setting;
    const unit = this.#units.numberOf(unitName(sample, repeat));
    this.#promptOf.set(unit, this.#prompts.numberOf(cluster));
    this.#enterFactors(unit, detail);
    // What people said of a pair they said once, however often a checkpoint is asked.
    if (repeat === 0) this.#enterPeople(unit, detail);
    if (checkpoint === null) return;
    const { preference, isInconsistent } = detail;
    const own = this.#of(checkpoint);
    if (preference === UNRATED || own.said.get(unit) !== UNRATED) return;
    own.said.set(unit, preference);
    if (isInconsistent) own.inconsistent++;
  }

  enterInvalid(checkpoint: string): void {
    this.#of(checkpoint).invalid++;
  }

  arranged(task: string, promptNumbers: Uint32Array, checkpoints: readonly string[]): CollectedTable {
    const order = orderOf(this.#units.names);
    const prompts = Uint32Array.from(
      this.#promptOf.arranged(order),
      (number) => promptNumbers[number] as number,
    );
    const people = (rater: ProfileRater, said: GrowingSigns): CollectedRater => ({
      rater,
      setting: 'human',
      preference: said.arranged(order),
      inconsistent: 0,
      invalid: 0,
    });
    const votes = [...this.#votes].sort(([one], [other]) => (one < other ? -1 : 1));
    const raters = [
      people({ kind: 'human', name: 'human' }, this.#human),
      ...votes.map(([name, said]) => people({ kind: 'vote', name }, said)),
      ...checkpoints.flatMap((name): CollectedRater[] => {
        const own = this.#checkpoints.get(name);
        if (own === undefined) return [];
        const { said, inconsistent, invalid } = own;
        const rater: ProfileRater = { kind: 'checkpoint', name };
        return [{ rater, setting: this.#setting, preference: said.arranged(order), inconsistent, invalid }];
      }),
    ];
    return {
      task,
      pairs: {
        prompts,
        differences: this.#differences.columns(order),
        lengthMatched: Uint8Array.from(this.#matched.arranged(order)),
      },
      // People who rated nothing are no raters; a checkpoint that decided nothing is one, and says so.
      raters: raters.filter(
        ({ rater, preference }) => rater.kind === 'checkpoint' || preference.some((said) => said !== UNRATED),
      ),
    };
  }

  #enterFactors(unit: number, { factors }: PairDetail): void {
    const row = this.#differences.row(unit);
    const keys = this.#frame.factors;
    for (let index = 0; index < keys.length; index++) {
      const values = factorValues(factors, keys[index] as string);
      const [a, b] = [finiteOf(values[0]), finiteOf(values[1])];
      const difference = a - b;
      if (Number.isNaN(difference)) continue;
      const known = row[index] as number;
      const place = unit * keys.length + index;
      if (this.#contradictions.size > 0 && this.#contradictions.has(place)) continue;
      if (!Number.isNaN(known) && known !== difference) {
        this.#contradictions.add(place);
        row[index] = Number.NaN;
        continue;
      }
      row[index] = difference;
      if (index === this.#frame.length && isLengthMatched(a, b)) this.#matched.set(unit, 1);
    }
  }

  #enterPeople(unit: number, { human, votes }: PairDetail): void {
    if (human !== UNRATED) this.#human.set(unit, human);
    for (const [name, vote] of votes) {
      if (vote === UNRATED) continue;
      const column = this.#votes.get(name) ?? new GrowingSigns(UNRATED);
      column.set(unit, vote);
      this.#votes.set(name, column);
    }
  }

  #of(checkpoint: string): Preferences {
    const known = this.#checkpoints.get(checkpoint);
    if (known !== undefined) return known;
    const made: Preferences = { said: new GrowingSigns(UNRATED), inconsistent: 0, invalid: 0 };
    this.#checkpoints.set(checkpoint, made);
    return made;
  }
}

/** Responses that one checkpoint wrote to requested qualities: a prompt's pairs are those of its responses. */
export class WrittenTable {
  readonly #frame: TableFrame;
  readonly #prompts: Names;
  readonly #units = new Names();
  readonly #samples: {
    readonly prompt: number;
    readonly start: number;
    readonly scores: readonly number[];
  }[] = [];
  readonly #values: readonly GrowingNumbers[];
  #filled = 0;
  #invalid = 0;

  constructor(frame: TableFrame, prompts: Names) {
    this.#frame = frame;
    this.#prompts = prompts;
    this.#values = frame.factors.map(() => new GrowingNumbers(Number.NaN));
  }

  enter(sample: string, repeat: number, cluster: string, { scores, factors }: WrittenDetail): void {
    const unit = this.#units.numberOf(unitName(sample, repeat));
    if (unit < this.#samples.length) return;
    this.#samples.push({ prompt: this.#prompts.numberOf(cluster), start: this.#filled, scores });
    for (const [index, key] of this.#frame.factors.entries()) {
      const values = factorValues(factors, key);
      for (let response = 0; response < scores.length; response++) {
        this.#values[index]?.set(this.#filled + response, finiteOf(values[response]));
      }
    }
    this.#filled += scores.length;
  }

  enterInvalid(): void {
    this.#invalid++;
  }

  arranged(task: string, promptNumbers: Uint32Array, checkpoint: string): CollectedTable {
    const [firsts, seconds, prompts, said]: [number[], number[], number[], number[]] = [[], [], [], []];
    for (const unit of orderOf(this.#units.names)) {
      const sample = this.#samples[unit];
      if (sample === undefined) continue;
      const { prompt, start, scores } = sample;
      for (const [second, better] of scores.entries()) {
        for (const [first, worse] of scores.slice(0, second).entries()) {
          firsts.push(start + first);
          seconds.push(start + second);
          prompts.push(promptNumbers[prompt] as number);
          said.push(Math.sign(worse - better));
        }
      }
    }
    const values = (factor: number, place: number): number => this.#values[factor]?.get(place) ?? Number.NaN;
    const { length } = this.#frame;
    return {
      task,
      pairs: {
        prompts: Uint32Array.from(prompts),
        differences: this.#values.map((_, factor) =>
          Float64Array.from(
            firsts,
            (first, pair) => values(factor, first) - values(factor, seconds[pair] as number),
          ),
        ),
        lengthMatched: Uint8Array.from(firsts, (first, pair) =>
          isLengthMatched(values(length, first), values(length, seconds[pair] as number)) ? 1 : 0,
        ),
      },
      raters: [
        {
          rater: { kind: 'checkpoint', name: checkpoint },
          setting: 'generation',
          preference: Int8Array.from(said),
          inconsistent: 0,
          invalid: this.#invalid,
        },
      ],
    };
  }
}
