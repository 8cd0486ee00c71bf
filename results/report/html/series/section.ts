import type { Series } from '../../../series/series-summary.ts';
import type { Summary } from '../../../summary.ts';
import type { CurveFigure } from '../../charts/series/curves.ts';
import type { SeriesFigures } from '../../charts/series/series-figures.ts';
import { hasSeries } from '../../series/groups.ts';
import { type SeriesPart, seriesParts } from '../../series/parts.ts';
import { EXPLAIN_SERIES, refusalInWords, SERIES_TITLE } from '../../series/words.ts';
import { clean } from '../../text.ts';
import { drawing } from '../drawings.ts';
import { type Html, html } from '../escape.ts';
import { box, Folds, stepTable } from './parts.ts';

const CURVE_NOTE =
  'Across: training steps. Grey: the band of the first series. Square: the start. Triangle: the first step whose band excludes 0. Shares are drawn on one scale; every panel names its unit.';
const FRONT_NOTE =
  'The line joins steps in their order. Full points are efficient: no other step is at least as good in both and better in one. No uncertainty is drawn.';

/** Bytes that tables in full may take; flips need the rest of the page. */
const MOST_DETAILS = 250_000;

/** What each step of a training changed, and which step to keep; nothing in a run without a series. */
export function seriesSection(summary: Summary, figures: SeriesFigures): Html {
  if (!hasSeries(summary)) return html``;
  const parts = seriesParts(summary, clean);
  const folds = new Folds(MOST_DETAILS);
  const refused = (summary.series ?? []).flatMap((one) => refusalInWords(one, clean) ?? []);
  return html`<section id="series" aria-labelledby="series-title">
<h2 id="series-title">${SERIES_TITLE}</h2>
${box(refused)}
${parts.map((part) => partOf(part, figures, folds))}
${folds.rest('series.csv and fronts.csv')}
<h3 id="series-words">What these numbers mean</h3>
<ul>${EXPLAIN_SERIES.map((line) => html`<li>${line}</li>`)}</ul>
</section>
`;
}

function partOf(part: SeriesPart, figures: SeriesFigures, folds: Folds): Html {
  const { heading, lead, isTwin, keep, curves } = part;
  const own = isTwin ? [] : figures.curves.filter(({ series }) => series === part.series.name);
  const [overview, ...further] = curves;
  return html`<div class="series"><h3>${heading}</h3>
${lead.length === 0 ? null : html`<ul class="lead">${lead.map((line) => html`<li>${line}</li>`)}</ul>`}
${isTwin ? null : [own[0] === undefined ? null : stepChoice(part.series, `${own[0].id}-step`), own.map(curvesOf), overview === undefined ? null : stepTable(overview)]}
${isTwin ? null : keep.map(stepTable)}
${isTwin ? null : frontsOf(part, figures, folds)}
${(isTwin ? [...curves, ...keep, ...part.fronts] : further).map((view) => folds.table(view.title, view))}</div>
`;
}

/** The choice of a step, which is then marked in all panels and tables of the series. */
function stepChoice({ points }: Series, id: string): Html {
  return html`<p class="controls" data-script><label for="${id}">Mark step</label> <select id="${id}"><option value="">none</option>${points.map(({ step }) => html`<option value="${step}">${step}</option>`)}</select></p>
`;
}

/** A drawing that knows where its steps lie. */
function curvesOf(figure: CurveFigure): Html {
  const places = figure.steps.map(({ step, x }) => `${step}:${x}`).join(' ');
  return html`<div class="curves" data-places="${places}">${drawing(figure, CURVE_NOTE)}</div>
`;
}

function frontsOf(
  { fronts, series }: SeriesPart,
  { fronts: drawn }: SeriesFigures,
  folds: Folds,
): Html | null {
  if (fronts.length === 0) return null;
  const own = drawn.filter((one) => one.series === series.name);
  return html`${own.map((figure) => drawing(figure, FRONT_NOTE))}${fronts.map((view) => folds.table(`${view.title}: the numbers`, view))}`;
}
