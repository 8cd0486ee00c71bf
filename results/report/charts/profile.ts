import type { Summary } from '../../summary.ts';
import { type DifferenceGroup, differenceGroups, gapGroups } from '../profile/differences-view.ts';
import { scored } from '../profile/numbers.ts';
import { type ShiftTable, shiftTables } from '../profile/shifts-view.ts';
import { profileCorrection } from '../profile/words.ts';
import { shorten } from '../text.ts';
import { idOf } from '../view.ts';
import type { Figure } from './figure.ts';
import { drawIntervals, type PlotRow } from './interval-plot.ts';
import { bridgeFigure } from './profile-bridge.ts';

/** Drawings of PROFILE; all of them empty in a run without it. */
export interface ProfileFigures {
  /** Δτ14 of the factors that a stage moved, one an instrument. */
  readonly shifts: readonly Figure[];
  /** Models less people, factor by factor. */
  readonly differences: readonly Figure[];
  /** Choosing less writing. */
  readonly gaps: readonly Figure[];
  /** Factors beside trust; null where a run has but one of them. */
  readonly bridge: Figure | null;
}

/** More rows would be a wall: the factors that differ most are drawn, all stand in the tables. */
const MOST_ROWS = 60;
const LEAST_FACTORS = 3;
const LONGEST_LABEL = 32;

export function profileFigures(summary: Summary): ProfileFigures {
  return {
    shifts: shiftFigures(summary),
    differences: differenceGroups(summary, idOf).flatMap(differenceFigure),
    gaps: gapGroups(summary, idOf).flatMap(differenceFigure),
    bridge: bridgeFigure(summary),
  };
}

export function allProfileFigures({ shifts, differences, gaps, bridge }: ProfileFigures): Figure[] {
  return [...shifts, ...differences, ...gaps, ...(bridge === null ? [] : [bridge])];
}

function shiftFigures(summary: Summary): Figure[] {
  // Levels are in units of their own, which share no scale.
  const tables = shiftTables(summary, idOf).filter(({ isLevels }) => !isLevels);
  return tables.flatMap((table, index): Figure[] => {
    const rows = shiftRows(table);
    if (rows.length === 0) return [];
    return [
      drawIntervals({
        id: `profile-shifts${tables.length === 1 ? '' : `-${index + 1}`}`,
        title: `How each stage moved the pull of factors: ${table.name}, Δτ14 with pointwise 95 % intervals, ${profileCorrection(summary)}`,
        ends: ['lowered', 'raised'],
        rows,
      }),
    ];
  });
}

function shiftRows({ rows, columns }: ShiftTable): PlotRow[] {
  const moved = rows.filter(({ isMoved }) => isMoved);
  const most = Math.max(LEAST_FACTORS, Math.floor(MOST_ROWS / Math.max(1, columns.length)));
  return moved.slice(0, most).flatMap(({ label, cells }) =>
    cells.flatMap((cell, place): PlotRow[] => {
      if (cell === null) return [];
      const { delta, low, high } = cell;
      return [
        {
          group: shorten(label, LONGEST_LABEL),
          label: columns[place]?.title.join(' ') ?? '',
          value: delta,
          low,
          high,
          isMarked: cell.isMoved,
          text: [cell.word, cell.number, cell.interval].filter((part) => part !== '').join(' '),
        },
      ];
    }),
  );
}

function differenceFigure({ id, title, ends, columns, rows }: DifferenceGroup): Figure[] {
  const most = Math.max(LEAST_FACTORS, Math.floor(MOST_ROWS / Math.max(1, columns.length)));
  const reach = (differences: DifferenceGroup['rows'][number]['differences']): number =>
    Math.max(0, ...differences.map((one) => Math.abs(one?.difference ?? 0)));
  const differing = rows.filter(({ differences }) => reach(differences) > 0);
  const drawn = [...differing]
    .sort((one, other) => reach(other.differences) - reach(one.differences))
    .slice(0, most);
  const plotted = drawn.flatMap(({ label, differences }) =>
    differences.flatMap((one, place): PlotRow[] => {
      if (one === null || one.difference === null) return [];
      const { difference, low, high } = one;
      return [
        {
          group: shorten(label, LONGEST_LABEL),
          label: columns[place] ?? '',
          value: difference,
          low,
          high,
          isMarked: low !== null && high !== null && (low > 0 || high < 0),
          text: scored(difference, low, high).join(' ').trim(),
        },
      ];
    }),
  );
  if (plotted.length === 0) return [];
  const left = differing.length - drawn.length;
  const others = left === 0 ? '' : `, the ${drawn.length} factors that differ most`;
  return [drawIntervals({ id, title: `${title}, Δτ14 with 95 % intervals${others}`, ends, rows: plotted })];
}
