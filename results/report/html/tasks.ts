import { plain, unitName } from '../../format.ts';
import type { Cell, Summary, SummaryMetric, SummaryTask } from '../../summary.ts';
import { cellTable } from '../cell-view.ts';
import { clean } from '../text.ts';
import type { Anchors } from './anchors.ts';
import { ratesBar, spreadBar, valueBar } from './bars.ts';
import { type Html, html, type Part } from './escape.ts';
import type { PageInput, PromptExample, TaskTexts } from './input.ts';
import { number, type TableCell, table } from './table.ts';

const NO_TEXTS: TaskTexts = { prompt: null, spreads: new Map() };

/** A part for each instrument: what it asks, how, and what every checkpoint scored. */
export function tasksSection({ summary, tasks }: PageInput, anchors: Anchors): Html {
  return html`<section id="tasks" aria-labelledby="tasks-title">
<h2 id="tasks-title">The tasks, and what each checkpoint scored</h2>
${summary.tasks.map((task) => taskArticle(summary, task, tasks.get(task.task) ?? NO_TEXTS, anchors))}
</section>
`;
}

function taskArticle(summary: Summary, task: SummaryTask, texts: TaskTexts, anchors: Anchors): Html {
  const [headline, ...others] = [...task.metrics].sort(
    (a, b) => Number(b.key === task.headline) - Number(a.key === task.headline),
  );
  const id = anchors.task(task.task);
  return html`<article id="${id}" aria-labelledby="${id}-title">
<h3 id="${id}-title">${clean(task.task)}</h3>
<p class="question">${clean(task.question)}</p>
<p class="quiet">Dimension ${clean(task.dimension)} · version ${task.version} · ${clean(task.source)}</p>
${headline === undefined ? null : scores(summary, task, headline, texts)}
${others.length === 0 ? null : html`<details><summary>Other metrics (${others.length})</summary>${others.map((metric) => scores(summary, task, metric, null))}</details>`}
${texts.prompt === null ? null : promptDetails(texts.prompt)}
<p class="links">Effects: ${effectLinks(summary, task, anchors)} · <a href="#answer">Back to the answer</a></p>
</article>
`;
}

function effectLinks(summary: Summary, { task, dimension, headline }: SummaryTask, anchors: Anchors): Part {
  const own = summary.effects.filter(
    (effect) => effect.main && effect.kind === 'stage' && effect.task === task && effect.metric === headline,
  );
  if (own.length === 0) return 'none';
  return own.map(({ kind, from, to }, index) => [
    index === 0 ? null : ', ',
    html`<a href="#${anchors.detail({ kind, from, to, dimension })}">${clean(from)} → ${clean(to)}</a>`,
  ]);
}

/** Values and what became of the samples; the other metrics come without drawings, of which a page has enough. */
function scores(summary: Summary, task: SummaryTask, metric: SummaryMetric, texts: TaskTexts | null): Html {
  const view = cellTable(summary, task, metric, clean);
  const cells = summary.cells.filter((cell) => cell.task === task.task && cell.metric === metric.key);
  const last = view.columns.length - 1;
  const styled = (text: string, index: number): TableCell =>
    index === 0 || index === last ? text : number(text);
  const drawings = texts === null ? [] : drawingsOf(metric, cells, texts);
  return table({
    caption: html`${view.caption}${countsOf(metric)}${chanceNote(cells, drawings)}`,
    columns: [...view.columns.map(styled), ...drawings.map(({ title }) => title)],
    rows: view.rows.map((row, at) => {
      const cell = cells[at];
      const drawn = drawings.map(({ draw }) => (cell === undefined ? null : draw(cell)));
      return [...row.map(styled), ...drawn];
    }),
  });
}

interface Drawing {
  readonly title: string;
  readonly draw: (cell: Cell) => Html | null;
}

function drawingsOf(metric: SummaryMetric, cells: readonly Cell[], { spreads }: TaskTexts): Drawing[] {
  const ends = endsOf(metric, cells);
  const [first] = spreads.values();
  return [
    {
      title: `${plain(ends[0], metric.unit)} to ${plain(ends[1], metric.unit)}`,
      draw: (cell) => valueBar(cell, ends),
    },
    { title: 'what became of the samples', draw: ratesBar },
    ...(first === undefined
      ? []
      : [
          {
            title: `values, ${plain(first.low, metric.unit)} to ${plain(first.high, metric.unit)}`,
            draw: ({ checkpoint }: Cell) => {
              const spread = spreads.get(checkpoint);
              return spread === undefined ? null : spreadBar(spread);
            },
          },
        ]),
  ];
}

function chanceNote(cells: readonly Cell[], drawings: readonly Drawing[]): string | null {
  return drawings.length > 0 && cells.some(({ chance }) => chance !== null)
    ? ' · dotted line: guessing'
    : null;
}

/** The range of what is possible; of what was seen where that is open. */
function endsOf({ range }: SummaryMetric, cells: readonly Cell[]): [number, number] {
  const seen = cells.flatMap(({ value, low, high }) =>
    [value, low, high].flatMap((end) => (end === null ? [] : [end])),
  );
  return [range[0] ?? Math.min(0, ...seen), range[1] ?? Math.max(0, ...seen)];
}

function countsOf({ counts, unit }: SummaryMetric): string | null {
  const parts = Object.entries(counts).map(
    ([reason, value]) => `${reason} counts as ${plain(value, unit)} ${unitName(unit)}`,
  );
  return parts.length === 0 ? null : ` · ${parts.join(', ')}`;
}

const SHOWN_CONTINUATIONS = 12;

/** Folded: a prompt may be as harmful as an answer. */
export function promptDetails({ checkpoint, sample, format, parts, continuations }: PromptExample): Html {
  const kind = format === 'raw' ? 'raw text' : 'chat';
  return html`<details><summary>An example of what was sent (sample ${sample}, ${kind}, to ${checkpoint})</summary>
${parts.map(({ role, text }) => html`${role === null ? null : html`<p class="role">${role}</p>`}<pre>${text}</pre>`)}
${
  continuations.length === 0
    ? null
    : html`<p>and the log-probability of each of ${continuations.length} continuations:</p><ul>${continuations
        .slice(0, SHOWN_CONTINUATIONS)
        .map((text) => html`<li><code class="text">${text}</code></li>`)}</ul>`
}</details>`;
}
