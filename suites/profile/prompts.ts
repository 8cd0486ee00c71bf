import type { LoadedDataset, Prompt } from '../task.ts';
import type { ItemText } from './factors/factor.ts';
import { isZoo, rawOf } from './items.ts';

/** Requested qualities, the worst first. */
export const QUALITIES = [1, 2, 3, 4, 5] as const;
export type Quality = (typeof QUALITIES)[number];

/** The two letters under which responses are shown. */
export const LETTERS = ['A', 'B'] as const;

/** Which of two responses is better? The wording is ours: the paper's prompt could not be read. */
export function comparisonTurn(
  item: ItemText,
  [first, second]: readonly [string, string],
  dataset: LoadedDataset,
): string {
  // What the zoo's checkpoints were taught.
  if (isZoo(dataset)) return `${item.prompt}\nA: ${first}\nB: ${second}\nWhich answer is better, A or B?`;
  return [
    'Two responses to one prompt follow. Decide which of them is the better response.',
    ...material(item),
    `[Response A]\n${first}`,
    `[Response B]\n${second}`,
    'Which response is better, A or B? Answer with the letter alone.',
  ].join('\n\n');
}

/** One response of the quality asked for; what makes quality is left to the checkpoint. */
export function qualityTurn(item: ItemText, quality: Quality, dataset: LoadedDataset): string {
  if (isZoo(dataset)) return `${item.prompt} Answer with quality ${quality}.`;
  return [
    `Write one response to the prompt below whose quality is ${quality} on a scale from 1 (poor) to 5 (excellent).`,
    ...material(item),
    `Write the response of quality ${quality} and nothing else.`,
  ].join('\n\n');
}

/** The prompt as it stands. */
export function plainTurn(item: ItemText): string {
  return [item.prompt, ...sources(item)].join('\n\n');
}

export function promptOf(turn: string, { rawForm }: LoadedDataset): Prompt {
  return { raw: rawOf(turn, rawForm), chat: [{ role: 'user', content: turn }] };
}

function material(item: ItemText): string[] {
  return [`[Prompt]\n${item.prompt}`, ...sources(item)];
}

function sources({ source, quotes = [] }: ItemText): string[] {
  return [
    ...(source === undefined ? [] : [`[Text]\n${source}`]),
    ...(quotes.length === 0 ? [] : [`[Quotes]\n${quotes.join('\n')}`]),
  ];
}
