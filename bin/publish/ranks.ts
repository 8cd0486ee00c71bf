import { readOutcomes } from '../../benchmarks/journal/outcomes.ts';
import type { OutcomeRecord } from '../../benchmarks/journal/records.ts';
import type { ComparableSet, Ranks } from '../../results/leaderboard/board.ts';
import { rankKey } from '../../results/leaderboard/columns.ts';
import type { BoardRank } from '../../results/leaderboard/leaderboard.ts';
import { rankMembers } from '../../results/leaderboard/rank.ts';
import { collectOutcomes } from '../../results/outcomes/table.ts';
import { findTask } from '../../suites/registry.ts';
import type { MetricSpec } from '../../suites/task.ts';
import { publicationFolder } from './site-folder.ts';

/** The ranks of every comparable set, from the published outcomes; each publication is read once. */
export async function rankAll(site: string, sets: readonly ComparableSet[]): Promise<Ranks> {
  const specs = new Map<string, MetricSpec>();
  for (const set of sets) {
    // `task@dataset:preset` begins with the task's own name.
    const task = await findTask(set.task.split('@')[0] ?? '');
    if (task !== undefined) specs.set(set.name, task.headline);
  }
  const rows = [...new Set(sets.flatMap(({ members }) => members.map(({ row }) => row)))];
  const keys = new Map([...specs].map(([name, spec]) => [name, [spec]]));
  const { instruments } = await collectOutcomes(membersOf(site, sets), rows, keys);
  const ranks = new Map<string, BoardRank | string>();
  for (const set of sets) {
    const [table, spec] = [instruments.get(set.name), specs.get(set.name)];
    if (table === undefined || spec === undefined) {
      for (const { row } of set.members)
        ranks.set(rankKey(set.column, row), 'this task is not installed here');
      continue;
    }
    for (const [key, rank] of rankMembers(set, table, spec)) ranks.set(key, rank);
  }
  return ranks;
}

/** The outcomes of all members, each under the name of its set and the key of its row. */
async function* membersOf(site: string, sets: readonly ComparableSet[]): AsyncGenerator<OutcomeRecord> {
  const places = new Map<string, Map<string, { set: string; row: string }>>();
  for (const { name, task, members } of sets) {
    for (const { publication, checkpoint, row } of members) {
      const known = places.get(publication) ?? new Map<string, { set: string; row: string }>();
      known.set(JSON.stringify([task, checkpoint]), { set: name, row });
      places.set(publication, known);
    }
  }
  for (const [publication, known] of places) {
    for await (const record of readOutcomes(publicationFolder(site, publication))) {
      const place = known.get(JSON.stringify([record.instrument, record.checkpoint]));
      if (place !== undefined) yield { ...record, instrument: place.set, checkpoint: place.row };
    }
  }
}
