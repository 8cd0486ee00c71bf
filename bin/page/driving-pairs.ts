import type { Journal } from '../../benchmarks/journal/journal.ts';
import type { AnswerRecord, OutcomeRecord } from '../../benchmarks/journal/records.ts';
import {
  factorValue,
  type PairDetail,
  profileDetail,
  type WrittenDetail,
} from '../../results/profile/detail.ts';
import type { ProfileRater } from '../../results/profile/profile-summary.ts';
import type { ComparedPair, DrivingPair } from '../../results/report/html/input.ts';
import type { Summary } from '../../results/summary.ts';

/** How many pairs of each side stand for a score. */
const MOST_PAIRS = 2;
const SIDES = ['with', 'against'] as const;

/** One pair under one factor, before its texts are read. */
interface Candidate {
  readonly sample: string;
  readonly cluster: string;
  readonly answers: readonly string[];
  /** Places of the two among the requested qualities; null for given responses. */
  readonly places: readonly [number, number] | null;
  readonly qualities: readonly [number, number] | null;
  readonly preferred: 0 | 1;
  readonly values: readonly [number, number];
}

/** By factor the strongest pairs with it and against it. */
type Strongest = readonly (readonly [Candidate[], Candidate[]])[];

interface Rated {
  readonly task: string;
  readonly rater: ProfileRater;
  readonly strongest: Strongest;
}

/** Which pairs drive each factor score: those that differ most in the factor, at most one a prompt and side. */
export class DrivingPairs {
  readonly #factors: readonly string[];
  readonly #tasks: ReadonlySet<string>;
  readonly #order: readonly string[];
  readonly #rated = new Map<string, Rated>();

  constructor({ profile }: Summary) {
    this.#factors = profile?.factors.map(({ key }) => key) ?? [];
    this.#tasks = new Set(profile?.tables.map(({ task }) => task));
    this.#order = profile?.tables.map(({ task, rater }) => keyOf(task, rater)) ?? [];
  }

  enter(record: OutcomeRecord): void {
    if (!this.#tasks.has(record.instrument)) return;
    const detail = profileDetail(record);
    if (detail?.kind === 'pair') this.#enterPair(record, detail);
    if (detail?.kind === 'written') this.#enterWritten(record, detail);
  }

  /** The chosen pairs with their texts, as far as the answers are there. */
  async withWords(journal: Journal): Promise<DrivingPair[]> {
    const known = new Map<string, ComparedPair>();
    const pairs: DrivingPair[] = [];
    for (const { task, rater, strongest } of this.#inOrder()) {
      for (const [place, sides] of strongest.entries()) {
        const factor = this.#factors[place];
        if (factor === undefined) continue;
        for (const [side, candidates] of sides.entries()) {
          for (const candidate of candidates) {
            const { preferred, values } = candidate;
            const pair = await comparedPair(candidate, task, journal, known);
            pairs.push({ task, rater, factor, goes: SIDES[side] ?? 'with', pair, preferred, values });
          }
        }
      }
    }
    return pairs;
  }

  /** As the summary lists them. */
  #inOrder(): Rated[] {
    return this.#order.flatMap((key) => {
      const rated = this.#rated.get(key);
      return rated === undefined ? [] : [rated];
    });
  }

  #enterPair(record: OutcomeRecord, { preference, human, votes, factors }: PairDetail): void {
    const raters: (readonly [ProfileRater, number])[] = [
      [{ kind: 'checkpoint', name: record.checkpoint }, preference],
      [{ kind: 'human', name: 'human' }, human],
      ...votes.map(([name, vote]) => [{ kind: 'vote', name } as const, vote] as const),
    ];
    for (const [rater, said] of raters) {
      if (said !== 1 && said !== -1) continue;
      const strongest = this.#strongestOf(record.instrument, rater);
      for (const [place, key] of this.#factors.entries()) {
        const values = [factorValue(factors, key, 0), factorValue(factors, key, 1)] as const;
        const pull = said * Math.sign(values[0] - values[1]);
        const kept = strongest[place]?.[pull > 0 ? 0 : 1];
        if (kept === undefined || Number.isNaN(pull) || pull === 0) continue;
        const { sample, cluster, answers } = record;
        const preferred = said === 1 ? 0 : 1;
        keep(kept, { sample, cluster, answers, places: null, qualities: null, preferred, values });
      }
    }
  }

  /** Of the responses to one prompt the two that differ most, on each side. */
  #enterWritten(record: OutcomeRecord, { scores, factors }: WrittenDetail): void {
    const strongest = this.#strongestOf(record.instrument, { kind: 'checkpoint', name: record.checkpoint });
    const { sample, cluster, answers } = record;
    for (const [place, key] of this.#factors.entries()) {
      const own = scores.map((_, response) => factorValue(factors, key, response));
      for (const [lower, lowScore] of scores.entries()) {
        for (const [higher, highScore] of scores.entries()) {
          if (highScore <= lowScore) continue;
          const values = [own[higher] ?? Number.NaN, own[lower] ?? Number.NaN] as const;
          const pull = Math.sign(values[0] - values[1]);
          const kept = strongest[place]?.[pull > 0 ? 0 : 1];
          if (kept === undefined || Number.isNaN(pull) || pull === 0) continue;
          const qualities = [highScore, lowScore] as const;
          keep(kept, { sample, cluster, answers, places: [higher, lower], qualities, preferred: 0, values });
        }
      }
    }
  }

  #strongestOf(task: string, rater: ProfileRater): Strongest {
    const key = keyOf(task, rater);
    const known = this.#rated.get(key);
    if (known !== undefined) return known.strongest;
    const strongest = this.#factors.map((): readonly [Candidate[], Candidate[]] => [[], []]);
    this.#rated.set(key, { task, rater, strongest });
    return strongest;
  }
}

function keyOf(task: string, { kind, name }: ProfileRater): string {
  return kind === 'human' ? JSON.stringify([task, kind]) : JSON.stringify([task, kind, name]);
}

/** Keeps the strongest of different prompts; of equally strong ones the first by name, whatever the order of reading. */
function keep(kept: Candidate[], one: Candidate): void {
  const last = kept[MOST_PAIRS - 1];
  if (last !== undefined && reachOf(one) < reachOf(last)) return;
  const twin = kept.findIndex(({ cluster }) => cluster === one.cluster);
  const rival = kept[twin];
  if (rival !== undefined) {
    if (isBefore(one, rival)) kept[twin] = one;
  } else kept.push(one);
  kept.sort((a, b) => (isBefore(a, b) ? -1 : 1));
  if (kept.length > MOST_PAIRS) kept.length = MOST_PAIRS;
}

function isBefore(one: Candidate, other: Candidate): boolean {
  const [a, b] = [reachOf(one), reachOf(other)];
  if (a !== b) return a > b;
  return one.sample < other.sample || (one.sample === other.sample && placeOf(one) < placeOf(other));
}

/** How far the two lie apart in the factor. */
function reachOf({ values: [first, second] }: Candidate): number {
  return Math.abs(first - second);
}

function placeOf({ places }: Candidate): number {
  return places === null ? 0 : places[0] * 100 + places[1];
}

async function comparedPair(
  { sample, answers, places, qualities }: Candidate,
  task: string,
  journal: Journal,
  known: Map<string, ComparedPair>,
): Promise<ComparedPair> {
  const key = JSON.stringify(places === null ? [task, sample] : [task, answers[0] ?? sample, places]);
  const found = known.get(key);
  if (found !== undefined) return found;
  const records = (await Promise.all(answers.map((each) => journal.get(each)))).filter(
    (record) => record?.role === 'checkpoint',
  ) as AnswerRecord[];
  const words = places === null ? await givenWords(records) : await writtenWords(records, sample, places);
  const names: readonly [string, string] =
    qualities === null ? ['A', 'B'] : [`quality ${qualities[0]}`, `quality ${qualities[1]}`];
  const pair = { sample, names, words };
  known.set(key, pair);
  return pair;
}

/** Given responses stand in the prompts, once in either order. */
async function givenWords([inOrder, swapped]: readonly AnswerRecord[]): Promise<ComparedPair['words']> {
  if (inOrder === undefined || swapped === undefined) return null;
  const { comparisonIn } = await import('../../suites/profile/prompts.ts');
  const read = comparisonIn(promptOf(inOrder), promptOf(swapped));
  return read === null ? null : { prompt: read.prompt, responses: [read.a, read.b] };
}

/** Written responses are the answers, asked for in an order of the sample's own. */
async function writtenWords(
  records: readonly AnswerRecord[],
  sample: string,
  places: readonly [number, number],
): Promise<ComparedPair['words']> {
  const { orderOf } = await import('../../suites/profile/generation.ts');
  const order = orderOf(sample);
  const [first, second] = places.map((place) => records[order.indexOf(place)]);
  const texts = [first, second].map((record) => completionOf(record));
  const [a, b] = texts;
  if (first === undefined || a === undefined || a === null || b === undefined || b === null) return null;
  return { prompt: promptOf(first), responses: [a, b] };
}

function promptOf({ request: { prompt } }: AnswerRecord): string {
  if (prompt === undefined) return '';
  return prompt.format === 'raw'
    ? prompt.text
    : (prompt.messages.findLast(({ role }) => role === 'user')?.content ?? '');
}

function completionOf(record: AnswerRecord | undefined): string | null {
  if (record === undefined || record.result.status === 'failed') return null;
  const { answer } = record.result;
  return answer.verb === 'generate' ? answer.completion.text : null;
}
