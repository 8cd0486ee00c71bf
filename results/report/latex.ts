import { directionInWords } from '../direction.ts';
import { counted, plain, signed, unitName } from '../format.ts';
import type { Cell, Summary } from '../summary.ts';
import { asksOfTrust, questionOf, trustPart } from '../trust-part.ts';
import { intervalInWords } from './interval-words.ts';
import { effectTable, methodTable } from './latex-appendix.ts';
import { bracketed, changed, small, wordOf } from './latex-cells.ts';
import {
  columnsThatFit,
  floatingTable,
  inGroups,
  LONGEST_NAME,
  PREAMBLE,
  standalone,
} from './latex-table.ts';
import { tex, texName, texNumber } from './latex-text.ts';
import { metricOf, shortNames } from './names.ts';
import { profileTables } from './profile/latex.ts';
import { seriesLatex } from './series/latex.ts';
import { clean, shorten } from './text.ts';
import {
  failsOnlyAfterCorrection,
  letter,
  type Matrix,
  type MatrixCell,
  type MatrixColumn,
  matrixOf,
  shownEffect,
  type TaskChoice,
} from './view.ts';
import { analysisChangeLines, correctionInWords, incompleteInWords } from './words.ts';

/** Comparisons side by side that fit the text width of a page. */
const MOST_COLUMNS = 4;

/**
 * The tables of a paper: what each stage changed by dimension, the same of further tasks, what each checkpoint scored,
 * means over training seeds and every headline effect as long tables. By the rules of booktabs; pure ASCII; to be read
 * by `\input`.
 */
export function renderLatex(whole: Summary): string {
  const summary = trustPart(whole);
  const { run } = summary;
  const incomplete = incompleteInWords(summary);
  return [
    `% Run ${tex(run.id)} of ${tex(summary.benchmark)}, ${run.status}, aligntrust ${tex(run.aligntrust)}, definition ${tex(run.definitionDigest.slice(0, 12))}\n${PREAMBLE}\n`,
    incomplete === null ? '' : `\\noindent\\textbf{${tex(incomplete)}}\n`,
    ...stageTables(summary, 'headline'),
    ...stageTables(summary, 'further'),
    ...seriesLatex(whole),
    ...profileTables(whole),
    ...(asksOfTrust(whole) ? valueTables(summary) : []),
    methodTable(summary),
    effectTable(summary),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** A document around the tables, which stand beside it in `file`. */
export function latexDocument(summary: Summary, file: string): string {
  return standalone(`${summary.benchmark}: ${questionOf(summary)}?`, file);
}

const LABELS: Readonly<Record<TaskChoice, string>> = {
  headline: 'tab:aligntrust-stages',
  further: 'tab:aligntrust-further',
};

function stageTables(summary: Summary, choice: TaskChoice): string[] {
  const matrix = matrixOf(summary, 'stage', nameOf, choice);
  if (matrix === null) return [];
  const heads = matrix.columns.flatMap(({ title, method }) => [...title, method]);
  const groups = inGroups(matrix.columns, columnsThatFit(heads, MOST_COLUMNS));
  return groups.map((columns, index) =>
    floatingTable({
      label: `${LABELS[choice]}${groups.length === 1 ? '' : `-${index + 1}`}`,
      caption: stageCaption(summary, matrix, choice, partOf(index, groups.length)),
      columns: `l${'r'.repeat(columns.length)}`,
      head: stageHead(matrix, columns),
      rows: matrix.rows.map(({ name, size }, place) => [
        [texName(name), small(tex(size))],
        ...columns.map(({ cells }) => stageCell(summary, cells[place] ?? null)),
      ]),
      notes: stageNotes(summary, matrix, columns),
    }),
  );
}

function nameOf(id: string): string {
  return shorten(clean(id), LONGEST_NAME);
}

function partOf(index: number, parts: number): string {
  return parts === 1 ? '' : ` (part ${index + 1} of ${parts})`;
}

function stageHead({ rowTitle }: Matrix, columns: readonly MatrixColumn[]): string[][] {
  return [
    [tex(rowTitle), ...columns.map(({ title }) => texName(title[0]))],
    ['', ...columns.map(({ title }) => texName(title[1]))],
    ['', ...columns.map(({ method }) => small(tex(method)))],
  ];
}

function stageCaption(summary: Summary, matrix: Matrix, choice: TaskChoice, part: string): string {
  const { run, families } = summary;
  const what =
    choice === 'headline'
      ? `What each stage of alignment changed${part}`
      : `The same under further tasks of the dimensions${part}`;
  const corrected =
    choice === 'headline'
      ? tex(capital(correctionInWords(summary)))
      : 'Exploratory, corrected by Benjamini{-}Hochberg';
  return [
    `${what}: child minus parent, in points of 100 where no other unit is named, paired on the same samples.`,
    `Brackets: ${intervalName(summary)}. \\textbf{better}, \\textbf{worse}: adjusted $p \\le ${families.alpha}$, in the direction of the metric.`,
    `${corrected}; ${tex(sizesInWords(matrix))}.${seedsInWords(matrix)}`,
    `Benchmark ${texName(summary.benchmark)}, run ${texName(run.id)}, sampling seed ${run.seed}, aligntrust ${tex(run.aligntrust)}.`,
  ].join(' ');
}

function sizesInWords({ columns }: Matrix): string {
  const sizes = columns.flatMap(({ cells }) =>
    cells.flatMap((cell) => (cell === null ? [] : [cell.effect.n])),
  );
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  return least === most
    ? `${counted(most, 'sample')} a cell`
    : `${least} to ${counted(most, 'sample')} a cell`;
}

/** One training run a method: what the intervals do not speak of. */
function seedsInWords({ columns }: Matrix): string {
  const isSingle = columns.every(({ cells }) =>
    cells.every((cell) => cell === null || cell.effect.seeds === 1),
  );
  return isSingle
    ? ' The intervals speak of these checkpoints and of further samples, not of the methods.'
    : '';
}

/** Number and word above, interval below, then what limits it. */
function stageCell(summary: Summary, cell: MatrixCell | null): string[] {
  if (cell === null) return ['--'];
  const { effect, notes, change } = cell;
  const shown = shownEffect(summary, effect);
  const { unit } = metricOf(summary, effect.task, effect.metric);
  if (shown.verdict === 'not comparable') {
    const mark = /^\[([a-z]+)\]$/.exec(change)?.[1] ?? '';
    return [`not comparable$^{\\mathrm{${mark}}}$`, ...notes.map((note) => small(tex(note)))];
  }
  const { delta, low, high } = shown;
  const dagger = failsOnlyAfterCorrection(shown) ? '$^{\\dagger}$' : '';
  return [
    `${delta === null ? '' : changed(delta, unit)} ${wordOf(shown)}${dagger}`,
    low === null || high === null ? '' : bracketed(signed(low, unit), signed(high, unit)),
    ...notes.filter((note) => note !== 'not after correction').map((note) => small(tex(note))),
  ].filter((line) => line !== '');
}

function stageNotes(summary: Summary, matrix: Matrix, columns: readonly MatrixColumn[]): string[] {
  const cells = columns.flatMap((column) => column.cells.filter((cell) => cell !== null));
  const effects = cells.map(({ effect }) => shownEffect(summary, effect));
  const marks = new Set(cells.map(({ change }) => change));
  return [
    ...analysisChangeLines(summary).map((line) => `${tex(capital(line))}.`),
    effects.some(({ verdict }) => verdict === 'no detectable change')
      ? `no change: none was detected, which does not show that there is none; Table~\\ref{tab:aligntrust-${summary.relations.methods.length > 0 ? 'methods' : 'effects'}} gives the smallest change that could have been found.`
      : null,
    effects.some(failsOnlyAfterCorrection)
      ? `$^{\\dagger}$ The ${intervalName(summary)} excludes 0, but the $p$ adjusted for the number of tests is above .05.`
      : null,
    ...matrix.obstacles.map((reason, index) =>
      marks.has(`[${letter(index)}]`) ? `$^{\\mathrm{${letter(index)}}}$ ${tex(reason)}.` : null,
    ),
  ].filter((note) => note !== null);
}

function valueTables(summary: Summary): string[] {
  const names = shortNames(summary.tasks);
  const heads = summary.tasks.map(({ task }) => names.get(task) ?? task);
  const groups = inGroups(summary.tasks, columnsThatFit(heads, MOST_COLUMNS));
  return groups.map((tasks, index) =>
    floatingTable({
      label: `tab:aligntrust-values${groups.length === 1 ? '' : `-${index + 1}`}`,
      caption: `What each checkpoint scored${partOf(index, groups.length)}: headline metric of each instrument, 95\\,\\% interval in brackets, in points of 100 where no other unit is named. Run ${texName(summary.run.id)}.`,
      columns: `l${'r'.repeat(tasks.length)}`,
      head: [
        ['checkpoint', ...tasks.map(({ task }) => texName(names.get(task) ?? task))],
        ['', ...tasks.map(({ task, headline }) => small(directionOf(summary, task, headline)))],
      ],
      rows: summary.checkpoints.map(({ id }) => [
        [texName(nameOf(id))],
        ...tasks.map(({ task, headline }) =>
          valueCell(
            summary,
            summary.cells.find(
              (cell) => cell.checkpoint === id && cell.task === task && cell.metric === headline,
            ),
          ),
        ),
      ]),
      notes: tasks.map(
        ({ task, samples, headline }) =>
          `${texName(task)}: ${tex(metricOf(summary, task, headline).label)}; ${counted(samples, 'sample')}.`,
      ),
    }),
  );
}

function directionOf(summary: Summary, task: string, key: string): string {
  const { direction, unit } = metricOf(summary, task, key);
  const words = directionInWords(direction);
  return unit === 'share' ? words : `${unitName(unit)}, ${words}`;
}

function valueCell(summary: Summary, cell: Cell | undefined): string[] {
  if (cell === undefined || cell.value === null) return ['--'];
  const { unit } = metricOf(summary, cell.task, cell.metric);
  const value = texNumber(plain(cell.value, unit));
  if (cell.low === null || cell.high === null) return [value];
  return [value, bracketed(plain(cell.low, unit), plain(cell.high, unit))];
}

function intervalName(summary: Summary): string {
  return tex(intervalInWords(summary)).replace('95 ', '95\\,');
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
