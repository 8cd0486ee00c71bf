/** A table of words, as Markdown and the page print it alike. */
export interface PlainTable {
  readonly title: string;
  readonly caption: string;
  readonly columns: readonly PlainColumn[];
  /** Cells of one or more lines; the first of a row names it. */
  readonly rows: readonly (readonly PlainCell[])[];
  /** What stands below it. */
  readonly notes: readonly string[];
}

export interface PlainColumn {
  readonly text: string;
  readonly isNumber: boolean;
}

export type PlainCell = string | readonly string[];

export function words(text: string): PlainColumn {
  return { text, isNumber: false };
}

export function figures(text: string): PlainColumn {
  return { text, isNumber: true };
}

export function linesIn(cell: PlainCell): readonly string[] {
  return typeof cell === 'string' ? [cell] : cell;
}
