import { grouped, intervalAfter, sideOf, signed } from '../format.ts';
import { clean } from '../report/text.ts';
import type { StageAgain } from './again.ts';
import { type Column, columnsOf, isAt } from './columns.ts';
import type { RunComparison } from './comparison.ts';
import { columnTitle, directionOf, type Grid, type GridCell, MISSING, nameLines } from './grids.ts';
import type { StageChange } from './values.ts';

/** What each stage changed in its own run; null without stages. */
export function stageGrid(comparison: RunComparison): Grid | null {
  const { stages, tasks } = comparison;
  if (stages.length === 0) return null;
  const columns = columnsOf(comparison);
  const pairs = [...new Map(stages.map((stage) => [stage.to, stage])).values()];
  return {
    title: 'What each stage changed, run by run',
    caption:
      'child minus parent within its own run, ± or [pointwise 95 % interval]; better and worse, higher and lower say on which side the number lies; the verdicts, which depend on everything tested there, stand in the report of each run',
    corner: 'stage',
    flat: true,
    columns: columns.map((column) => [...columnTitle(column, tasks), ...directionOf(column)]),
    rows: pairs.map((stage) => ({
      name: [stageName(stage)],
      cells: columns.map((column) =>
        stageCell(
          stages.filter(isAt(column)).find(({ to }) => to === stage.to),
          column,
        ),
      ),
    })),
    notes: [],
  };
}

/** Whether each stage effect happened again; null where no two runs have the same stage. */
export function againGrid(comparison: RunComparison): Grid | null {
  const asked = columnsOf(comparison).filter((column) => comparison.again.some(isAt(column)));
  const again = comparison.again.filter((each) => asked.some((column) => isAt(column)(each)));
  if (again.length === 0) return null;
  const rows = [...new Map(again.map((each) => [rowOf(each), each])).entries()];
  const compared = again.filter(({ sameSign }) => sameSign !== null);
  const agreeing = compared.filter((each) => each.sameSign === true && each.overlap !== false);
  return {
    title: 'Did each stage do the same again?',
    caption: `the side of 0 on which both effects lie, and whether their pointwise 95 % intervals overlap: a description, no test. ${grouped(agreeing.length)} of ${grouped(again.length)} lie on the same side with no intervals apart`,
    corner: 'stage',
    flat: true,
    columns: asked.map((column) => nameLines(column, comparison.tasks)),
    rows: rows.map(([row, { first, again: later }]) => ({
      name: [`${stageName(first)}, ${stageName(later)}`],
      cells: asked.map((column) => againCell(again.filter(isAt(column)).find((each) => rowOf(each) === row))),
    })),
    notes: againNotes(again),
  };
}

function againNotes(again: readonly StageAgain[]): string[] {
  const same = again.filter(({ sameWeights }) => sameWeights);
  const shared = again.filter(({ sharedSamples }) => sharedSamples);
  const names = [...new Set(same.map((each) => stageName(each.again)))].join(', ');
  return [
    ...(same.length === 0 ? [] : [`The same weights as before, so no second training: ${names}.`]),
    ...(shared.length === 0
      ? []
      : ['Runs that share samples agree more easily than runs with samples of their own.']),
  ];
}

function againCell(again: StageAgain | undefined): GridCell {
  if (again === undefined) return MISSING;
  const { first, again: later, sameSign, overlap } = again;
  if (first.delta === 0 && later.delta === 0) return { lines: ['no change in both'], tone: 'plain' };
  const side = sameSign === null ? 'one shows none' : sameSign ? 'same side' : 'OTHER SIDE';
  const intervals = overlap === null ? [] : [overlap ? 'overlap' : 'APART'];
  return { lines: [[side, ...intervals].join(', ')], tone: 'plain' };
}

function rowOf({ first, again }: StageAgain): string {
  return JSON.stringify([first.to, again.to]);
}

/** `A/base → dpo`. */
function stageName({ from, to }: Pick<StageChange, 'from' | 'to'>): string {
  return `${clean(from)} → ${clean(to.slice(to.indexOf('/') + 1))}`;
}

function stageCell(stage: StageChange | undefined, { metric }: Column): GridCell {
  if (stage === undefined || stage.delta === null) return MISSING;
  const { delta, low, high } = stage;
  const { unit, direction } = metric;
  const side = sideOf(delta, unit, direction);
  return {
    lines: [
      `${signed(delta, unit)}${intervalAfter(delta, low, high, unit)}`,
      ...(side === null ? [] : [side]),
    ],
    tone: 'plain',
  };
}
