import { beforeAll, expect, it } from '@jest/globals';
import { GALLERY } from '../results/support/gallery.ts';
import { describeInBrowser, type Look } from './support/browser.ts';
import { FAINT_TEXTS, OUTLINE } from './support/checks.ts';
import { inputOf, writeInput } from './support/pages.ts';

describeInBrowser('the page of a report', (browser) => {
  let url = '';
  beforeAll(async () => {
    const summary = await fromGallery('five-dimensions');
    ({ url } = await writeInput(await inputOf(summary), browser.folder()));
  });
  const open = (look?: Look) => browser.open(url, look);

  it('has every section under a heading of its own, asks for nothing and breaks nothing', async () => {
    const { page, misdeeds } = await open();
    const headings = await page.locator('main > section > h2').allTextContents();
    expect(headings).toEqual([
      'Which alignment method moved which trust?',
      'Effects with their intervals',
      'Who was tuned from whom, and what it moved',
      'What was bought with what',
      'Methods, seeds and whole paths',
      'Samples that flipped',
      'Every effect and the tasks behind it',
      'The tasks, and what each checkpoint scored',
      'Can I trust this?',
      'Cite this run',
    ]);
    expect(misdeeds).toEqual([]);
    await page.close();
  });

  it('says the same words and numbers in the matrix, its sentences and its figure', async () => {
    const { page } = await open();
    const cell = page.locator('.matrix td.bad').first();
    const change = await cell.locator('.change').innerText();
    expect(await cell.locator('.word').innerText()).toContain('WORSE');
    expect(await page.locator('.lead').first().innerText()).toContain(change);
    const figure = await page.locator('#forest [role=img]').first().getAttribute('aria-label');
    expect(figure).toContain(`WORSE  ${change.split(' ')[0]}`);
    await page.close();
  });

  it('is made for readers of any kind: landmarks, headings in order, captions, labels, links that lead somewhere', async () => {
    const { page } = await open();
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
    await page.close();
  });

  it('leads by keyboard from the first key to the tasks behind a cell, and back', async () => {
    const { page } = await open();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the answer');
    const box = await page.locator('.skip').boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    await page.locator('.matrix td.cell a').first().focus();
    await page.keyboard.press('Enter');
    await page.locator('summary:focus').waitFor();
    const opened = page.locator('details.effect[open]');
    expect(await opened.count()).toBe(1);
    expect(await opened.locator('table tbody tr').count()).toBeGreaterThan(0);
    expect(await opened.locator('table th.headline a').first().getAttribute('href')).toMatch(/^#task-\d+$/);
    await page.close();
  });

  it('shows where the focus is', async () => {
    const { page } = await open();
    await page.locator('.matrix td.cell a').first().focus();
    await page.keyboard.press('Tab');
    const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
    expect(outline).toBe('solid');
    await page.close();
  });

  it('shows the trade-off of the two dimensions that are chosen, and says so when they are one', async () => {
    const { page } = await open();
    const shown = page.locator('.pair:visible');
    expect(await shown.count()).toBe(1);
    await page.locator('#across').focus();
    const dimensions = await page.locator('#across option').allTextContents();
    await page.locator('#across').selectOption({ label: dimensions[1] ?? '' });
    await page.locator('#up').selectOption({ label: dimensions[3] ?? '' });
    expect(await shown.locator('figcaption b').innerText()).toBe(`${dimensions[1]} against ${dimensions[3]}`);
    await page.locator('#across').selectOption({ label: dimensions[3] ?? '' });
    await page.locator('#up').selectOption({ label: dimensions[1] ?? '' });
    expect(await shown.locator('figcaption b').innerText()).toBe(`${dimensions[3]} against ${dimensions[1]}`);
    expect(await page.locator('#pair-note').innerText()).toBe('');
    expect(await shown.locator('svg').innerHTML()).toMatch(
      new RegExp(`rotate\\(-90.*${dimensions[1]}, `, 's'),
    );
    await page.locator('#across').selectOption({ label: dimensions[1] ?? '' });
    expect(await shown.count()).toBe(0);
    expect(await page.locator('#pair-note').innerText()).toBe('Choose two different dimensions.');
    await page.close();
  });

  it.each(['light', 'dark'] as const)(
    'can be read in the %s: every text stands out from its ground',
    async (scheme) => {
      const { page } = await open({ scheme });
      await page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true");
      expect(await page.evaluate(FAINT_TEXTS)).toEqual([]);
      const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor');
      expect(ground).toBe(scheme === 'dark' ? 'rgb(20, 24, 29)' : 'rgb(255, 255, 255)');
      await page.close();
    },
  );

  it('fits a narrow screen: what is wide scrolls by itself', async () => {
    const { page } = await open({ width: 390 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await page.close();
  });

  it('prints, without what only a screen can do and with folded effects', async () => {
    const { page, misdeeds } = await open();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('nav.contents').isVisible()).toBe(false);
    expect(await page.locator('#explorer').isVisible()).toBe(false);
    expect(await page.locator('#answer').isVisible()).toBe(true);
    const paper = await page.pdf({ format: 'A4' });
    expect(paper.subarray(0, 5).toString()).toBe('%PDF-');
    expect(misdeeds).toEqual([]);
    await page.close();
  });

  it.each(Object.keys(GALLERY))(
    'shows the summary "%s" of the gallery, whatever is wrong with it',
    async (name) => {
      const summary = await fromGallery(name);
      const { url: own } = await writeInput(await inputOf(summary), browser.folder(), `${name}.html`);
      const { page, misdeeds } = await browser.open(own);
      expect(misdeeds).toEqual([]);
      expect(await page.locator('main > section').count()).toBeGreaterThan(3);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(1280);
      await page.close();
    },
  );
});

async function fromGallery(name: string) {
  const make = GALLERY[name];
  if (make === undefined) throw new Error(`the gallery has no ${name}`);
  return make();
}
