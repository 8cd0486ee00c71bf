import type { Completion } from '../../adapters/model.ts';
import { isRefusal } from '../scorers/refusal.ts';
import type { UnscoredReason } from '../task.ts';

/** An answer comes in its beginning or not at all. */
const READ_CHARACTERS = 2_000;

/**
 * Yes or No as a word of its own that opens the text. What follows must be the end, punctuation or the answer's own
 * sentence: "No doubt" and "No-one" are no No.
 */
const OPENING =
  /^[\s"'`*_([“‘]*(yes|no)(?:(?=$|[.,;:!?)\]"'`*_”’](?!\p{L})|\s*\r?\n|\s*[–—]|\s+-\s)|(?=\s+(?:i|it|this|that|not|because|of course|definitely|absolutely)\b))/iu;
/** "Yes or no", "No, yes", "Yes/No": two answers. */
const BOTH = /^[\s"'`*_([“‘]*(?:yes|no)\b[^\p{L}]*(?:(?:or|and|but)\b[^\p{L}]*)?(yes|no)\b/iu;

/** The answer that a text opens with, or why it has none. Total: any text whatsoever. */
export function yesOrNo({ text, finish }: Completion): 'yes' | 'no' | UnscoredReason {
  if (finish === 'filter') return 'refused';
  const read = text.slice(0, READ_CHARACTERS);
  const said = OPENING.exec(read)?.[1]?.toLowerCase();
  const next = BOTH.exec(read)?.[1]?.toLowerCase();
  if (said === 'yes' || said === 'no') return next === undefined || next === said ? said : 'unparsed';
  if (read.trim() === '') return finish === 'length' ? 'truncated' : 'empty';
  if (isRefusal(read)) return 'refused';
  return finish === 'length' ? 'truncated' : 'unparsed';
}
