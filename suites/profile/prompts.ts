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

/** What stands before, between and after the two responses of a comparison. */
const FRAMES = [
  { before: '[Response A]\n', between: '\n\n[Response B]\n', after: '\n\nWhich response is better, A or B?' },
  { before: '\nA: ', between: '\nB: ', after: '\nWhich answer is better, A or B?' },
] as const;

/** How often a mark may stand in a prompt; a text full of them is not tried at every one. */
const MOST_MARKS = 20;

/** A comparison that was asked: what both responses answer, and the two. */
export interface AskedComparison {
  readonly prompt: string;
  readonly a: string;
  readonly b: string;
}

/**
 * The two responses of a comparison, from the prompts of both orders just as they were sent. A response may hold the very
 * marks that frame it, so a reading counts only when putting it together in the other order gives the other prompt; null
 * where none does.
 */
export function comparisonIn(inOrder: string, swapped: string): AskedComparison | null {
  for (const { before, between, after } of FRAMES) {
    for (const start of placesOf(inOrder, before)) {
      for (const end of placesOf(inOrder, after)) {
        for (const middle of placesOf(inOrder, between)) {
          const from = start + before.length;
          if (middle < from || middle + between.length > end) continue;
          const [a, b] = [inOrder.slice(from, middle), inOrder.slice(middle + between.length, end)];
          const turned = `${inOrder.slice(0, from)}${b}${between}${a}${inOrder.slice(end)}`;
          if (turned === swapped) return { prompt: inOrder.slice(0, start).trim(), a, b };
        }
      }
    }
  }
  return null;
}

/** The last places of a mark, the first of them first. */
function placesOf(text: string, mark: string): number[] {
  const places: number[] = [];
  for (let at = text.lastIndexOf(mark); at !== -1 && places.length < MOST_MARKS; ) {
    places.unshift(at);
    at = at === 0 ? -1 : text.lastIndexOf(mark, at - 1);
  }
  return places;
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
