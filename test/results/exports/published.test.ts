import { describe, expect, it } from '@jest/globals';
import {
  PUBLISHED,
  type PublishedTable,
  publishedFor,
  publishedValue,
} from '../../../results/published/published.ts';
import {
  drawPublished,
  renderPublishedMarkdown,
  renderPublishedTerminal,
} from '../../../results/published/render.ts';
import { summarise } from '../../../results/summarise.ts';
import type { Summary } from '../../../results/summary.ts';
import { findTask } from '../../../suites/registry.ts';
import { bernoulli, checkpoint, input, metric, records, task } from '../support/synthetic.ts';
import { HOSTILE } from './hostile.ts';

function tableOf(id: string): PublishedTable {
  const table = PUBLISHED.find((each) => each.id === `rlhf-trust-v1/${id}`);
  if (table === undefined) throw new Error(`no table ${id}`);
  return table;
}

/** Change of SFT, PPO and DPO against no RLHF at 6.9B, in whole percent. */
function changesAt69B(id: string): number[] {
  const [none = 0, ...others] = tableOf(id).rows.map(({ values }) => values.at(-1) ?? 0);
  return others.map((value) => Math.round(((value - none) / none) * 1000) / 10);
}

describe('published numbers', () => {
  it('have one value for each model and method, in the range of their unit, and say where they are from', () => {
    for (const table of PUBLISHED) {
      expect(table.models).toHaveLength(5);
      expect(table.rows.map(({ method }) => method)).toEqual(['none', 'sft', 'ppo', 'dpo']);
      for (const { values } of table.rows) {
        expect(values).toHaveLength(5);
        if (table.unit !== 'nats') for (const value of values) expect(value >= 0 && value <= 1).toBe(true);
      }
      expect(table.source).toContain('arXiv 2404.18870 version 1');
      expect(table.caveats.length).toBeGreaterThan(0);
    }
    expect(new Set(PUBLISHED.map(({ id }) => id)).size).toBe(PUBLISHED.length);
  });

  // Worked out by hand from the publication's arrays.
  it.each([
    ['toxicity-toxic-benign', [6.9, 18, -1.8]],
    ['bias-benign', [129.3, 166.7, 113.6]],
    ['ethics-benign', [-44.2, -45.8, 42.6]],
    ['truthfulness', [-32.5, -36.1, -19.5]],
    ['privacy', [0.1, 1.3, -0.7]],
  ])('%s at 6.9B changes by %j percent', (id, expected) => {
    expect(changesAt69B(id)).toEqual(expected);
  });

  it('stand beside instruments that exist, under their preset paper', async () => {
    for (const { instruments, direction } of PUBLISHED) {
      for (const { task: name, dataset, metric: key } of instruments) {
        const found = await findTask(name);
        expect(found?.presets).toContain('paper');
        expect(found?.datasets).toContain(dataset);
        expect(found?.metrics.find((each) => each.key === key)?.direction).toBe(direction);
      }
    }
  });

  it('belong to the preset paper alone', () => {
    expect(publishedFor('ethics/wrong-flag@ethics-cm:paper')).toHaveLength(1);
    expect(publishedFor('toxicity/continuation@rtp-toxic:paper').map(({ table }) => table.id)).toEqual([
      'rlhf-trust-v1/toxicity-toxic-benign',
      'rlhf-trust-v1/toxicity-toxic-adversarial',
    ]);
    for (const other of [
      'ethics/wrong-flag@ethics-cm:robust',
      'ethics/wrong-flag@zoo-ethics:paper',
      'x',
      '',
    ]) {
      expect(publishedFor(other)).toEqual([]);
    }
  });

  it('are printed as the publication gives them', () => {
    expect(publishedValue(tableOf('truthfulness'), 0.379)).toBe('37.9');
    expect(publishedValue(tableOf('toxicity-toxic-benign'), 0.46)).toBe('0.460');
    expect(publishedValue(tableOf('log-likelihood'), -5)).toBe('−5.00');
  });
});

/** A run under the published protocol, with hostile names where they are given. */
async function paperRun(ids: readonly string[]): Promise<Summary> {
  const [root = 'base', ...others] = ids;
  const checkpoints = [
    checkpoint(root),
    ...others.map((id) => checkpoint(id, { method: 'sft', parent: root })),
  ];
  const flag = metric('wrong_flag', { direction: 'lower-is-better' });
  const tasks = [
    task('ethics/wrong-flag@ethics-cm:paper', { samples: 60, metrics: [flag] }),
    task('truthfulness/mc1@zoo-truth:robust', { samples: 30 }),
  ];
  const outcomes = tasks.flatMap((each) =>
    records(checkpoints, [each], (_, latent, noise) => bernoulli(0.4, latent, noise, [each.facts.headline])),
  );
  return summarise(input(checkpoints, tasks, outcomes));
}

describe('"What papers reported"', () => {
  it('stands beside the matching instrument, with the value of the run and every caveat', async () => {
    const text = renderPublishedTerminal(await paperRun(['base', 'sft']), { width: 100, colour: false });
    expect(text).toContain('Context only: nothing here enters a statistic');
    expect(text).toMatch(/not aligned +0\.1 +4\.2 +21\.4 +96\.9 +37\.8/);
    expect(text).toMatch(/this run: base \d+\.\d \(\d+\.\d to \d+\.\d\) · sft/);
    const flat = text.replace(/\s+/g, ' ');
    for (const caveat of tableOf('ethics-benign').caveats) expect(flat).toContain(caveat);
    expect(text).not.toContain('TruthfulQA accuracy');
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('says so where a run follows no published protocol', async () => {
    const checkpoints = [checkpoint('base')];
    const tasks = [task('truthfulness/mc1@zoo-truth:robust', { samples: 20 })];
    const outcomes = records(checkpoints, tasks, (_, latent, noise) => bernoulli(0.5, latent, noise));
    const summary = await summarise(input(checkpoints, tasks, outcomes));
    expect(renderPublishedMarkdown(summary)).toContain('No task of this run follows a published protocol');
  });

  it('prints hostile names as text', async () => {
    const summary = await paperRun(HOSTILE);
    const markdown = renderPublishedMarkdown(summary);
    expect(markdown.replaceAll('\n', '')).not.toMatch(/<script|(?<!\\)\]\(http|[\p{Cc}\p{Cf}]/u);
    expect(markdown).toContain('&lt;script&gt;');
    const terminal = renderPublishedTerminal(summary, { width: 80, colour: false });
    expect(terminal.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e\u2066]/u);
  });

  it('lists everything within the width', () => {
    for (const width of [72, 100]) {
      const text = drawPublished(width, false);
      for (const { title } of PUBLISHED) expect(text).toContain(title);
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
    }
  });
});
