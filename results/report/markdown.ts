import { isNote } from '../alarms/level.ts';
import { counted, plain, pValue, signed } from '../format.ts';
import type { Effect, EffectKind, Summary } from '../summary.ts';
import { cellTable } from './cell-view.ts';
import { metricOf, shortNames } from './names.ts';
import { clean } from './text.ts';
import { letter, type Matrix, type MatrixCell, matrixOf, seedMatrix, titleOf, WORDS } from './view.ts';
import { correctionInWords, explainWords, exploratoryInWords, incompleteInWords } from './words.ts';

/** The whole summary as GitHub-flavoured Markdown: the terminal's tables, every metric, and every effect in full. */
export function renderMarkdown(summary: Summary): string {
  const { run } = summary;
  const incomplete = incompleteInWords(summary);
  const sections = [
    `# ${escaped(summary.benchmark)}: which alignment method moved which trust?`,
    incomplete === null ? null : `**${escaped(incomplete)}**`,
    `Points of 100, paired on the same samples, ± pointwise 95 % interval, ${correctionInWords(summary)}.`,
    matrixSection(matrixOf(summary, 'stage', clean)) ??
      'No checkpoint of this benchmark has a parent in it, so there is no effect to show.',
    alarmSection(summary),
    overview(
      summary,
      'method',
      'Method against method',
      `One parent, equal seeds; ${exploratoryInWords(summary)}.`,
    ),
    seedSection(summary),
    overview(summary, 'total', 'All stages together', `${capital(exploratoryInWords(summary))}.`),
    '## What each checkpoint scored',
    ...cellSections(summary),
    ...effectSection(summary),
    '## What the words mean',
    explainWords(summary)
      .map((line) => `- ${escaped(line)}`)
      .join('\n'),
    `Run ${code(run.id)}, ${run.status}, begun ${escaped(run.createdAt)}, seed ${run.seed}, aligntrust ${escaped(run.aligntrust)}, definition ${code(run.definitionDigest.slice(0, 12))}.`,
  ];
  return `${sections.filter((section) => section !== null).join('\n\n')}\n`;
}

function overview(summary: Summary, kind: EffectKind, title: string, caption: string): string | null {
  const table = matrixSection(matrixOf(summary, kind, clean));
  return table === null ? null : `## ${title}\n\n${caption}\n\n${table}`;
}

function seedSection(summary: Summary): string | null {
  const table = matrixSection(seedMatrix(summary, clean));
  const caption = 'One stage, trained with other seeds: how far the changes lie apart, and each of them.';
  return table === null ? null : `## What a training seed is worth\n\n${caption}\n\n${table}`;
}

function matrixSection(matrix: Matrix | null): string | null {
  if (matrix === null) return null;
  const head = [
    matrix.rowTitle,
    ...matrix.columns.map(({ title, method }) => lines([title.join(' '), method])),
  ];
  const rows = matrix.rows.map(({ name, size }, index) => [
    lines([name, size]),
    ...matrix.columns.map(({ cells }) => cellText(cells[index] ?? null)),
  ]);
  const obstacles = matrix.obstacles.map((reason, index) => `- [${letter(index)}] ${escaped(reason)}`);
  return [table(head, rows), ...(obstacles.length === 0 ? [] : [obstacles.join('\n')])].join('\n\n');
}

function cellText(cell: MatrixCell | null): string {
  if (cell === null) return '–';
  const word = cell.tone === 'plain' ? escaped(cell.word) : `**${escaped(cell.word)}**`;
  return `${word} ${escaped(cell.change)}${cell.note === '' ? '' : `<br>${escaped(cell.note)}`}`;
}

function alarmSection(summary: Summary): string {
  const loud = summary.alarms.filter((alarm) => !isNote(alarm));
  const notes = summary.alarms.filter(isNote);
  const item = ({ checkpoint, task, message }: Summary['alarms'][number]): string => {
    const place = [checkpoint, task].flatMap((name) => (name === null ? [] : [code(name)])).join(' · ');
    return `- ${place === '' ? '' : `${place}: `}${escaped(message)}`;
  };
  const title = loud.length === 0 ? '## No alarms' : `## ${counted(loud.length, 'alarm')}`;
  const list = [...loud, ...notes].map(item).join('\n');
  return list === '' ? title : `${title}\n\n${list}`;
}

function cellSections(summary: Summary): string[] {
  return summary.tasks.flatMap((task) =>
    task.metrics.map((metric) => {
      const view = cellTable(summary, task, metric, clean);
      const name = metric.key === task.headline ? '' : ` · ${escaped(metric.key)}`;
      return `### ${code(view.title)}${name}\n\n${escaped(view.caption)}\n\n${table(
        view.columns.map(escaped),
        view.rows.map((row) => row.map(escaped)),
      )}`;
    }),
  );
}

const DETAILS = [
  'effect',
  'instrument',
  'metric',
  'change',
  '95 % interval',
  'n / clusters',
  'better / worse',
  'dropped',
  'p',
  'adjusted',
  'test',
  'verdict',
];

/** Every effect with everything that a reviewer asks for. */
function effectSection(summary: Summary): string[] {
  if (summary.effects.length === 0) return [];
  const names = shortNames(summary.tasks);
  const rows = summary.effects.map((effect) => detailRow(summary, effect, names));
  return ['## Every effect', table(DETAILS, rows)];
}

function detailRow(summary: Summary, effect: Effect, names: ReadonlyMap<string, string>): string[] {
  const { unit } = metricOf(summary, effect.task, effect.metric);
  const { delta, low, high, p, pAdjusted, reason } = effect;
  const verdict = `${WORDS[effect.verdict]}${reason === null ? '' : `: ${reason}`}`;
  return [
    titleOf(effect, clean).join(' '),
    names.get(effect.task) ?? effect.task,
    effect.metric,
    delta === null ? '–' : signed(delta, unit),
    low === null || high === null ? '–' : `${signed(low, unit)} to ${signed(high, unit)}`,
    `${effect.n} / ${effect.clusters}`,
    `${effect.gained} / ${effect.lost}`,
    `${effect.droppedFrom} / ${effect.droppedTo}`,
    p === null ? '–' : pValue(p),
    pAdjusted === null ? '–' : `${pValue(pAdjusted)} (${effect.family})`,
    effect.test ?? '–',
    effect.detectable === null || effect.verdict !== 'no detectable change'
      ? verdict
      : `${verdict}, sees ${plain(effect.detectable, unit)}`,
  ].map(escaped);
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function lines(texts: readonly string[]): string {
  return texts
    .filter((text) => text !== '')
    .map(escaped)
    .join('<br>');
}

/** Text that Markdown, and the HTML inside it, prints as it stands: no mark-up, no link, no mention. */
export function escaped(text: string): string {
  return clean(text)
    .replace(/[\\`*_[\]|~$]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@/g, '&#64;')
    .replace(/(?<=\w):(?=\/\/)/g, '&#58;')
    .replace(/(?<=\bwww)\./gi, '&#46;')
    .replace(/^[#+-](?=[\s#])|^\d+(?=[.)]\s)/, (mark) => (/\d/.test(mark) ? `${mark}\u2060` : `\\${mark}`));
}

function code(text: string): string {
  return `<code>${escaped(text)}</code>`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
