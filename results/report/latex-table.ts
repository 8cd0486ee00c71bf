import { texName } from './latex-text.ts';

/** A table of which every text is LaTeX already. */
export interface TexTable {
  readonly label: string;
  readonly caption: string;
  /** Column letters of tabular, without `|`. */
  readonly columns: string;
  /** Lines of the head; a column's own lines stand below each other. */
  readonly head: readonly (readonly string[])[];
  /** Rows, each of one or more lines. */
  readonly rows: readonly (readonly (readonly string[])[])[];
  /** Printed small below the table, a line each. */
  readonly notes: readonly string[];
}

/** A floating table by the rules of booktabs. */
export function floatingTable({ label, caption, columns, head, rows, notes }: TexTable): string {
  return lines(
    '\\begin{table}[htbp]',
    '\\centering\\small',
    `\\caption{${caption}}`,
    `\\label{${label}}`,
    '\\vspace{1ex}',
    `\\begin{tabular}{@{}${columns}@{}}`,
    '\\toprule',
    ...head.map(row),
    '\\midrule',
    ...body(rows),
    '\\bottomrule',
    '\\end{tabular}',
    ...(notes.length === 0
      ? []
      : ['', `\\vspace{1ex}\\parbox{\\linewidth}{\\footnotesize ${notes.join('\\\\\n')}}`]),
    '\\end{table}',
  );
}

/** The same over as many pages as it takes, its head on each of them. */
export function longTable({ label, caption, columns, head, rows, notes }: TexTable): string {
  return lines(
    '\\clearpage',
    '{\\footnotesize\\setlength{\\LTcapwidth}{\\linewidth}',
    `\\begin{longtable}{@{}${columns}@{}}`,
    `\\caption{${caption}}\\label{${label}}\\\\`,
    '\\toprule',
    ...head.map(row),
    '\\midrule',
    '\\endfirsthead',
    '\\toprule',
    ...head.map(row),
    '\\midrule',
    '\\endhead',
    '\\bottomrule',
    '\\endfoot',
    ...body(rows),
    '\\end{longtable}',
    ...notes.map((note) => `\\noindent ${note}\\par`),
    '}',
  );
}

/** A document that prints tables of another file, to look at them or to begin with. */
export function standalone(title: string, file: string): string {
  return lines(
    '\\documentclass[a4paper]{article}',
    '\\usepackage[utf8]{inputenc}',
    '\\usepackage[margin=2cm]{geometry}',
    '\\usepackage{booktabs,longtable}',
    '\\begin{document}',
    `\\section*{${texName(title)}}`,
    `\\input{${file}}`,
    '\\end{document}',
  );
}

/** What a document needs for these tables. */
export const PREAMBLE =
  '% needs \\usepackage{booktabs} and \\usepackage{longtable}; run LaTeX twice, so that tables find each other';

/** How many columns stand side by side on a page, by the longest line that one of them holds; `at` at most. */
export function columnsThatFit(lines: readonly string[], at: number): number {
  const longest = Math.max(MINIMUM_COLUMN, ...lines.map((line) => line.length));
  return Math.min(at, Math.max(1, Math.floor(PAGE_CHARACTERS / longest)));
}

/** Small letters that a line of a page holds beside the names of the rows, and what an interval alone takes. */
const PAGE_CHARACTERS = 76;
const MINIMUM_COLUMN = 19;

/** Longer names would leave the page. */
export const LONGEST_NAME = 40;

/** Splits into as few groups of at most `most` as possible, of as equal length as possible. */
export function inGroups<T>(items: readonly T[], most: number): T[][] {
  const size = Math.ceil(items.length / Math.max(1, Math.ceil(items.length / most)));
  const groups: T[][] = [];
  for (let start = 0; start < items.length; start += size) groups.push(items.slice(start, start + size));
  return groups;
}

function body(rows: TexTable['rows']): string[] {
  return rows.flatMap((cells, index) => {
    const height = Math.max(1, ...cells.map((cell) => cell.length));
    const printed = Array.from({ length: height }, (_, line) => row(cells.map((cell) => cell[line] ?? '')));
    return height > 1 && index < rows.length - 1 ? [...printed, '\\addlinespace'] : printed;
  });
}

function row(cells: readonly string[]): string {
  return `${cells.join(' & ')} \\\\`;
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
