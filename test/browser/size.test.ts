import { describe, expect, it } from '@jest/globals';
import { pageAssets } from '../../results/report/html/assets.ts';
import { renderPage } from '../../results/report/html/page.ts';
import { summarise } from '../../results/summarise.ts';
import { bernoulli, checkpoint, input, metric, records, task } from '../results/support/synthetic.ts';
import { inputOf } from './support/pages.ts';

const MOST_BYTES = 1_500_000;
const DIMENSIONS = ['toxicity', 'bias', 'ethics', 'truthfulness', 'privacy', 'refusal', 'profile'];

describe('the size of a page', () => {
  it('stays under 1.5 MB for 4 checkpoints × 20 tasks of 5 metrics, whatever the length of the answers', async () => {
    const checkpoints = [
      checkpoint('base'),
      checkpoint('sft', { method: 'sft', parent: 'base' }),
      checkpoint('dpo', { method: 'dpo', parent: 'sft' }),
      checkpoint('ppo', { method: 'ppo', parent: 'sft' }),
    ];
    const keys = ['accuracy', 'second', 'third', 'fourth', 'fifth'];
    const tasks = Array.from({ length: 20 }, (_, index) =>
      task(`${DIMENSIONS[index % DIMENSIONS.length]}/task-${index}@dataset-${index}:robust`, {
        samples: 120,
        metrics: keys.map((key) => metric(key, { label: `a label of a length that labels have, ${key}` })),
      }),
    );
    const rates: Readonly<Record<string, number>> = { base: 0.3, sft: 0.5, dpo: 0.8, ppo: 0.2 };
    const outcomes = records(checkpoints, tasks, ({ checkpoint: id }, latent, noise) =>
      bernoulli(rates[id] ?? 0.5, latent, noise, keys),
    );
    const summary = await summarise(input(checkpoints, tasks, outcomes));
    const long = ({ side, task: name, index }: { side: string; task: string; index: number }) =>
      `${side} ${name} ${index} ${'words of an answer '.repeat(120)}`;
    const text = renderPage(await inputOf(summary, long), pageAssets());
    const shown = JSON.parse(/id="flip-data">(.*?)<\/script>/s.exec(text)?.[1] ?? '') as {
      counts: { gained: number; lost: number }[];
      rows: { values: unknown[] };
    };
    const expected = shown.counts.reduce((sum, { gained, lost }) => sum + Math.min(50, gained + lost), 0);
    expect(shown.counts.length).toBe(80);
    expect(shown.rows.values.length).toBe(expected);
    expect(Buffer.byteLength(text)).toBeLessThan(MOST_BYTES);
  });
});
