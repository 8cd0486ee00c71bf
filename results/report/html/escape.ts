/**
 * The one place where text becomes HTML. Whatever stands between the literal parts of a template is escaped, unless it is
 * Html already; nothing else in this folder puts text and markup together.
 */
export class Html {
  readonly markup: string;

  private constructor(markup: string) {
    this.markup = markup;
  }

  /** Markup of our own making, or made safe by others: a compiled drawing, the style sheet, the script. */
  static trusted(markup: string): Html {
    return new Html(markup);
  }
}

export type Part = Html | string | number | null | readonly Part[];

/** A template of HTML: every part that is not Html is escaped, lists are joined, null is nothing. */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return Html.trusted(literals.map((literal, index) => literal + markupOf(parts[index] ?? null)).join(''));
}

/** Text for an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return printable(text).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Data for a `<script type="application/json">` element: no text in it can end the element or start a comment. */
export function jsonForScript(value: unknown): Html {
  const text = JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return Html.trusted(text);
}

/**
 * Shows what would otherwise be invisible or turn the direction of writing: control characters, lone surrogates and
 * bidirectional marks become `�`; line ends and tabs stay.
 */
export function printable(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, (character) =>
      character === '\n' || character === '\t' ? character : '\ufffd',
    );
}

function markupOf(part: Part): string {
  if (part === null) return '';
  if (part instanceof Html) return part.markup;
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return escapeHtml(part);
  return part.map(markupOf).join('');
}
