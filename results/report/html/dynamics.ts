import type { Summary } from '../../summary.ts';
import { asksOfTrust } from '../../trust-part.ts';
import { type SeriesFigures, seriesFigures } from '../charts/series/series-figures.ts';
import { DYNAMICS_TITLE, type DynamicsTable, dynamicsTables } from '../dynamics.ts';
import { hasLearning } from '../series/learning-tables.ts';
import { clean } from '../text.ts';
import { alarmBox } from './answer.ts';
import { type Html, html } from './escape.ts';
import { learningPart } from './series/learning.ts';
import { number, table } from './table.ts';

/** What the checkpoints learned: drawings where there is a series, then a table an instrument; empty where no task asked. */
export function dynamicsSection(summary: Summary, figures: SeriesFigures = seriesFigures(summary)): Html {
  const tables = dynamicsTables(summary, clean);
  if (tables.length === 0 && !hasLearning(summary)) return html``;
  const isAlone = summary.tasks.every(({ family }) => family === 'dynamics') && !asksOfTrust(summary);
  return html`<section id="dynamics" aria-labelledby="dynamics-title">
<h2 id="dynamics-title">${DYNAMICS_TITLE}</h2>
${isAlone ? alarmBox(summary) : null}
<p>Their quantities, and no number of theirs. Neither way is better: values say what moved. suites/dynamics/README.md says what each one is.</p>
${learningPart(summary, figures)}${tables.map(valuesOf)}
</section>
`;
}

function valuesOf({ title, caption, columns, rows }: DynamicsTable): Html {
  return html`<h3>${title}</h3>
${table({
  caption,
  columns: columns.map((column, index) => (index === 0 ? column : number(column))),
  rows: rows.map(([metric = '', ...values]) => [metric, ...values.map((value) => number(value))]),
})}`;
}
