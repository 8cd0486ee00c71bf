import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, it } from '@jest/globals';
import { buildBoard, withRanks } from '../../results/leaderboard/board.ts';
import type { BoardRank } from '../../results/leaderboard/leaderboard.ts';
import { siteFiles } from '../../results/leaderboard/site/files.ts';
import { summarise } from '../../results/summarise.ts';
import { publicationOf } from '../results/leaderboard/boards.ts';
import { bernoulli, checkpoint, input, records, task } from '../results/support/synthetic.ts';
import { describeInBrowser } from './support/browser.ts';

const HOSTILE = '"><script>document.title="ran"</script><img src=x onerror="document.title=1">\u202e../../x';
const RATES: Readonly<Record<string, number>> = { base: 0.9, sft: 0.6, [HOSTILE]: 0.3 };

describeInBrowser('the pages of a leaderboard', (browser) => {
  let index = '';

  beforeAll(async () => {
    const checkpoints = [
      checkpoint('base', { family: 'Tiny' }, { notes: { parameters: 1e6 } }),
      checkpoint('sft', { method: 'sft', parent: 'base', family: 'Tiny' }, { notes: { parameters: 1e6 } }),
      checkpoint(
        HOSTILE,
        { method: HOSTILE, parent: 'sft', family: HOSTILE },
        { notes: { parameters: 8e9 } },
      ),
      checkpoint('sft-copy', { method: 'sft', parent: 'sft', control: 'copy', family: 'Tiny' }),
    ];
    const tasks = [
      task('truthfulness/mc1@zoo-truth:robust', { samples: 200 }),
      task('toxicity/b@zoo:robust', { samples: 60 }),
    ];
    const outcomes = records(checkpoints, tasks, ({ checkpoint: id }, latent, noise) =>
      bernoulli(RATES[id] ?? 0.6, latent, noise),
    );
    const summary = await summarise(input(checkpoints, tasks, outcomes));
    const { board, sets } = buildBoard([publicationOf(summary)], { title: HOSTILE, aligntrust: '0.1.0' });
    const ranks = new Map(
      sets.flatMap((set) =>
        set.members.map(({ row }, place): [string, BoardRank] => [
          `${set.column} ${row}`,
          { set: set.name, low: place + 1, high: place + 1, of: set.members.length, group: 'A' },
        ]),
      ),
    );
    const { files } = siteFiles(withRanks(board, ranks), new Map([['run-1', summary]]), {}, null);
    for (const [path, text] of files) {
      const file = join(browser.folder(), 'site', path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    index = pathToFileURL(join(browser.folder(), 'site', 'index.html')).href;
  });

  it('filter by family, size and method, and say how many are left', async () => {
    const { page, misdeeds } = await browser.open(index);
    expect(await page.textContent('#shown')).toBe('4 of 4 checkpoints shown');
    await page.selectOption('select[name=method]', 'sft');
    expect(await page.textContent('#shown')).toBe('2 of 4 checkpoints shown');
    await page.uncheck('input[name=controls]');
    expect(await page.textContent('#shown')).toBe('1 of 4 checkpoints shown');
    await page.selectOption('select[name=method]', { index: 3 });
    expect(await page.textContent('#shown')).toBe('1 of 4 checkpoints shown');
    await page.selectOption('select[name=size]', 'under 1 B');
    expect(await page.textContent('#shown')).toBe('0 of 4 checkpoints shown');
    expect(misdeeds).toEqual([]);
  });

  it('switch between levels and effects by the keyboard alone', async () => {
    const { page, misdeeds } = await browser.open(index);
    expect(await page.locator('.level:visible').count()).toBe(8);
    expect(await page.locator('.change:visible').count()).toBe(0);
    await page.focus('#view-level');
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.level:visible').count()).toBe(0);
    expect(await page.locator('.change:visible').count()).toBe(8);
    expect(await page.locator('.change:visible').nth(2).textContent()).toMatch(/^WORSE −\d/);
    expect(misdeeds).toEqual([]);
  });

  it('put the best of a column first and go back to lineages', async () => {
    const { page } = await browser.open(index);
    const names = () =>
      page.$$eval('tr[data-row]:not([hidden]) th a:first-of-type', (links) =>
        links.map((link) => link.textContent),
      );
    const before = await names();
    await page.selectOption('select[name=order]', '0');
    expect((await names()).slice(0, 2)).toEqual(['base', 'sft']);
    expect(await page.locator('tr.lineage:visible').count()).toBe(0);
    await page.selectOption('select[name=order]', '');
    expect(await names()).toEqual(before);
    expect(await page.locator('tr.lineage:visible').count()).toBe(1);
  });

  it('run no script of a name, ask nothing of anybody, and every link leads to a page', async () => {
    const { page, misdeeds } = await browser.open(index);
    const links = await page.$$eval('a', (all) => all.map(({ href }) => href));
    const pages = new Set(
      links.filter((href) => href.includes('.html')).map((href) => href.replace(/#.*/, '')),
    );
    expect(pages.size).toBeGreaterThan(6);
    for (const href of pages) {
      const opened = await browser.open(href);
      expect(await opened.page.title()).toContain('<script>');
      expect(opened.misdeeds).toEqual([]);
      await opened.page.close();
    }
    expect(misdeeds).toEqual([]);
  });

  it('fit a phone: only tables scroll', async () => {
    const { page } = await browser.open(index, { width: 360 });
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    expect(wide).toBeLessThanOrEqual(0);
  });
});
