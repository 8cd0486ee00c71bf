import type { Message } from '../../adapters/model.ts';

/** What precedes each turn of a transcript of HH-RLHF, and where an answer begins. */
const TURN = /\n\n(Human|Assistant):/g;
const ANSWER = '\n\nAssistant:';

/** A transcript cut at its boundary: the prompt ends with `Assistant:`, the answers have no space around them. */
export interface CutTranscripts {
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
}

/**
 * Where the prompt of two transcripts ends: after the last `Assistant:` up to which both are the same text and behind
 * which both still say something. Null where there is none, or where both go on alike: nothing can be compared.
 */
export function cutTranscripts(chosen: string, rejected: string): CutTranscripts | null {
  for (
    let at = chosen.lastIndexOf(ANSWER);
    at >= 0;
    at = at === 0 ? -1 : chosen.lastIndexOf(ANSWER, at - 1)
  ) {
    const end = at + ANSWER.length;
    const prompt = chosen.slice(0, end);
    if (!rejected.startsWith(prompt)) continue;
    const rests = [chosen.slice(end).trim(), rejected.slice(end).trim()] as const;
    if (rests[0] === '' || rests[1] === '' || rests[0] === rests[1]) continue;
    return { prompt, chosen: rests[0], rejected: rests[1] };
  }
  return null;
}

/** The turns of a prompt, without the empty one at its end that is to be written. */
export function turnsOf(prompt: string): Message[] {
  const marks = [...prompt.matchAll(TURN)];
  return marks.flatMap((mark, index): Message[] => {
    const start = mark.index + mark[0].length;
    const content = prompt.slice(start, marks[index + 1]?.index).trim();
    const role = mark[1] === 'Human' ? ('user' as const) : ('assistant' as const);
    return content === '' ? [] : [{ role, content }];
  });
}
