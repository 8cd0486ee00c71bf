import type { StepCell, StepTable } from '../../series/step-table.ts';
import { type Html, html, type Part } from '../escape.ts';
import { number, type TableCell, table } from '../table.ts';

/** A table of a series under its title. */
export function stepTable(view: StepTable): Html {
  return html`<h4 id="${view.id}">${view.title}</h4>
${bareTable(view)}`;
}

/** The same where a title stands already. */
export function bareTable({ caption, first, columns, rows, notes }: StepTable): Html {
  return html`${table({
    caption,
    columns: [
      first,
      ...columns.map(({ head, isNumber }) => (isNumber ? number(headPart(head)) : headPart(head))),
    ],
    rows: rows.map(({ label, cells }): TableCell[] => [
      label,
      ...cells.map((cell, place) =>
        columns[place]?.isNumber === true ? number(cellPart(cell)) : cellPart(cell),
      ),
    ]),
    isSortable: true,
  })}${notes.map((note) => html`<p class="quiet">${note}</p>`)}`;
}

/** Tables behind one click, as a reader of the drawing needs them rarely, up to a number of bytes for all of them. */
export class Folds {
  #left: number;
  #passed = 0;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  table(title: string, view: StepTable): Html | null {
    const part = folded(title, bareTable(view));
    const size = Buffer.byteLength(part.markup);
    if (size > this.#left) {
      this.#passed++;
      return null;
    }
    this.#left -= size;
    return part;
  }

  /** What the page does not hold, and where it is. */
  rest(file: string): Html | null {
    if (this.#passed === 0) return null;
    return html`<p class="quiet">${this.#passed} further ${this.#passed === 1 ? 'table' : 'tables'} would make this page too large: <code>aligntrust report --format csv --out DIR</code> writes all numbers as ${file}.</p>`;
  }
}

function folded(title: string, content: Part): Html {
  return html`<details class="effect"><summary>${title}</summary>${content}</details>
`;
}

export function box(lines: readonly string[]): Html | null {
  if (lines.length === 0) return null;
  return html`<div class="alarms" role="note" aria-label="not compared"><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul></div>`;
}

function headPart(head: readonly string[]): Html {
  const [first = '', ...rest] = head.filter((line) => line !== '');
  return html`${first}${rest.map((line) => html` <small>${line}</small>`)}`;
}

function cellPart({ main, rest, isStrong = false }: StepCell): Html {
  const shown = isStrong ? html`<b>${main}</b>` : html`${main}`;
  return rest === '' ? shown : html`${shown} <span class="quiet nowrap">${rest}</span>`;
}
