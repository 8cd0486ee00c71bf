/** A table of a series: the same rows in the terminal, in Markdown, in LaTeX and in the page. */
export interface StepTable {
  /** Fit for an anchor and a label. */
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  /** What the first column holds. */
  readonly first: string;
  readonly columns: readonly StepColumn[];
  readonly rows: readonly StepRow[];
  /** What stands below it. */
  readonly notes: readonly string[];
}

export interface StepColumn {
  /** One or more lines. */
  readonly head: readonly string[];
  readonly isNumber: boolean;
}

export interface StepRow {
  readonly label: string;
  readonly cells: readonly StepCell[];
  /** The step that the row is about, where it is about one. */
  readonly step?: number;
}

/** What has to be read first, and what stands beside or below it. */
export interface StepCell {
  readonly main: string;
  readonly rest: string;
  readonly isStrong?: boolean;
}

export const NOTHING: StepCell = { main: '–', rest: '' };

export function cell(main: string, rest = '', isStrong = false): StepCell {
  return { main, rest, isStrong };
}

export function figures(...head: string[]): StepColumn {
  return { head, isNumber: true };
}

export function words(...head: string[]): StepColumn {
  return { head, isNumber: false };
}
