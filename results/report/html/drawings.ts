import type { Summary } from '../../summary.ts';
import type { Figure } from '../charts/figure.ts';
import type { Figures } from '../charts/figures.ts';
import type { TradeOffFigure } from '../charts/trade-off.ts';
import { shortNames } from '../names.ts';
import { tradeOffLines } from '../relation-lines.ts';
import { clean } from '../text.ts';
import { Html, html } from './escape.ts';

/** All stage effects with their intervals. */
export function forestSection({ forests }: Figures): Html {
  if (forests.length === 0) return html``;
  return html`<section id="forest" aria-labelledby="forest-title">
<h2 id="forest-title">Effects with their intervals</h2>
${forests.map((figure) => drawing(figure, 'Right of the line is better, whatever the direction of the metric; the printed numbers are raw: second checkpoint minus first.'))}
</section>
`;
}

export function lineageSection({ lineage }: Figures): Html {
  if (lineage === null) return html``;
  return html`<section id="lineage" aria-labelledby="lineage-title">
<h2 id="lineage-title">Who was tuned from whom, and what it moved</h2>
${drawing(lineage, 'On each edge what got better or worse after correction, under the headline metrics. Seed twins, steps and control copies are left out.')}
</section>
`;
}

/** One drawing for every two dimensions in either order; the two lists choose which one stands. */
export function tradeOffSection(summary: Summary, { tradeOffs }: Figures): Html {
  const [first] = tradeOffs;
  if (first === undefined) return html``;
  const tasks = [...new Set(tradeOffs.flatMap(({ x, y }) => [x, y]))];
  const names = shortNames(summary.tasks);
  const options = (chosen: string) =>
    tasks.map(
      (task) =>
        html`<option value="${task}"${task === chosen ? html` selected` : null}>${clean(names.get(task) ?? task)}</option>`,
    );
  return html`<section id="trade-offs" aria-labelledby="trade-offs-title">
<h2 id="trade-offs-title">What was bought with what</h2>
${boughtWith(summary)}
<p class="controls" data-script>Show <select id="across" aria-label="dimension across">${options(first.x)}</select> across and <select id="up" aria-label="dimension up">${options(first.y)}</select> up</p>
<p id="pair-note" class="quiet" role="status"></p>
${tradeOffs.map((figure, index) => pair(figure, index > 0))}
</section>
`;
}

function pair(figure: TradeOffFigure, hidden: boolean): Html {
  return html`<div class="pair" data-x="${figure.x}" data-y="${figure.y}"${hidden ? html` hidden` : null}>${drawing(
    figure,
    `Up and right is better. Points are checkpoints with 95 % intervals, an arrow is a stage.${figure.oneSeed}`,
  )}</div>`;
}

function boughtWith(summary: Summary): Html | null {
  const lines = tradeOffLines(summary, clean);
  return lines.length === 0
    ? null
    : html`<ul class="lead">${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
}

/** A figure in the page: its picture for who sees it, its description for who does not. */
export function drawing({ title, description, svg }: Figure, note: string): Html {
  const image = svg.replace(/^<svg/, '<svg class="figure" aria-hidden="true" focusable="false"');
  return html`<figure><figcaption><b>${title}</b> <small>${note}</small></figcaption>
<div class="scroll" tabindex="0" role="img" aria-label="${title}. ${description}">${Html.trusted(image)}</div></figure>
`;
}
