import { isNote } from '../../alarms/level.ts';
import { counted } from '../../format.ts';
import type { Effect, Summary } from '../../summary.ts';
import { intervalInWords } from '../interval-words.ts';
import { shortNames } from '../names.ts';
import { clean } from '../text.ts';
import { letter, type Matrix, type MatrixCell, matrixOf, shownEffect, WORDS } from '../view.ts';
import { correctionInWords, exploratoryInWords, incompleteInWords } from '../words.ts';
import type { Anchors } from './anchors.ts';
import { effectBar, type Scales, scalesOf } from './bars.ts';
import { type Html, html, type Part } from './escape.ts';
import { table } from './table.ts';

/** Screen one: what to beware of, what moved in words, and the matrix of methods and dimensions. */
export function answerSection(summary: Summary, anchors: Anchors): Html {
  const matrix = matrixOf(summary, 'stage', clean);
  const incomplete = incompleteInWords(summary);
  return html`<section id="answer" aria-labelledby="answer-title">
<h2 id="answer-title">Which alignment method moved which trust?</h2>
${incomplete === null ? null : html`<p class="incomplete" role="alert">${incomplete}</p>`}
${alarmBox(summary)}
${
  matrix === null
    ? html`<p>No checkpoint of this benchmark has a parent in it, so there is no effect to show.</p>`
    : html`${sentences(matrix)}
${matrixTable(summary, matrix, anchors, `Points of 100, paired on the same samples, ± ${intervalInWords(summary)}, ${correctionInWords(summary)}. In the bars, right of the line is better. Every cell leads to the tasks behind it.`)}${furtherTasks(summary, anchors)}`
}
</section>
`;
}

/** Tasks that do not speak for their dimension. */
function furtherTasks(summary: Summary, anchors: Anchors): Html | null {
  const matrix = matrixOf(summary, 'stage', clean, 'further');
  if (matrix === null) return null;
  return html`<h3>Further tasks</h3>${matrixTable(summary, matrix, anchors, `${exploratoryInWords(summary, 'stage')}.`)}`;
}

/** A matrix with interval bars; each cell is a link to the effects behind it. */
export function matrixTable(summary: Summary, matrix: Matrix, anchors: Anchors, caption: Part): Html {
  const cells = matrix.columns.flatMap((column) =>
    column.cells.flatMap((cell) => (cell === null ? [] : [shownIn(summary, cell)])),
  );
  const scales = scalesOf(summary, cells);
  return html`<div class="matrix">${table({
    caption,
    columns: [
      matrix.rowTitle,
      ...matrix.columns.map(
        ({ title, method }) =>
          html`${title.join(' ')}${method === '' ? null : html` <small>${method}</small>`}`,
      ),
    ],
    rows: matrix.rows.map(({ task, name, size }, index) => [
      html`<a href="#${anchors.task(task)}">${name}</a> <small>${size}</small>`,
      ...matrix.columns.map(({ cells }) => matrixCell(summary, cells[index] ?? null, scales, anchors)),
    ]),
  })}${matrix.obstacles.length === 0 ? null : html`<ul class="plain">${matrix.obstacles.map((reason, index) => html`<li><b>[${letter(index)}]</b> ${reason}</li>`)}</ul>`}</div>`;
}

/** What the numbers of a cell rest on: the mean over training seeds where there is one. */
function shownIn(summary: Summary, { effect }: MatrixCell): Effect {
  return { ...effect, ...shownEffect(summary, effect) };
}

const MARKS = { good: '▲', bad: '▼', plain: '' } as const;

function matrixCell(summary: Summary, cell: MatrixCell | null, scales: Scales, anchors: Anchors) {
  if (cell === null) return '–';
  const { word, tone, change, note, effect } = cell;
  const mark = MARKS[tone];
  const part = html`<a href="#${anchors.detail(effect)}"><span class="word">${mark === '' ? null : html`<span aria-hidden="true">${mark}</span> `}${word}</span> <span class="change">${change}</span><span class="under">${effectBar(summary, shownIn(summary, cell), scales)}${note === '' ? null : html`<small>${note}</small>`}</span></a>`;
  return { part, kind: `cell ${tone}` };
}

/** What moved, a sentence a stage, for whoever reads nothing else. */
function sentences({ rows, columns }: Matrix): Html {
  const lines = columns.map(({ title, cells }) => {
    const named = rows.flatMap(({ name }, index) => {
      const cell = cells[index];
      return cell === null || cell === undefined ? [] : [{ name, cell }];
    });
    return html`<li><b>${title.join(' ')}</b>: ${sentence(named)}.</li>`;
  });
  return html`<ul class="lead">${lines}</ul>`;
}

interface NamedCell {
  readonly name: string;
  readonly cell: MatrixCell;
}

function sentence(cells: readonly NamedCell[]): Part {
  const moved = (['good', 'bad'] as const).flatMap((tone) => {
    const own = cells.filter(({ cell }) => cell.tone === tone);
    const changes = own.map(({ name, cell }) => html`${name} <span class="nowrap">${cell.change}</span>`);
    const word = own[0]?.cell.word ?? '';
    return own.length === 0
      ? []
      : [html`<span class="${tone}"><span class="word">${word}</span></span> ${joined(changes)}`];
  });
  const namesOf = (word: string): string[] =>
    cells.flatMap(({ name, cell }) => (cell.word === word ? [name] : []));
  const unmoved = namesOf(WORDS['no detectable change']);
  const apart = namesOf(WORDS['not comparable']);
  return joined(
    [
      ...moved,
      ...(unmoved.length === 0 ? [] : [`no change detected in ${unmoved.join(', ')}`]),
      ...(apart.length === 0 ? [] : [`not comparable: ${apart.join(', ')}`]),
    ],
    '; ',
  );
}

function joined(parts: readonly Part[], by = ', '): Part {
  return parts.map((part, index) => (index === 0 ? part : [by, part]));
}

const MOST_ALARMS = 6;

/** Alarms stand above every number. */
export function alarmBox(summary: Summary): Html | null {
  const loud = summary.alarms.filter((alarm) => !isNote(alarm));
  if (loud.length === 0) return null;
  const rest = loud.length - MOST_ALARMS;
  return html`<div class="alarms" role="note" aria-label="alarms"><p><b>${counted(loud.length, 'alarm')}</b></p>
<ul>${loud.slice(0, MOST_ALARMS).map((alarm) => alarmItem(summary, alarm))}</ul>${
    rest > 0 ? html`<p><a href="#alarms">and ${rest} more</a></p>` : null
  }</div>`;
}

export function alarmItem(summary: Summary, { checkpoint, task, message }: Summary['alarms'][number]): Html {
  const names = shortNames(summary.tasks);
  const place = [checkpoint, task === null ? null : (names.get(task) ?? task)].flatMap((part) =>
    part === null ? [] : [clean(part)],
  );
  return html`<li>${place.length === 0 ? null : html`<b>${place.join(' · ')}</b> `}${clean(message)}</li>`;
}
