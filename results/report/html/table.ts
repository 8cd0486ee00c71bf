import { type Html, html, type Part } from './escape.ts';

/** A cell with a class of its own; a plain part has none. */
export interface StyledCell {
  readonly part: Part;
  readonly kind: string;
}

export type TableCell = Part | StyledCell;

export interface TableView {
  readonly caption: Part;
  readonly columns: readonly TableCell[];
  /** The first cell of a row is its header. */
  readonly rows: readonly (readonly TableCell[])[];
  /** Readers may order its rows by any column. */
  readonly isSortable?: boolean;
}

/** Characters of a caption that name the part of the page which scrolls. */
const LABEL = 80;

/** A table that scrolls by itself where the window is narrow. */
export function table({ caption, columns, rows, isSortable = false }: TableView): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${typeof caption === 'string' ? caption.slice(0, LABEL) : 'table'}"><table${isSortable ? html` class="sortable"` : null}><caption><span>${caption}</span></caption>
<thead><tr>${columns.map((column) => html`<th scope="col"${classOf(column)}>${partOf(column)}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) => html`<tr>${row.map((cell, index) =>
      index === 0
        ? html`<th scope="row"${classOf(cell)}>${partOf(cell)}</th>`
        : html`<td${classOf(cell)}>${partOf(cell)}</td>`,
    )}</tr>
`,
  )}</tbody></table></div>
`;
}

/** A cell of figures, which stand under each other. */
export function number(part: Part): StyledCell {
  return { part, kind: 'n' };
}

function isStyled(cell: TableCell): cell is StyledCell {
  return typeof cell === 'object' && cell !== null && 'kind' in cell;
}

function partOf(cell: TableCell): Part {
  return isStyled(cell) ? cell.part : cell;
}

function classOf(cell: TableCell): Part {
  return isStyled(cell) ? html` class="${cell.kind}"` : null;
}
