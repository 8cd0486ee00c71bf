import { beforeAll, expect, it } from '@jest/globals';
import { hostileSeries } from '../results/report/series/fixtures/hostile.ts';
import { seriesRun, withRefused } from '../results/report/series/fixtures/run.ts';
import { describeInBrowser, type Look } from './support/browser.ts';
import { FAINT_TEXTS, OUTLINE } from './support/checks.ts';
import { inputOf, writeInput } from './support/pages.ts';

const UNFOLD = "for (const details of document.querySelectorAll('details')) details.open = true";

/** Elements that reach beyond the window and do not scroll by themselves. */
const WIDE = `[...document.querySelectorAll('main *')].filter((one) => one.checkVisibility() && one.closest('.scroll, pre') === null && one.getBoundingClientRect().right > innerWidth + 1).map(({ tagName, className, textContent }) => tagName + '.' + className + ' ' + textContent.slice(0, 40))`;

describeInBrowser('series in a page', (browser) => {
  let url = '';
  let hostile = '';
  beforeAll(async () => {
    const summary = withRefused(await seriesRun(), 'its members differ in their template');
    ({ url } = await writeInput(await inputOf(summary), browser.folder()));
    ({ url: hostile } = await writeInput(
      await inputOf(await hostileSeries()),
      browser.folder(),
      'hostile.html',
    ));
  });
  const open = (look?: Look) => browser.open(url, look);

  it('marks a step by keyboard in every panel and every table of its series, and takes the mark away', async () => {
    const { page, misdeeds } = await open();
    const select = page.locator('#series-1-trust-step');
    await select.focus();
    await select.selectOption('24');
    const places = (): Promise<unknown> =>
      page.evaluate(
        `[...new Set([...document.querySelectorAll('#series [data-guide]')].map((one) => one.getAttribute('visibility') + ' ' + one.getAttribute('transform')))]`,
      );
    expect(await places()).toEqual(['visible translate(125,0)']);
    const marked = page.locator('#series tr.marked > th');
    const labels = await marked.allTextContents();
    expect(new Set(labels)).toEqual(new Set(['24 dpo-step-24', '16 → 24']));
    await select.selectOption('');
    expect(await places()).toEqual(['hidden translate(0,0)']);
    expect(await marked.count()).toBe(0);
    expect(misdeeds).toEqual([]);
    await page.close();
  });

  it('has words for every drawing, a caption for every table, and no heading or id out of order', async () => {
    const { page } = await open();
    await page.evaluate(UNFOLD);
    expect(await page.evaluate(OUTLINE)).toEqual({
      language: 'en',
      landmarks: ['HEADER', 'NAV', 'MAIN', 'FOOTER'],
      skippedLevels: [],
      tablesWithoutCaption: 0,
      unlabelled: [],
      doubledIds: [],
      deadLinks: [],
      namelessImages: 0,
    });
    const said = await page.locator('#series [role=img] >> nth=0').getAttribute('aria-label');
    expect(said).toContain('toxicity, points: start 42.0; step 8 −11.8 [−19.3, −4.3]');
    await page.close();
  });

  it.each(['light', 'dark'] as const)('can be read in the %s', async (scheme) => {
    const { page } = await open({ scheme });
    await page.evaluate(UNFOLD);
    expect(await page.evaluate(FAINT_TEXTS)).toEqual([]);
    await page.close();
  });

  it.each([390, 1280])('fits a window of %i pixels, hostile names and all', async (width) => {
    for (const address of [url, hostile]) {
      const { page, misdeeds } = await browser.open(address, { width });
      await page.evaluate(UNFOLD);
      expect(await page.evaluate(WIDE)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(await page.evaluate('window.harmed')).toBeUndefined();
      expect(
        await page.evaluate(
          'document.querySelectorAll("main script:not([type]), main img, main iframe, main base, main style, main [onerror], main [style]").length',
        ),
      ).toBe(0);
      expect(misdeeds).toEqual([]);
      await page.close();
    }
  });
});
