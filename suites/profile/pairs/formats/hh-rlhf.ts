import { digestOf } from '../../../../core/digest.ts';
import { textOf } from '../cells.ts';
import type { PairRow } from '../pair.ts';
import type { PairFormat } from './format.ts';

const HUMAN = '\n\nHuman:';
const ASSISTANT = '\n\nAssistant:';

/**
 * HH-RLHF (Bai et al. 2022, arXiv 2204.05862): two transcripts, the chosen and the rejected one, which share everything
 * but the last turn. A few differ earlier, or end on a human turn: they compare no two responses to one prompt. Which of
 * them is `a` is as good as random and the same for ever, so that no position means "chosen".
 */
export const hhRlhf: PairFormat = {
  name: 'hh-rlhf',
  title: 'HH-RLHF transcripts, chosen and rejected',
  columns: ['chosen', 'rejected'],
  read: (row, where) => {
    const [chosen, rejected] = [
      turnsOf(textOf(row, 'chosen', where)),
      turnsOf(textOf(row, 'rejected', where)),
    ];
    if (chosen === undefined || rejected === undefined) return 'ends_on_human';
    if (chosen.context !== rejected.context) return 'contexts_differ';
    const prompt = promptOf(chosen.context);
    const [better, worse] = [chosen.response, rejected.response];
    const content = { prompt, texts: [better, worse].sort() };
    const id = digestOf(content).slice(0, 16);
    // Of the texts alone: which of them was chosen moves none of them.
    const isSmallerFirst = Number.parseInt(id.slice(0, 8), 16) % 2 === 0;
    const isBetterFirst = better < worse === isSmallerFirst;
    return {
      id,
      item: digestOf({ prompt }).slice(0, 16),
      prompt,
      a: isBetterFirst ? better : worse,
      b: isBetterFirst ? worse : better,
      preference: isBetterFirst ? 'a' : 'b',
    } satisfies PairRow;
  },
};

/** The last turn and all before it; undefined where the last turn is a person's. */
function turnsOf(transcript: string): { readonly context: string; readonly response: string } | undefined {
  const place = transcript.lastIndexOf(ASSISTANT);
  if (place === -1 || transcript.indexOf(HUMAN, place) !== -1) return undefined;
  return {
    context: transcript.slice(0, place),
    response: transcript.slice(place + ASSISTANT.length).trim(),
  };
}

/** What was asked; a longer conversation keeps the names of its turns. */
function promptOf(context: string): string {
  const isOneTurn = context.startsWith(HUMAN) && !context.slice(HUMAN.length).includes(HUMAN);
  return (isOneTurn ? context.slice(HUMAN.length) : context).trim();
}
