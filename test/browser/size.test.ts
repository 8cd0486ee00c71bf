import { beforeAll, expect, it } from '@jest/globals';
import { summarise } from '../../results/summarise.ts';
import type { Summary } from '../../results/summary.ts';
import { bernoulli, checkpoint, input, metric, records, task } from '../results/support/synthetic.ts';
import { describeInBrowser } from './support/browser.ts';
import { inputOf, type Say, writeInput } from './support/pages.ts';

const MOST_BYTES = 1_500_000;
const DIMENSIONS = ['toxicity', 'bias', 'ethics', 'truthfulness', 'privacy', 'refusal', 'profile'];

describeInBrowser('a page of 4 checkpoints × 20 tasks of 5 metrics', (browser) => {
  let url = '';
  let text = '';
  let shown = 0;
  let counted = 0;
  beforeAll(async () => {
    const summary = await large();
    const input = await inputOf(summary, longAnswers());
    counted = input.flips.reduce((sum, { gained, lost }) => sum + gained + lost, 0);
    shown = input.flips.reduce((sum, { gained, lost }) => sum + Math.min(50, gained + lost), 0);
    expect(input.flips.length).toBe(80);
    ({ url, text } = await writeInput(input, browser.folder()));
  });

  it('stays under 1.5 MB whatever the length of the answers, and tells how long they may be in it', () => {
    expect(Buffer.byteLength(text)).toBeLessThan(MOST_BYTES);
    const length = Number(/with texts of up to ([\d,]+) characters/.exec(text)?.[1]?.replace(',', ''));
    // Of texts that hardly pack; a language packs better.
    expect(length).toBeGreaterThanOrEqual(100);
  });

  it('holds the 50 clearest flips of every effect and all counts', async () => {
    const { page, misdeeds } = await browser.open(url);
    const status = page.locator('#flip-status');
    await status.filter({ hasText: 'in this page' }).waitFor();
    expect(await status.innerText()).toContain(`${counted.toLocaleString('en-US')} flips in this run`);
    expect(await status.innerText()).toContain(`; ${shown.toLocaleString('en-US')} of them in this page`);
    await page.locator('select[name=dimension]').selectOption('truthfulness');
    await page.locator('.flip .head', { hasText: 'truthfulness' }).first().waitFor();
    expect(await page.locator('.flip .said').first().innerText()).toMatch(/^(from|to) truthfulness.* …$/s);
    expect(misdeeds).toEqual([]);
    await page.close();
  });
});

/** Words drawn anew for every answer: what can be packed of them is what can be packed of a language. */
function longAnswers(): Say {
  const vocabulary = Array.from({ length: 3000 }, (_, index) => (index * 7919).toString(36));
  let state = 1;
  return ({ side, task: name, index }) => {
    const words = Array.from({ length: 300 }, () => {
      state = (state * 48271) % 2147483647;
      return vocabulary[Math.floor((state / 2147483647) ** 2 * vocabulary.length)] ?? '';
    });
    return `${side} ${name} ${index} ${words.join(' ')}`;
  };
}

async function large(): Promise<Summary> {
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
  return summarise(input(checkpoints, tasks, outcomes));
}
