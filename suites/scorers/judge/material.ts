import { sha256 } from '../../../core/digest.ts';

/** One text that a judge reads, under a name that the rubric gives it: `request`, `answer`. */
export interface JudgedText {
  readonly label: string;
  readonly text: string;
}

/** A judge reads this many characters of each text; what it cannot see is marked. */
export const JUDGED_CHARACTERS = 8_000;

/**
 * The texts between marker lines that they cannot forge: each marker carries a digest of all of them, which a text
 * would have to contain of itself.
 */
export function delimited(texts: readonly JudgedText[]): string {
  const mark = sha256(JSON.stringify(texts.map(({ label, text }) => [label, text]))).slice(0, 12);
  return texts
    .map(({ label, text }) => `[begin ${label} ${mark}]\n${defused(text)}\n[end ${label} ${mark}]`)
    .join('\n\n');
}

/**
 * A text that can end no turn and steer no template: angle brackets become ‹ ›, which no tokenizer takes for a
 * control token such as `<|im_end|>`, bracketed instruction tokens get round brackets, control characters other than
 * tab and newline and unpaired surrogates become �.
 */
export function defused(text: string): string {
  const kept = text.slice(0, JUDGED_CHARACTERS);
  const cut = kept.length < text.length ? `\n[cut: ${text.length - kept.length} more characters]` : '';
  return (STEERING.test(kept) ? disarmed(kept) : kept) + cut;
}

/** Characters of which one has to be there for a text to need disarming. */
const STEERING = /[<>[\p{Cc}\p{Surrogate}]/u;

function disarmed(text: string): string {
  return text
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .replace(/\[(\/?(?:INST|SYS|[A-Z]+_(?:TOOLS|CALLS|RESULTS|PROMPT)))\]/gi, '($1)')
    .replace(/\p{Surrogate}/gu, '�')
    .replace(/\p{Cc}/gu, (character) => (character === '\n' || character === '\t' ? character : '�'));
}
