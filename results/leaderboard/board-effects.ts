import type { SummaryCheckpoint } from '../summary.ts';
import { bestOf, byPlace, type Preference, sourcesOf } from './choice.ts';
import { columnKey, headlineOf, rankKey } from './columns.ts';
import type { BoardCell, BoardEffect, BoardMethod } from './leaderboard.ts';
import type { Publication } from './publications.ts';
import { rowKey } from './rows.ts';

/** One effect a cell: of the run that fills it, else of the next that measured both sides. */
export function boardEffects(
  current: readonly Publication[],
  cells: readonly BoardCell[],
  preference: Preference,
): BoardEffect[] {
  const sources = sourcesOf(cells);
  const isOfCell = ({ column, row, publication }: BoardEffect) =>
    Number(sources.get(rankKey(column, row)) === publication);
  return bestOf(
    current.flatMap(effectsOf),
    ({ column, row }) => rankKey(column, row),
    (a, b) =>
      isOfCell(b) - isOfCell(a) ||
      Number(a.delta === null) - Number(b.delta === null) ||
      byPlace(preference, a, b),
  );
}

function effectsOf({ entry, summary }: Publication): BoardEffect[] {
  const keys = rowKeys(summary.checkpoints);
  return summary.tasks.flatMap((task) =>
    summary.effects
      .filter(
        ({ kind, task: name, metric }) =>
          (kind === 'stage' || kind === 'control') && name === task.task && metric === task.headline,
      )
      .flatMap((effect) => {
        const [from, row] = [keys.get(effect.from), keys.get(effect.to)];
        if (from === undefined || row === undefined) return [];
        return [
          {
            row,
            from,
            column: columnKey(task),
            publication: entry.publication,
            delta: effect.delta,
            low: effect.low,
            high: effect.high,
            pAdjusted: effect.pAdjusted,
            verdict: effect.verdict,
            reason: effect.reason,
            n: effect.n,
            clusters: effect.clusters,
            detectable: effect.detectable,
            seeds: effect.seeds,
            seedSpread: effect.seedSpread,
            withinSeedNoise: effect.withinSeedNoise,
            confounds: effect.confounds,
          },
        ];
      }),
  );
}

/** What several training seeds or base families say, of the runs whose cells are shown. */
export function boardMethods(current: readonly Publication[], cells: readonly BoardCell[]): BoardMethod[] {
  const sources = sourcesOf(cells);
  return current.flatMap((one) => methodsOf(one, sources));
}

/** What a run says of methods, where it fills the cells of all that this rests on: other rows would contradict it. */
function methodsOf({ entry, summary }: Publication, sources: ReadonlyMap<string, string>): BoardMethod[] {
  const keys = rowKeys(summary.checkpoints);
  const isShown = (column: string, sides: readonly { readonly from: string; readonly to: string }[]) =>
    sides
      .flatMap(({ from, to }) => [from, to])
      .every((id) => sources.get(rankKey(column, keys.get(id) ?? '')) === entry.publication);
  const { methods, pooled } = summary.relations;
  const columns = new Map(
    summary.tasks.map((task) => [task.task, { key: columnKey(task), metric: headlineOf(task).key }]),
  );
  const columnFor = (task: string, metric: string): string | undefined => {
    const column = columns.get(task);
    return column?.metric === metric ? column.key : undefined;
  };
  const seeded = methods.flatMap((effect): BoardMethod[] => {
    const column = columnFor(effect.task, effect.metric);
    const { kind } = effect;
    // The board shows stages; what they come to together stands in the run's own report.
    if (column === undefined || kind === 'total' || !isShown(column, effect.seeds)) return [];
    const { method, mean, low, high, pAdjusted, verdict, reason, seeds } = effect;
    const [from, to] = [keys.get(effect.from) ?? null, keys.get(effect.to) ?? null];
    const units = seeds.length;
    return [
      {
        publication: entry.publication,
        column,
        kind,
        method,
        from,
        to,
        mean,
        low,
        high,
        pAdjusted,
        verdict,
        units,
        reason,
      },
    ];
  });
  const families = pooled.flatMap((effect): BoardMethod[] => {
    const column = columnFor(effect.task, effect.metric);
    if (column === undefined || !isShown(column, effect.families)) return [];
    const { method, mean, low, high, reason, families: members } = effect;
    const rest = { from: null, to: null, mean, low, high, pAdjusted: null, verdict: null, reason };
    return [
      { publication: entry.publication, column, kind: 'pooled', method, ...rest, units: members.length },
    ];
  });
  return [...seeded, ...families];
}

function rowKeys(checkpoints: readonly SummaryCheckpoint[]): ReadonlyMap<string, string> {
  return new Map(checkpoints.map((one) => [one.id, rowKey(one)]));
}
