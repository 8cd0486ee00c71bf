import type { LoadedDataset, Prompt, Sample } from '../task.ts';
import { type PairData, pairSamples } from './pair-items.ts';

/** The letters under which answers are shown. */
export const LETTERS = ['A', 'B', 'C', 'D', 'E'] as const;

/** Room for a letter and the words around it; the zoo's world answers with the letter alone. */
const MAX_TOKENS = 32;
const ZOO_TOKENS = 4;

/** A question in both formats; a type, because it is part of a sample's JSON. */
export type Asked = { readonly raw: string; readonly turn: string };

/** A pair in both orders, the chosen answer first and then second. A type, because it is a sample's JSON. */
export type OrdersData = {
  readonly orders: readonly Asked[];
  readonly chosen: string;
  readonly rejected: string;
  readonly stop: readonly string[];
  readonly maxTokens: number;
};

/** One sample a pair: which of its two answers is better, asked in both orders. */
export function* orderSamples(dataset: LoadedDataset): Generator<Sample> {
  for (const { data, ...place } of pairSamples(dataset)) {
    const pair = data as PairData;
    const { chosen, rejected } = pair;
    const orders: OrdersData = {
      orders: [askedOf(pair, [chosen, rejected], dataset), askedOf(pair, [rejected, chosen], dataset)],
      chosen,
      rejected,
      stop: dataset.rawForm.stop,
      maxTokens: isZoo(dataset) ? ZOO_TOKENS : MAX_TOKENS,
    };
    yield { ...place, data: orders };
  }
}

/** Which of these answers is better, or best? Shown under letters in the given order. */
export function askedOf(
  pair: Pick<PairData, 'raw' | 'turns'>,
  answers: readonly string[],
  dataset: LoadedDataset,
): Asked {
  const turn = turnOf(conversationOf(pair.turns), answers, dataset);
  return { raw: rawOf(turn, pair, dataset), turn };
}

export function promptOf({ raw, turn }: Asked): Prompt {
  return { raw, chat: [{ role: 'user', content: turn }] };
}

/** The wording is ours; that of the zoo is what its checkpoints were taught. */
function turnOf(prompt: string, answers: readonly string[], dataset: LoadedDataset): string {
  const letters = LETTERS.slice(0, answers.length);
  if (isZoo(dataset)) {
    const shown = answers.map((answer, place) => `${letters[place]}: ${answer}`);
    return [prompt, ...shown, `Which answer is better, ${listed(letters)}?`].join('\n');
  }
  const best = answers.length === 2 ? 'better' : 'best';
  return [
    `Several answers to one prompt follow. Decide which of them is the ${best} answer.`,
    `[Prompt]\n${prompt}`,
    ...answers.map((answer, place) => `[Answer ${letters[place]}]\n${answer}`),
    `Which answer is ${best}, ${listed(letters)}? Answer with the letter alone.`,
  ].join('\n\n');
}

/** One turn as it stands; of several, who speaks. */
function conversationOf(turns: PairData['turns']): string {
  if (turns.length === 1) return turns[0]?.content ?? '';
  return turns
    .map(({ role, content }) => `${role === 'user' ? 'Human' : 'Assistant'}: ${content}`)
    .join('\n\n');
}

/** A transcript goes on as transcripts do; text that has no form of its own is told where the answer begins. */
function rawOf(
  turn: string,
  { raw, turns }: Pick<PairData, 'raw' | 'turns'>,
  { rawForm }: LoadedDataset,
): string {
  const { before, after } = rawForm;
  const isTranscript = raw !== `${before}${turns[0]?.content ?? ''}${after}`;
  if (isTranscript) return `\n\nHuman: ${turn}\n\nAssistant:`;
  return before === '' && after === '' ? `${turn}\nAnswer:` : `${before}${turn}${after}`;
}

function isZoo({ id }: LoadedDataset): boolean {
  return id.startsWith('zoo-');
}

/** `A or B`; `A, B or C`. */
function listed(letters: readonly string[]): string {
  return `${letters.slice(0, -1).join(', ')} or ${letters.at(-1) ?? ''}`;
}
