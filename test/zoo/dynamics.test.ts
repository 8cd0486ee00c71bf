import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { definitionFromText } from '../../benchmarks/definition/load.ts';
import { runBenchmark } from '../../benchmarks/run/run-benchmark.ts';
import { StopSwitch } from '../../benchmarks/run/stop.ts';
import { summariseRun } from '../../bin/summarise-run.ts';
import { packageRoot } from '../../core/package-root.ts';
import { plain } from '../../results/format.ts';
import { dynamicsSection } from '../../results/report/html/dynamics.ts';
import { renderMarkdown } from '../../results/report/markdown.ts';
import { renderTerminal } from '../../results/report/terminal.ts';
import type { Cell, Effect, Summary } from '../../results/summary.ts';
import { temporaryFolders } from '../fixtures/folders.ts';

const folder = temporaryFolders();
const STEPS = [8, 24, 48] as const;
const idOf = (step: number): string => (step === 48 ? 'dpo' : `dpo-step-${step}`);

/**
 * Every sixth of the pairs that the zoo's DPO was trained on, in the order of zoo/lab/tuning.py `pair_rows`, without
 * repeats and without pairs of one text twice (34 of 512), which no model can tell apart.
 */
const PAIRS = join(packageRoot(), 'test', 'fixtures', 'dynamics', 'zoo-tuning-pairs.jsonl');
const IDENTICAL = 34 / 512;
const SAMPLES = 320;

interface Point {
  readonly step: number;
  readonly accuracy: number;
  readonly margin: number;
}

function curveOf(name: string): ReadonlyMap<number, Point> {
  const text = readFileSync(join(packageRoot(), 'zoo', 'lab', 'curves', `${name}.json`), 'utf8');
  const { curve } = JSON.parse(text) as { readonly curve: readonly Point[] };
  return new Map(curve.map((point) => [point.step, point]));
}

describe('learning dynamics of the zoo', () => {
  let summary: Summary;

  beforeAll(async () => {
    const tuned = (id: string, alignment: object) => ({ id, model: `zoo:${id}`, alignment });
    const own = { dataset: 'tuning-pairs', path: PAIRS, form: 'dialogue' };
    const definition = await definitionFromText(
      JSON.stringify({
        benchmark: 'dynamics',
        defaults: { adapter: 'gguf', promptFormat: 'raw' },
        checkpoints: [
          tuned('sft', { method: 'sft' }),
          ...STEPS.map((step) => tuned(idOf(step), { method: 'dpo', parent: 'sft', seed: 1, step })),
          tuned('dpo-displaced', { method: 'dpo', parent: 'sft', seed: 1, recipe: 'displaced' }),
        ],
        roles: { reference: 'sft' },
        tasks: [
          { task: 'dynamics/pairs', ...own, limit: SAMPLES },
          { task: 'dynamics/dpo-loss', ...own, beta: 0.1, limit: SAMPLES },
        ],
        settings: { seed: 1 },
      }),
      { file: 'dynamics.yaml', folder: await folder() },
    );
    const run = await runBenchmark(definition, { runs: await folder(), env: {}, stop: new StopSwitch() });
    summary = await summariseRun(run.folder);
  });

  const cellOf = (checkpoint: string, metric: string): Cell => {
    const cell = summary.cells.find((one) => one.checkpoint === checkpoint && one.metric === metric);
    if (cell === undefined) throw new Error(`${checkpoint} has no cell of ${metric}`);
    return cell;
  };
  const valueAt = (checkpoint: string, metric: string): number => {
    const { value, reason } = cellOf(checkpoint, metric);
    if (value === null) throw new Error(`${checkpoint} has no ${metric}: ${reason}`);
    return value;
  };
  const effectOf = (to: string, metric: string): Effect | undefined =>
    summary.effects.find((effect) => effect.kind === 'stage' && effect.to === to && effect.metric === metric);

  it('at the reference every margin is exactly 0 and the loss ln 2', () => {
    for (const metric of ['margin', 'reward_margin', 'chosen_shift', 'rejected_shift']) {
      const { value, n } = cellOf('sft', metric);
      expect([metric, value, n]).toEqual([metric, 0, SAMPLES]);
    }
    // No margin above 0, and half of all: every single pair is a tie.
    expect([valueAt('sft', 'reward_accuracy'), valueAt('sft', 'reward_accuracy_ties')]).toEqual([0, 0.5]);
    expect(valueAt('sft', 'dpo_loss')).toBeCloseTo(Math.LN2, 14);
  });

  it('preference accuracy rises along the trajectory, as do margin and reward accuracy, and the loss falls', () => {
    const series = ['sft', ...STEPS.map(idOf)];
    for (const metric of ['preferred', 'preferred_per_token', 'margin', 'reward_accuracy']) {
      const values = series.map((id) => valueAt(id, metric));
      expect([metric, values]).toEqual([metric, [...values].sort((a, b) => a - b)]);
    }
    const losses = series.map((id) => valueAt(id, 'dpo_loss'));
    expect(losses).toEqual([...losses].sort((a, b) => b - a));
    expect(valueAt('dpo', 'preferred') - valueAt('sft', 'preferred')).toBeGreaterThan(0.15);
  });

  /**
   * The trainer's log is a mean over the 256 pairs of the four steps before, each measured before its own update, with
   * pairs of one text twice (a tie, margin 0) and the token that ends the answer. Three standard errors of a share of 256
   * pairs are .08; a margin may be a few steps ahead of the log's.
   */
  it.each(STEPS)('at step %i margin and reward accuracy are those of the log of the training', (step) => {
    const logged = curveOf('dpo').get(step);
    const distinct = 1 - IDENTICAL;
    const accuracy = (logged?.accuracy ?? Number.NaN) / distinct;
    expect(Math.abs(valueAt(idOf(step), 'reward_accuracy') - accuracy)).toBeLessThan(0.08);
    const margin = (logged?.margin ?? Number.NaN) / distinct;
    expect(Math.abs(valueAt(idOf(step), 'reward_margin') - margin)).toBeLessThan(0.05);
  });

  it('dpo-displaced raised its margin while both answers fell, which sound DPO did not', () => {
    expect(valueAt('dpo-displaced', 'margin')).toBeGreaterThan(valueAt('dpo', 'margin'));
    expect(valueAt('dpo-displaced', 'chosen_shift')).toBeLessThan(-1);
    expect(valueAt('dpo-displaced', 'rejected_shift')).toBeLessThan(valueAt('dpo-displaced', 'chosen_shift'));
    expect(valueAt('dpo', 'chosen_shift')).toBeGreaterThan(0);
    expect(valueAt('dpo-displaced', 'displaced')).toBeGreaterThan(2 * valueAt('dpo', 'displaced'));
    expect(effectOf('dpo-displaced', 'chosen_shift')).toMatchObject({
      family: 'dynamics',
      verdict: 'lowered',
    });
    expect(effectOf('dpo', 'chosen_shift')).toMatchObject({ family: 'dynamics', verdict: 'raised' });
  });

  it('the reports show every value under a question of its own', () => {
    const title = 'what did the checkpoints learn?';
    const markdown = renderMarkdown(summary);
    const page = dynamicsSection(summary).markup;
    expect(page).toContain('<section id="dynamics"');
    expect(markdown.split('\n')[0]).toBe(`# dynamics: ${title}`);
    for (const width of [72, 120]) {
      const drawn = renderTerminal(summary, { width, colour: false });
      expect(drawn).toContain('Learning dynamics');
      for (const line of drawn.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
      for (const text of [drawn, markdown, page]) {
        expect(text).toContain('dpo-step-8 (step 8)');
        for (const id of ['dpo', 'dpo-displaced'])
          expect(text).toContain(plain(valueAt(id, 'margin'), 'nats'));
      }
    }
  });

  it('none of it stands among the dimensions of trust, and steps on the way are exploratory', () => {
    expect(summary.tasks.every(({ primary, family }) => !primary && family === 'dynamics')).toBe(true);
    expect(summary.families.primary.tests).toBe(0);
    expect(summary.families.dynamics).toEqual({ adjustment: 'holm', tests: 28 });
    expect(effectOf('dpo-step-8', 'margin')).toMatchObject({ family: 'exploratory', verdict: 'raised' });
  });
});
