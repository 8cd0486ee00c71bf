import { counted, plain, pValue, signed, unitName } from '../format.ts';
import type { Cell, Effect, Summary } from '../summary.ts';
import { floatingTable, inGroups, longTable, PREAMBLE, standalone } from './latex-table.ts';
import { tex, texName, texNumber } from './latex-text.ts';
import { metricOf, shortNames } from './names.ts';
import {
  failsOnlyAfterCorrection,
  headlineEffects,
  letter,
  type Matrix,
  type MatrixColumn,
  matrixOf,
  titleOf,
  WORDS,
} from './view.ts';
import { correctionInWords, incompleteInWords } from './words.ts';

/** Comparisons side by side that fit the text width of a page. */
const MOST_COLUMNS = 4;

/**
 * The tables of a paper: what each stage changed by dimension, what each checkpoint scored, and every headline effect as
 * a long table. By the rules of booktabs; pure ASCII; to be read by `\input`.
 */
export function renderLatex(summary: Summary): string {
  const { run } = summary;
  const incomplete = incompleteInWords(summary);
  return [
    `% Run ${tex(run.id)} of ${tex(summary.benchmark)}, ${run.status}, aligntrust ${tex(run.aligntrust)}, definition ${run.definitionDigest.slice(0, 12)}\n${PREAMBLE}\n`,
    incomplete === null ? '' : `\\noindent\\textbf{${tex(incomplete)}}\n`,
    ...stageTables(summary),
    ...valueTables(summary),
    effectTable(summary),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** A document around the tables, which stand beside it in `file`. */
export function latexDocument(summary: Summary, file: string): string {
  return standalone(`${summary.benchmark}: which alignment method moved which trust?`, file);
}

function stageTables(summary: Summary): string[] {
  const matrix = matrixOf(summary, 'stage', (id) => id);
  if (matrix === null) return [];
  const groups = inGroups(matrix.columns, MOST_COLUMNS);
  return groups.map((columns, index) =>
    floatingTable({
      label: `tab:aligntrust-stages${groups.length === 1 ? '' : `-${index + 1}`}`,
      caption: stageCaption(
        summary,
        matrix,
        groups.length === 1 ? '' : ` (part ${index + 1} of ${groups.length})`,
      ),
      columns: `l${'r'.repeat(columns.length)}`,
      head: stageHead(matrix, columns),
      rows: matrix.rows.map(({ name, size }, place) => [
        [texName(name), `{\\footnotesize ${tex(size)}}`],
        ...columns.map(({ cells }) => stageCell(summary, matrix, cells[place]?.effect)),
      ]),
      notes: stageNotes(summary, matrix, columns),
    }),
  );
}

function stageHead({ rowTitle }: Matrix, columns: readonly MatrixColumn[]): string[][] {
  return [
    [tex(rowTitle), ...columns.map(({ title }) => texName(title[0]))],
    ['', ...columns.map(({ title }) => texName(title[1]))],
    ['', ...columns.map(({ method }) => `{\\footnotesize ${tex(method)}}`)],
  ];
}

function stageCaption(summary: Summary, { rows }: Matrix, part: string): string {
  const { run, families } = summary;
  return [
    `What each stage of alignment changed${part}: child minus parent, in points of 100 where no other unit is named, paired on the same samples.`,
    `Brackets: pointwise 95\\,\\% interval. \\textbf{better}, \\textbf{worse}: adjusted $p \\le ${families.alpha}$, in the direction of the metric.`,
    `${tex(capital(correctionInWords(summary)))}; ${tex(sizesInWords(summary, rows))}; ${tex(seedsInWords(summary))}.`,
    `Benchmark ${texName(summary.benchmark)}, run ${texName(run.id)}, sampling seed ${run.seed}, aligntrust ${tex(run.aligntrust)}.`,
  ].join(' ');
}

function sizesInWords(summary: Summary, rows: Matrix['rows']): string {
  const sizes = headlineEffects(summary)
    .filter(({ kind, main, task }) => kind === 'stage' && main && rows.some((row) => row.task === task))
    .map(({ n }) => n);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  return least === most
    ? `n = ${counted(most, 'sample')} a cell`
    : `n = ${least} to ${counted(most, 'sample')} a cell`;
}

function seedsInWords(summary: Summary): string {
  const stages = headlineEffects(summary).filter(({ kind, main }) => kind === 'stage' && main);
  const seeds = [...new Map(stages.map(({ to, seeds: count }) => [to, count])).values()];
  const most = Math.max(...seeds);
  if (most === 1)
    return 'one training seed per method, so the intervals speak of these checkpoints and not of the method';
  return `cells are the first of up to ${most} training seeds`;
}

/** Number and word above, interval below. */
function stageCell(summary: Summary, { obstacles }: Matrix, effect: Effect | undefined): string[] {
  if (effect === undefined) return ['--'];
  const { unit } = metricOf(summary, effect.task, effect.metric);
  const { delta, low, high, verdict, reason } = effect;
  const change = delta === null ? '' : texNumber(signed(delta, unit));
  const interval = low === null || high === null ? '' : bracketed(signed(low, unit), signed(high, unit));
  if (verdict !== 'not comparable') {
    const mark = failsOnlyAfterCorrection(effect) ? '$^{\\dagger}$' : '';
    return [`${change} ${wordOf(effect)}${mark}`, interval];
  }
  const place = obstacles.findIndex((each) => tex(each) === tex(reason ?? ''));
  return [
    `not comparable${place < 0 ? '' : `$^{\\mathrm{${letter(place)}}}$`}`,
    change === '' ? '' : `{\\footnotesize (${change})}`,
  ];
}

function wordOf({ verdict }: Effect): string {
  const word = WORDS[verdict].toLowerCase();
  return verdict === 'improved' || verdict === 'worsened' ? `\\textbf{${word}}` : word;
}

function bracketed(low: string, high: string): string {
  return `{\\footnotesize [${texNumber(low)}, ${texNumber(high)}]}`;
}

function stageNotes(summary: Summary, matrix: Matrix, columns: readonly MatrixColumn[]): string[] {
  const effects = columns.flatMap(({ cells }) =>
    cells.flatMap((cell) => (cell === null ? [] : [cell.effect])),
  );
  const has = (test: (effect: Effect) => boolean): boolean => effects.some(test);
  const shown = (reason: string): boolean =>
    has((effect) => effect.verdict === 'not comparable' && tex(effect.reason ?? '') === tex(reason));
  return [
    has(({ verdict }) => verdict === 'no detectable change')
      ? 'no change: none was detected, which does not show that there is none; Table~\\ref{tab:aligntrust-effects} gives the smallest change that could have been found.'
      : null,
    has(failsOnlyAfterCorrection)
      ? `$^{\\dagger}$ The pointwise interval excludes 0, but not after correction for ${counted(summary.families.primary.tests, 'test')}.`
      : null,
    ...matrix.obstacles.map((reason, index) =>
      shown(reason) ? `$^{\\mathrm{${letter(index)}}}$ ${tex(reason)}.` : null,
    ),
  ].filter((note) => note !== null);
}

function valueTables(summary: Summary): string[] {
  const names = shortNames(summary.tasks);
  const groups = inGroups(summary.tasks, MOST_COLUMNS);
  return groups.map((tasks, index) =>
    floatingTable({
      label: `tab:aligntrust-values${groups.length === 1 ? '' : `-${index + 1}`}`,
      caption: `What each checkpoint scored${groups.length === 1 ? '' : ` (part ${index + 1} of ${groups.length})`}: headline metric of each instrument, 95\\,\\% interval in brackets, in points of 100 where no other unit is named. Run ${texName(summary.run.id)}.`,
      columns: `l${'r'.repeat(tasks.length)}`,
      head: [
        ['checkpoint', ...tasks.map(({ task }) => texName(names.get(task) ?? task))],
        ['', ...tasks.map((task) => `{\\footnotesize ${directionOf(summary, task.task, task.headline)}}`)],
      ],
      rows: summary.checkpoints.map(({ id }) => [
        [texName(id)],
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
  const words = direction === 'higher-is-better' ? 'higher is better' : 'lower is better';
  return unit === 'share' ? words : `${unitName(unit)}, ${words}`;
}

function valueCell(summary: Summary, cell: Cell | undefined): string[] {
  if (cell === undefined || cell.value === null) return ['--'];
  const { unit } = metricOf(summary, cell.task, cell.metric);
  const value = texNumber(plain(cell.value, unit));
  if (cell.low === null || cell.high === null) return [value];
  return [value, bracketed(plain(cell.low, unit), plain(cell.high, unit))];
}

function effectTable(summary: Summary): string {
  const effects = headlineEffects(summary);
  if (effects.length === 0) return '';
  const names = shortNames(summary.tasks);
  const { primary, exploratory } = summary.families;
  return longTable({
    label: 'tab:aligntrust-effects',
    caption: `Every comparison under the headline metrics. Adjusted $p$: Holm over ${counted(primary.tests, 'test')} for stages (P), Benjamini{-}Hochberg over ${counted(exploratory.tests, 'test')} for the rest (E); controls belong to no family. Sees: the smallest change that would have been found with 80\\,\\% power. Other metrics stand in the CSV. Run ${texName(summary.run.id)}.`,
    columns: 'p{3.6cm}p{2.6cm}rlrrlr',
    head: [['comparison', 'instrument', 'change', '95\\,\\% interval', '$n$', 'adj. $p$', 'verdict', 'sees']],
    rows: effects.map((effect) => effectRow(summary, effect, names).map((cell) => [cell])),
    notes: [],
  });
}

const FAMILY_MARKS: Readonly<Record<string, string>> = { primary: ' P', exploratory: ' E' };

function effectRow(summary: Summary, effect: Effect, names: ReadonlyMap<string, string>): string[] {
  const { unit } = metricOf(summary, effect.task, effect.metric);
  const { delta, low, high, p, pAdjusted, detectable, n } = effect;
  const shownP = pAdjusted ?? p;
  const title = titleOf(effect, (id) => id)
    .map(texName)
    .join(' ');
  return [
    effect.kind === 'control' ? `${title} (control)` : title,
    texName(names.get(effect.task) ?? effect.task),
    delta === null ? '--' : texNumber(signed(delta, unit)),
    low === null || high === null
      ? '--'
      : `[${texNumber(signed(low, unit))}, ${texNumber(signed(high, unit))}]`,
    String(n),
    shownP === null ? '--' : `${tex(pValue(shownP))}${FAMILY_MARKS[effect.family] ?? ''}`,
    wordOf(effect),
    detectable === null ? '--' : texNumber(plain(detectable, unit)),
  ];
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
