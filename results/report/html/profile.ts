import { percent, plain, pValue } from '../../format.ts';
import type { FactorRow } from '../../profile/profile-summary.ts';
import type { Effect, Summary } from '../../summary.ts';
import { asksOfTrust } from '../../trust-part.ts';
import type { Figure } from '../charts/figure.ts';
import { type DifferenceGroup, differenceGroups, gapGroups } from '../profile/differences-view.ts';
import { applies, scored } from '../profile/numbers.ts';
import { linesIn, type PlainTable } from '../profile/plain-table.ts';
import { differenceTable, furtherTables } from '../profile/relation-tables.ts';
import { scoreDetails } from '../profile/score-details.ts';
import { isPulling, type ScoreTable, scoreTables } from '../profile/scores-view.ts';
import { type ShiftCell, type ShiftTable, shiftTables } from '../profile/shifts-view.ts';
import {
  absentInWords,
  explainProfile,
  hasProfile,
  MOVED_TITLE,
  profileCorrection,
  SCORES_TITLE,
  shiftCaption,
  unmovedInWords,
} from '../profile/words.ts';
import { clean } from '../text.ts';
import { alarmBox } from './answer.ts';
import { drawing } from './drawings.ts';
import { drivingSection } from './driving.ts';
import { type Html, html, type Part } from './escape.ts';
import type { PageInput } from './input.ts';
import { number, type TableCell, table } from './table.ts';
import { promptDetails } from './tasks.ts';

/** Bytes that tables in full may take; a run of many checkpoints has them in its CSV files. */
const MOST_DETAILS = 300_000;

/** What pulls preferences, how each stage moved it, and the pairs behind it; nothing in a run without PROFILE. */
export function profileSection(input: PageInput): Html {
  const { summary, figures } = input;
  if (!hasProfile(summary)) return html``;
  const scores = scoreTables(summary, clean);
  const driving = input.driving ?? [];
  const known = new Set(driving.map(({ task, factor }) => keyOf(task, factor)));
  return html`<section id="profile" aria-labelledby="profile-title">
<h2 id="profile-title">PROFILE: which factors pull preferences</h2>
${asksOfTrust(summary) ? null : alarmBox(summary)}
<p>After Oh et al. 2024 (arXiv 2410.06965): their idea, our prompts and factors, and no number of theirs. τ14 runs from −1 (less of a factor always wins) over 0 (it does not pull) to +1 (more of it always wins). No sign is good or bad in itself.</p>
${movedPart(summary, shiftTables(summary, clean))}
${figures.profile.shifts.map((figure) => drawing(figure, 'A triangle is a change after correction, with its side; a circle is none that was detected.'))}
<h3 id="profile-scores">${SCORES_TITLE}</h3>
${scores.map((view) => scorePart(summary, view, known))}
${restTable(scores)}
${differencePart('Models against people and votes', differenceGroups(summary, clean), figures.profile.differences, 'Look here before any correlation: factor by factor. A triangle: the interval excludes 0.')}
${differencePart('Choosing against writing', gapGroups(summary, clean), figures.profile.gaps, 'The same checkpoint, choosing and writing. A triangle: the interval excludes 0.')}
${furtherTables(summary, clean).map(plainPart)}
${figures.profile.bridge === null ? null : drawing(figures.profile.bridge, 'A triangle is a change after correction. Left and right have scales of their own; both may follow from the training and neither from the other.')}
${drivingSection(summary, driving)}
${detailsPart(summary, scores)}
${tasksPart(input)}
<h3 id="profile-words">What these numbers mean</h3>
<ul>${explainProfile(summary, true).map((line) => html`<li>${line}</li>`)}</ul>
</section>
`;
}

export function keyOf(task: string, factor: string): string {
  return JSON.stringify([task, factor]);
}

function movedPart(summary: Summary, tables: readonly ShiftTable[]): Html | null {
  if (tables.length === 0) return null;
  return html`<h3 id="profile-moved">${MOVED_TITLE}</h3>
<ul class="lead">${tables.map(sentences)}</ul>
${tables.map((view) => movedTable(summary, view))}`;
}

const NOTHING_FOUND = 'no change detected in any factor';

/** A sentence a stage, or one for all where nothing moved; levels are no pull and have their table alone. */
function sentences({ columns, rows, name, isLevels, remarks }: ShiftTable): Part {
  if (isLevels) return null;
  const words = [...new Set(columns.map(({ untested }) => untested ?? NOTHING_FOUND))];
  const isStill = !rows.some(({ isMoved }) => isMoved) && words.length === 1;
  return [
    ...(isStill
      ? [html`<li>${name}: ${words[0] ?? NOTHING_FOUND}.</li>`]
      : columns.map(({ title, untested }, place) =>
          sentence(title.join(' '), name, rows, place, untested ?? NOTHING_FOUND),
        )),
    ...remarks.map((remark) => html`<li>${name}: ${remark}.</li>`),
  ];
}

/** What one stage moved under one instrument. */
function sentence(
  stage: string,
  name: string,
  rows: ShiftTable['rows'],
  place: number,
  nothing: string,
): Html {
  const moved = rows.flatMap(({ label, cells }) => {
    const cell = cells[place];
    return cell?.isMoved === true ? [{ label, cell }] : [];
  });
  const words = [...new Set(moved.map(({ cell }) => cell.word))];
  const parts = words.map((word, index) => {
    const own = moved.filter(({ cell }) => cell.word === word);
    return html`${index === 0 ? null : '; '}<span class="word">${word}</span> ${own.map(
      ({ label, cell }, at) =>
        html`${at === 0 ? null : ', '}${label} <span class="nowrap">${changeOf(cell)}</span>`,
    )}`;
  });
  return html`<li><b>${stage}</b>, ${name}: ${parts.length === 0 ? nothing : parts}.</li>`;
}

function movedTable(summary: Summary, view: ShiftTable): Html {
  const { columns, rows, name, isLevels } = view;
  const moved = rows.filter(({ isMoved }) => isMoved);
  const rest = unmovedInWords(view);
  const hasOrders = columns.some(({ inconsistent }) => inconsistent !== null);
  const orders = hasOrders
    ? [['orders disagree', ...columns.map(({ inconsistent }) => inconsistent ?? '–')]]
    : [];
  const drawn = table({
    caption: `${name}: ${shiftCaption(view, summary)}.`,
    columns: [
      'factor',
      ...columns.map(({ title, method }) => html`${title.join(' ')} <small>${method}</small>`),
    ],
    rows: [
      ...moved.map(({ label, unit, cells }): TableCell[] => [
        isLevels && unit !== '' ? html`${label} <small>${unit}</small>` : label,
        ...cells.map(movedCell),
      ]),
      ...orders,
    ],
  });
  return html`${moved.length + orders.length === 0 ? html`<p><b>${name}</b></p>` : drawn}${rest === '' ? null : html`<p class="quiet">${capital(rest)}.</p>`}`;
}

function movedCell(cell: ShiftCell | null): TableCell {
  if (cell === null) return '–';
  const { word, isMoved, notes } = cell;
  return {
    part: html`<span class="word">${word}</span> <span class="nowrap">${changeOf(cell)}</span>${notes.map((note) => html`<small>${note}</small>`)}`,
    kind: isMoved ? 'moved' : 'quiet',
  };
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function changeOf({ number: text, interval }: ShiftCell): string {
  return [text, interval].filter((part) => part !== '').join(' ');
}

/** The factor table: sortable, a row a factor, a column a rater; a factor leads to the pairs behind it. */
function scorePart(summary: Summary, view: ScoreTable, known: ReadonlySet<string>): Html {
  const { task, name, setting, columns, rows, flat } = view;
  return html`${table({
    caption: `${name}: τ14 in ${setting}, with 95 % interval and (relevance: the share of decided pairs that differ in the factor). * the factor pulls this rater (adjusted p of at most .05).`,
    columns: ['factor', ...columns.map((column) => number(column.name)), 'group'],
    rows: rows.map(({ facts: { key, level2 }, label, scores }) => [
      known.has(keyOf(task, key))
        ? html`<a href="#profile-pairs" data-task="${task}" data-factor="${key}">${label}</a>`
        : label,
      ...scores.map((score) => scoreCell(summary, score)),
      clean(level2 ?? '–'),
    ]),
    isSortable: true,
  })}${absentInWords(flat, view).map((line) => html`<p class="quiet"><small>${line}</small></p>`)}`;
}

/** What the scores rest on: pairs, ties, orders that disagree. */
function restTable(scores: readonly ScoreTable[]): Html | null {
  if (scores.length === 0) return null;
  const share = (value: number | null): TableCell => number(value === null ? '–' : percent(value));
  const hasJudge = scores.some(({ columns }) => columns.some(({ unread }) => unread !== null));
  return table({
    caption:
      'What the scores rest on. Without a preference: ties, both orders disagreeing included. No readable answer: malformed, refused, empty or cut off; such pairs leave.',
    columns: [
      'task',
      'rater',
      number('pairs'),
      number('prompts'),
      number('without a preference'),
      number('orders disagree'),
      number('no readable answer'),
      ...(hasJudge ? [number('judge unreadable')] : []),
    ],
    rows: scores.flatMap(({ name, columns }) =>
      columns.map(({ name: rater, unread, table: { pairs, prompts, ties, inconsistent, invalid } }) => [
        name,
        rater,
        number(pairs),
        number(prompts),
        share(ties),
        share(inconsistent),
        number(invalid),
        ...(hasJudge ? [share(unread)] : []),
      ]),
    ),
    isSortable: true,
  });
}

/** Drawings with their numbers folded below them. */
function differencePart(
  title: string,
  groups: readonly DifferenceGroup[],
  drawn: readonly Figure[],
  note: string,
): Html | null {
  if (groups.length === 0) return null;
  return html`<h3>${title}</h3>${groups.map((group) => {
    const figure = drawn.find(({ id }) => id === group.id);
    const view = differenceTable(group);
    return html`${figure === undefined ? null : drawing(figure, note)}<details class="effect"><summary>${view.title}: the numbers</summary>${plainTable(view, true)}</details>
`;
  })}`;
}

function scoreCell({ families }: Summary, score: FactorRow | null): TableCell {
  if (score === null) return number('–');
  const [value, interval] = scored(score.tau14, score.low, score.high);
  const isStrong = isPulling(score, families.alpha);
  const text = `${value}${isStrong ? '*' : ''}`;
  return number(
    html`${isStrong ? html`<b>${text}</b>` : text} <span class="quiet">${interval} <small>${applies(score.relevance)}</small></span>`,
  );
}

function plainPart({ title, caption, columns, rows, notes }: PlainTable): Html {
  return html`<h3>${title}</h3>${plainTable({ title, caption, columns, rows, notes }, false)}`;
}

function plainTable({ caption, columns, rows, notes }: PlainTable, isSortable: boolean): Html {
  return html`${table({
    caption,
    columns: columns.map(({ text, isNumber }) => (isNumber ? number(text) : text)),
    rows: rows.map((cells) =>
      cells.map((cell, index) => {
        const part: Part = linesIn(cell).map((line, at) => html`${at === 0 ? null : html`<br>`}${line}`);
        return columns[index]?.isNumber === true ? number(part) : part;
      }),
    ),
    isSortable,
  })}${notes.map((note) => html`<p class="quiet">${note}</p>`)}`;
}

/** Everything about every rater and every effect, folded; what would make the page too large stays in the CSV files. */
function detailsPart(summary: Summary, scores: readonly ScoreTable[]): Html {
  const parts: Html[] = [];
  let [taken, left] = [0, 0];
  const offer = (title: string, content: Html): void => {
    const part = html`<details class="effect"><summary>${title}</summary>${content}</details>
`;
    taken += Buffer.byteLength(part.markup);
    if (taken <= MOST_DETAILS) parts.push(part);
    else left++;
  };
  for (const view of scores) {
    for (const column of view.columns) {
      const details = scoreDetails(summary, view, column);
      offer(details.title, plainTable(details, true));
    }
  }
  const effects = effectsTable(summary);
  if (effects !== null) offer('Every factor in every stage, with p and n', effects);
  return html`<h3 id="profile-details">The same in full</h3>
<p>Counts, direction and applicability, scores at equal length, and log-odds with length held constant, for every rater. <code>aligntrust report --format csv --out DIR</code> writes them as <code>factors.csv</code>${
    left === 0
      ? null
      : html`, every effect as <code>effects.csv</code>; ${left} tables that would make this page too large stand there alone`
  }.</p>${parts}`;
}

function effectsTable(summary: Summary): Html | null {
  const views = shiftTables(summary, clean);
  const rows = views.flatMap(({ name, rows: factors, columns }) =>
    factors.flatMap(({ label, cells }) =>
      cells.flatMap((cell, place) =>
        cell === null ? [] : [effectRow(name, label, columns[place]?.title.join(' ') ?? '', cell)],
      ),
    ),
  );
  if (rows.length === 0) return null;
  return table({
    caption: `Child minus parent; ${profileCorrection(summary)}. All pairs: over what each side decided.`,
    columns: [
      'factor',
      'task',
      'stage',
      'verdict',
      number('change'),
      number('all pairs'),
      number('p'),
      number('adjusted p'),
      number('n'),
      number('could see'),
    ],
    rows,
    isSortable: true,
  });
}

function effectRow(name: string, label: string, stage: string, cell: ShiftCell): TableCell[] {
  const { p, pAdjusted, n, clusters, detectable }: Effect = cell.effect;
  return [
    label,
    name,
    stage,
    { part: html`<span class="word">${cell.word}</span>`, kind: cell.isMoved ? 'moved' : 'quiet' },
    number(changeOf(cell)),
    number(cell.overall ?? '='),
    number(p === null ? '–' : pValue(p)),
    number(pAdjusted === null ? '–' : pValue(pAdjusted)),
    number(clusters === n ? String(n) : `${n} in ${clusters}`),
    number(detectable === null ? '–' : `≥ ${plain(detectable, 'score')}`),
  ];
}

/** What each instrument asks. */
function tasksPart({ summary, tasks }: PageInput): Html {
  const own = summary.tasks.filter(({ family }) => family === 'profile');
  return html`<h3 id="profile-tasks">The tasks behind it</h3>
<dl class="facts">${own.map(({ task, question, source, version, samples, cluster }) => {
    const prompt = tasks.get(task)?.prompt ?? null;
    return html`<dt>${clean(task)}</dt><dd>${clean(question)} <small>${clean(source)}; version ${version}, ${samples} samples, a cluster is a ${clean(cluster)}</small>${prompt === null ? null : promptDetails(prompt)}</dd>`;
  })}</dl>`;
}
