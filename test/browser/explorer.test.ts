import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { beforeAll, expect, it } from '@jest/globals';
import { GALLERY } from '../results/support/gallery.ts';
import { describeInBrowser, type Watched } from './support/browser.ts';
import { inputOf, writeInput } from './support/pages.ts';

const ROWS = 100_000;
const DIMENSIONS = ['truthfulness', 'toxicity', 'refusal', 'bias'];

describeInBrowser('the explorer of flips', (browser) => {
  let url = '';
  let file = '';
  beforeAll(async () => {
    const make = GALLERY['five-dimensions'];
    if (make === undefined) throw new Error('the gallery has changed');
    ({ url } = await writeInput(await inputOf(await make()), browser.folder()));
    file = join(browser.folder(), 'flips.jsonl');
    await pipeline(Readable.from(lines()), createWriteStream(file));
  });

  it('filters what the page holds by dimension, comparison, method and change, and counts what it does not hold', async () => {
    const { page, misdeeds } = await browser.open(url);
    const status = page.locator('#flip-status');
    const all = await status.innerText();
    expect(all).toMatch(
      /^[\d,]+ flips in this run \([\d,]+ got WORSE, [\d,]+ got better\); [\d,]+ of them in this page; showing 1 to 20\.$/,
    );
    await page.locator('select[name=dimension]').focus();
    await page.keyboard.press('ArrowDown');
    await page.locator('#flip-status').filter({ hasNotText: all }).waitFor();
    const chosen = await page.locator('select[name=dimension]').inputValue();
    const heads = await page.locator('.flip .head').allTextContents();
    expect(heads.length).toBeGreaterThan(0);
    expect(heads.every((head) => head.includes(` ${chosen} `))).toBe(true);
    await page.locator('select[name=change]').selectOption('lost');
    expect(
      (await page.locator('.flip .head').allTextContents()).every((head) => head.includes('got WORSE')),
    ).toBe(true);
    await page.locator('select[name=change]').selectOption('');
    await page.locator('select[name=method]').selectOption('dpo');
    expect((await page.locator('.flip .head').allTextContents()).every((head) => head.includes('dpo'))).toBe(
      true,
    );
    await page.locator('select[name=pair]').selectOption({ index: 1 });
    expect(await status.innerText()).toContain('flips in this run');
    expect(misdeeds).toEqual([]);
    await page.close();
  });

  it('folds what may harm until it is opened, and shows the rest at once', async () => {
    const { page } = await browser.open(url);
    await page.locator('select[name=dimension]').selectOption('toxicity');
    expect(await page.locator('.flip .said').first().isVisible()).toBe(false);
    await page.locator('.flip summary').first().focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('.flip .said').first().isVisible()).toBe(true);
    await page.locator('input[name=unfold]').check();
    expect(await page.locator('.flip .said').last().isVisible()).toBe(true);
    await page.locator('select[name=dimension]').selectOption('truthfulness');
    await page.locator('input[name=unfold]').uncheck();
    expect(await page.locator('.flip .said').first().isVisible()).toBe(true);
    await page.close();
  });

  it('comes from an effect to its own flips', async () => {
    const { page } = await browser.open(url);
    await page.locator('.matrix td.cell a').first().click();
    await page.locator('details.effect[open] a[data-parent]').click();
    const [dimension, parent] = await Promise.all(
      ['dimension', 'parent'].map((name) =>
        page.locator('details.effect[open] a[data-parent]').getAttribute(`data-${name}`),
      ),
    );
    expect(await page.locator('select[name=dimension]').inputValue()).toBe(dimension);
    expect(JSON.parse(await page.locator('select[name=pair]').inputValue())[0]).toBe(parent);
    await page.close();
  });

  it('opens 100,000 rows from a file piece by piece, and holds only the rows that it shows', async () => {
    const watched = await browser.open(url);
    const { page, misdeeds } = watched;
    // Counts how often the page could do something else while it read.
    await page.evaluate(
      "window.breaths = 0; new MutationObserver(() => { window.breaths += 1; }).observe(document.querySelector('#flip-status'), { childList: true })",
    );
    await opened(watched, file);
    expect(await page.evaluate('window.breaths')).toBeGreaterThan(20);
    expect(await page.locator('#flip-status').innerText()).toBe(
      '100,000 flips of 100,000 in flips.jsonl; showing 1 to 20.',
    );
    expect(await page.locator('#flip-list > li').count()).toBe(20);
    expect(await page.locator('#flip-pages').innerText()).toBe('of 5,000');

    await page.locator('#flip-page').fill('5000');
    await page.keyboard.press('Enter');
    await shows(watched, 'sample-99999');
    expect(await page.locator('#flip-next').isDisabled()).toBe(true);
    expect(await page.locator('#flip-list').getAttribute('start')).toBe('99981');
    await page.locator('#flip-back').focus();
    await page.keyboard.press('Enter');
    await shows(watched, 'sample-99979');

    await page.locator('select[name=dimension]').selectOption('refusal');
    await page.locator('select[name=change]').selectOption('lost');
    await page.locator('#flip-status').filter({ hasText: '12,500 flips' }).waitFor();
    expect(await page.locator('#flip-list > li').count()).toBe(20);
    expect(misdeeds).toEqual([]);
    await page.close();
  });

  it('counts lines that are damaged, and refuses a file that holds no flips', async () => {
    const watched = await browser.open(url);
    const { page, misdeeds } = watched;
    const [first] = [...lines(1)];
    const damaged = join(browser.folder(), 'damaged.jsonl');
    await writeFile(damaged, `${first}{"torn":\n\n[1]\nnull\n${first?.trimEnd()}`);
    await opened(watched, damaged);
    expect(await page.locator('#flip-status').innerText()).toBe(
      '2 flips of 2 in damaged.jsonl; showing 1 to 2. 3 lines could not be read.',
    );
    const other = join(browser.folder(), 'other.jsonl');
    await writeFile(other, '{"a":1}\n');
    await page.locator('#flip-file').setInputFiles(other);
    await page.locator('#flip-status').filter({ hasText: 'holds no flips' }).waitFor();
    expect(await page.locator('#flip-list > li').count()).toBe(2);
    expect(misdeeds).toEqual([]);
    await page.close();
  });
});

async function opened({ page }: Watched, path: string): Promise<void> {
  await page.locator('#flip-file').setInputFiles(path);
  await page
    .locator('#flip-status')
    .filter({ hasText: `in ${basename(path)}; showing` })
    .waitFor();
}

async function shows({ page }: Watched, sample: string): Promise<void> {
  await page.locator('#flip-list').filter({ hasText: sample }).waitFor();
}

function* lines(count = ROWS): Generator<string> {
  for (let index = 0; index < count; index++) {
    const isLost = index % 8 < 4;
    yield `${JSON.stringify({
      kind: 'stage',
      dimension: DIMENSIONS[index % DIMENSIONS.length],
      task: 'a/b@c:robust',
      metric: 'accuracy',
      unit: 'share',
      method: 'dpo',
      parent: 'sft',
      child: 'dpo',
      sample: `sample-${index}`,
      repeat: 0,
      cluster: 'c',
      from: isLost ? 1 : 0,
      to: isLost ? 0 : 1,
      change: isLost ? 'lost' : 'gained',
      question: `Что? 質問 ${index} ${'a long question '.repeat(12)}`,
      saidFrom: ['one answer '.repeat(10)],
      saidTo: ['another answer '.repeat(10)],
      markFrom: null,
      markTo: null,
    })}\n`;
  }
}
