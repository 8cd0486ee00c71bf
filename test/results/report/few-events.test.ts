import { describe, expect, it } from '@jest/globals';
import { cellTable } from '../../../results/report/cell-view.ts';
import { renderTerminal } from '../../../results/report/terminal.ts';
import { summarise } from '../../../results/summarise.ts';
import type { Summary } from '../../../results/summary.ts';
import { checkpoint, input, records, task } from '../support/synthetic.ts';

/** 300 samples, of which the first `events` of the base are right, in clusters of equal samples. */
async function rated(events: number, perCluster: number): Promise<Summary> {
  const checkpoints = [checkpoint('base'), checkpoint('sft', { method: 'sft', parent: 'base' })];
  const tasks = [task('truthfulness/mc1@x:robust', { samples: 300, perCluster })];
  const outcomes = records(
    checkpoints,
    tasks,
    ({ checkpoint: id, unit }) => ({
      kind: 'scored',
      values: { accuracy: Number(unit < (id === 'base' ? events : 150)) },
    }),
    perCluster,
  );
  return summarise(input(checkpoints, tasks, outcomes));
}

function intervalsIn(summary: Summary): string[] {
  const [one] = summary.tasks;
  const [metric] = one?.metrics ?? [];
  if (one === undefined || metric === undefined) throw new Error('no task');
  return cellTable(summary, one, metric).rows.map((row) => row[2] ?? '');
}

describe('few events', () => {
  it('are noted beside the interval of a clustered rate, and explained', async () => {
    // 24 right ones in eight clusters of three equal samples are worth eight, and 45 are worth fifteen.
    const few = await rated(24, 3);
    expect(intervalsIn(few)).toEqual([
      expect.stringMatching(/ to [\d.]+, few events$/),
      expect.not.stringContaining('few'),
    ]);
    expect(renderTerminal(few, { width: 100, colour: false })).toContain('"few events": fewer than 10');
    const enough = await rated(45, 3);
    expect(intervalsIn(enough).join(' ')).not.toContain('few');
    expect(renderTerminal(enough, { width: 100, colour: false })).not.toContain('few events');
  });

  it('say nothing of samples that are their own clusters', async () => {
    expect(intervalsIn(await rated(3, 1)).join(' ')).not.toContain('few');
  });
});
