import type { Summary } from '../../../summary.ts';
import type { SeriesFigures } from '../../charts/series/series-figures.ts';
import { displacementSentences, displacementTables } from '../../series/displacement-tables.ts';
import { hasLearning, learningNotes, stateAndOddsTables } from '../../series/learning-tables.ts';
import { speedReadings, speedTables } from '../../series/speed-tables.ts';
import { clean } from '../../text.ts';
import { drawing } from '../drawings.ts';
import { type Html, html } from '../escape.ts';
import { Folds, stepTable } from './parts.ts';

/** Bytes of tables in full. */
const MOST_DETAILS = 250_000;

/** Displacement, speed, hidden states and odds; nothing where they were not measured. */
export function learningPart(summary: Summary, figures: SeriesFigures): Html {
  if (!hasLearning(summary)) return html``;
  const folds = new Folds(MOST_DETAILS);
  return html`${displacementPart(summary, figures, folds)}${speedPart(summary, figures, folds)}${statePart(summary, folds)}${folds.rest('dynamics-….csv')}
<h3 id="dynamics-words">What these numbers mean</h3>
<ul>${learningNotes(summary, false).map((line) => html`<li>${line}</li>`)}</ul>
`;
}

function displacementPart(summary: Summary, { displacement }: SeriesFigures, folds: Folds): Html | null {
  const tables = displacementTables(summary, clean);
  if (tables.length === 0) return null;
  return html`<h3 id="dynamics-displacement">Displacement: did the chosen answers become likelier?</h3>
<ul class="lead">${displacementSentences(summary, clean).map((line) => html`<li>${line}</li>`)}</ul>
${displacement === null ? null : drawing(displacement, 'Solid with circles: chosen answers. Dashed with squares: rejected ones. A flag: the margin rose while the chosen answers became less likely.')}
${tables.map((view) => folds.table(`${view.title}: the numbers`, { ...view, notes: [] }))}
`;
}

function speedPart(summary: Summary, { speeds }: SeriesFigures, folds: Folds): Html | null {
  const { relations, behaviours } = speedTables(summary, clean);
  if (relations.length === 0) return null;
  return html`<h3 id="dynamics-speed">Is what the start tells apart better learned faster?</h3>
${speedReadings(summary).map((line) => html`<p>${line}</p>`)}
${speeds.map((figure) => drawing(figure, 'A point is a behaviour; a hollow one never crossed and shares the slowest rank.'))}
${relations.map(stepTable)}
${behaviours.map((view) => folds.table(view.title, view))}
`;
}

function statePart(summary: Summary, folds: Folds): Html | null {
  const tables = stateAndOddsTables(summary, clean);
  if (tables.length === 0) return null;
  return html`<h3 id="dynamics-states">What hidden states and log-odds tell apart</h3>
${tables.map((view, index) => (index === 0 ? stepTable(view) : folds.table(view.title, view)))}
`;
}
