import type { DistinguishabilitySpeed } from '../../dynamics/dynamics-summary.ts';
import { pValue } from '../../format.ts';
import type { Summary } from '../../summary.ts';
import { clean } from '../text.ts';
import type { NameOf } from '../view.ts';
import { MEASURES, readingInWords, relationInWords, rhoText, SPEEDS, speedName } from './learning-words.ts';
import { quantity } from './number-text.ts';
import { type SpeedGroup, speedGroups } from './speed-groups.ts';
import { cell, figures, NOTHING, type StepTable, words } from './step-table.ts';

/** For each series: the rank relations of distinguishability and speed, and the behaviours behind them. */
export function speedTables(
  summary: Summary,
  nameOf: NameOf,
): { readonly relations: StepTable[]; readonly behaviours: StepTable[] } {
  const groups = speedGroups(summary);
  return {
    relations: groups.map((group, index) => relationTable(summary, group, nameOf, index + 1)),
    behaviours: groups.map((group, index) => behaviourTable(summary, group, nameOf, index + 1)),
  };
}

/** What a reader has to know before any of them; empty without a relation. */
export function speedReadings(summary: Summary): string[] {
  const names = [...new Set((summary.dynamics?.relations ?? []).map(({ series }) => series))];
  return names.length === 0 ? [] : readingInWords(summary, names);
}

function relationTable(
  summary: Summary,
  { series, first, relations }: SpeedGroup,
  nameOf: NameOf,
  place: number,
): StepTable {
  return {
    id: `speed-${place}`,
    title: `${nameOf(series)}: distinguishability against speed, ${speedName(summary, first)}`,
    caption: `Rank correlation over behaviours, told apart in ${nameOf(first.start)}: does what the start tells apart better change faster?`,
    first: 'distinguishability by',
    columns: [
      words('speed by'),
      figures('ρ'),
      figures('p, two-sided'),
      figures('n'),
      figures('never', 'crossed'),
    ],
    rows: relations.map(({ measure, speed, rho, p, n, behaviours }) => ({
      label: MEASURES[measure],
      cells: [
        cell(SPEEDS[speed]),
        cell(rho === null ? '–' : rhoText(rho)),
        cell(p === null ? '–' : pValue(p)),
        cell(String(n)),
        speed === 'first-crossing'
          ? cell(String(behaviours.filter(({ censored }) => censored).length))
          : NOTHING,
      ],
    })),
    notes: [
      ...new Set(relations.filter(({ rho }) => rho === null).map((one) => `${relationInWords(one)}.`)),
      ...(relations.some(({ speed }) => speed === 'area') ? [LEVEL] : []),
    ],
  };
}

const LEVEL =
  'Mean height with the start’s own level says what a behaviour reached and began with, not how fast it was learned.';

/** Measures repeat over the ways to measure speed, and speeds over measures: each stands once. */
function behaviourTable(
  summary: Summary,
  { series, first, relations }: SpeedGroup,
  nameOf: NameOf,
  place: number,
): StepTable {
  const measures = firstOf(relations, ({ measure }) => measure);
  const speeds = firstOf(relations, ({ speed }) => speed);
  const known = (one: DistinguishabilitySpeed, behaviour: string) =>
    one.behaviours.find((each) => each.behaviour === behaviour);
  return {
    id: `behaviours-${place}`,
    title: `${nameOf(series)}: behaviours behind it, ${speedName(summary, first)}`,
    caption: 'The first measure’s highest first. >: never crossed within the steps that were asked.',
    first: 'behaviour',
    columns: [
      ...measures.map(({ measure }) => figures(MEASURES[measure])),
      ...speeds.map(({ speed }) => figures(SPEEDS[speed])),
    ],
    rows: [...first.behaviours]
      .sort((one, other) => (other.distinguishability ?? -Infinity) - (one.distinguishability ?? -Infinity))
      .map(({ behaviour }) => ({
        label: clean(behaviour),
        cells: [
          ...measures.map((one) => cell(quantity(known(one, behaviour)?.distinguishability ?? null))),
          ...speeds.map((one) => {
            const own = known(one, behaviour);
            // A crossing is a step, or lies between two.
            const isStep = one.speed === 'first-crossing' && own?.speed != null;
            const text = isStep ? String(Number(own.speed.toFixed(1))) : quantity(own?.speed ?? null);
            return cell(own?.censored === true ? `>${text}` : text);
          }),
        ],
      })),
    notes: leftOut(relations),
  };
}

const MOST_NAMED = 8;

/** Who has no part in the ranks, a sentence a reason and kind of speed. */
function leftOut(relations: readonly DistinguishabilitySpeed[]): string[] {
  const found = new Map<string, Set<string>>();
  for (const { speed, behaviours } of relations) {
    for (const { behaviour, reason } of behaviours) {
      if (reason === null) continue;
      const what = `Not ranked${speed === 'first-crossing' ? ` by ${SPEEDS[speed]}` : ''}, ${reason}`;
      found.set(what, (found.get(what) ?? new Set()).add(behaviour));
    }
  }
  return [...found].map(([what, names]) => {
    const shown = [...names].slice(0, MOST_NAMED).map((name) => clean(name));
    const rest = names.size - shown.length;
    return `${clean(what)}: ${[...shown, ...(rest > 0 ? [`${rest} more in the CSV files`] : [])].join(', ')}.`;
  });
}

function firstOf<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return items.filter((item, index) => items.findIndex((other) => keyOf(other) === keyOf(item)) === index);
}
