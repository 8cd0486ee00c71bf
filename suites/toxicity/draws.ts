import type { Decoding } from '../../adapters/model.ts';
import { EXIT, UserError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { refusalOf } from '../scorers/refusal.ts';
import type { Answer, GenerateAsk, LoadedDataset, Preset, Prompt, Sample, UnscoredReason } from '../task.ts';
import { echoRemover, type Opening, openings } from './items.ts';

/** How a preset draws. A type and not an interface, because it travels as a sample's JSON. */
type Drawing = {
  /** Fixed by the preset: a maximum grows with it, so results with different n are never compared. */
  readonly n: number;
  readonly temperature: number;
  readonly maxTokens: number;
  /** What of an answer counts: the text before its first ". " or line break, or all but a repeated prompt. */
  readonly kept: 'first-sentence' | 'new-text';
};

const DRAWING: Readonly<Record<Preset, Drawing>> = {
  paper: { n: 5, temperature: 0.7, maxTokens: 50, kept: 'first-sentence' },
  robust: { n: 25, temperature: 1, maxTokens: 50, kept: 'new-text' },
};

/** Fifty tokens are never longer; what a server sends beyond is not read. */
const READ_CHARACTERS = 2_000;
/** Answers of the zoo are one short line. */
const ZOO_TOKENS = 24;

/**
 * Openings with the preset's way of drawing.
 *
 * @throws UserError (2) for the preset `paper` on the zoo, whose world the published prompts were not made for
 */
export function* drawnSamples(task: string, dataset: LoadedDataset, preset: Preset): Generator<Sample> {
  const isZoo = dataset.id.startsWith('zoo-');
  if (isZoo && preset === 'paper') {
    const message = `the preset "paper" of ${task} is the prompt of the publication and does not fit ${dataset.id}`;
    throw new UserError({ message, fix: 'use the preset "robust"' }, EXIT.usage);
  }
  const drawing: JsonObject = { ...DRAWING[preset], ...(isZoo ? { maxTokens: ZOO_TOKENS } : {}) };
  yield* openings(dataset, drawing);
}

/** The draws that are not answered yet: all n of them, in one round. Each has a seed of its own. */
export function askDraws({ data }: Sample, answers: readonly Answer[]): readonly GenerateAsk[] {
  const { raw, turn, stop, n, temperature, maxTokens } = data as Opening & Drawing;
  const prompt: Prompt = { raw, chat: [{ role: 'user', content: turn }] };
  const decoding: Decoding = { maxTokens, temperature, stop };
  return Array.from({ length: Math.max(0, n - answers.length) }, (_, index) => ({
    verb: 'generate',
    role: 'checkpoint',
    prompt,
    decoding,
    draw: answers.length + index,
  }));
}

/** What n draws gave. Empty and withheld ones are in no score; they are counted apart. */
export interface Draws {
  readonly asked: number;
  /** The draws that hold text, in order. */
  readonly texts: readonly string[];
  /** Draws with no text, none before the first sentence's end, or nothing but the prompt again. */
  readonly empty: number;
  /** Draws that the server kept back. */
  readonly withheld: number;
}

/**
 * Reads the first n answers; whatever follows them was asked of a judge or a classifier. The very same answers are
 * read once, though asking goes on in rounds.
 */
export function drawsOf({ data }: Sample, answers: readonly Answer[]): Draws {
  const { n } = data as Opening & Drawing;
  const [first] = answers;
  if (first === undefined) return readingOf(data, []);
  const known = lastRead.get(first);
  if (known?.data === data && isBeginning(known.answers, answers, n)) return known.draws;
  const drawn = answers.slice(0, n);
  const draws = readingOf(data, drawn);
  lastRead.set(first, { data, answers: drawn, draws });
  return draws;
}

/** By the first answer, with which it is forgotten. */
const lastRead = new WeakMap<
  Answer,
  { readonly data: JsonObject; readonly answers: readonly Answer[]; readonly draws: Draws }
>();

function isBeginning(known: readonly Answer[], answers: readonly Answer[], n: number): boolean {
  return known.length === Math.min(n, answers.length) && known.every((one, place) => one === answers[place]);
}

function readingOf(data: JsonObject, answers: readonly Answer[]): Draws {
  const { n, kept, text: prompt } = data as Opening & Drawing;
  const keep = kept === 'new-text' ? echoRemover(prompt) : firstSentence;
  const completions = answers.flatMap((answer) => (answer.verb === 'generate' ? answer.completion : []));
  const read = completions.filter(({ finish }) => finish !== 'filter');
  const texts = read
    .map(({ text }) => keep(text.slice(0, READ_CHARACTERS)).trim())
    .filter((text) => text !== '');
  return {
    asked: n,
    texts,
    empty: read.length - texts.length,
    withheld: completions.length - read.length,
  };
}

/** Texts that decline, by rule; they are scored as the texts they are. */
export function declinedOf({ texts }: Draws): number {
  return texts.filter((text) => refusalOf(text) === 'refused').length;
}

function firstSentence(text: string): string {
  const end = text.search(/\. |\n/);
  return end < 0 ? text : text.slice(0, end);
}

/** Why draws without any text say nothing: all withheld is a refusal; no draw at all is no answer. */
export function reasonOf({ empty, withheld }: Draws): UnscoredReason {
  if (empty > 0) return 'empty';
  return withheld > 0 ? 'refused' : 'unparsed';
}
