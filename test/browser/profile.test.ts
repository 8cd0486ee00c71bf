import { beforeAll, expect, it } from '@jest/globals';
import { drivingOf, EVALUATION, profileRun } from '../results/support/profile-run.ts';
import { describeInBrowser, type Look } from './support/browser.ts';
import { FAINT_TEXTS, OUTLINE } from './support/checks.ts';
import { inputOf, writeInput } from './support/pages.ts';

/** What a response may hold. */
const HOSTILE = [
  '</script><script>window.harmed = 1</script><!--',
  '<img src="https://evil.example/x.png" onerror="window.harmed = 2">',
  'a\u202egnp.exe\u0000 \u2028 {{window.harmed = 3}}',
];

const HEADS = '#profile table.sortable >> nth=0 >> thead th';
const FIRST = '#profile table.sortable >> nth=0 >> tbody tr';

describeInBrowser('PROFILE in a page', (browser) => {
  let url = '';
  beforeAll(async () => {
    const { summary } = await profileRun();
    const driving = drivingOf(summary, (index) => HOSTILE[index % HOSTILE.length] ?? '');
    ({ url } = await writeInput({ ...(await inputOf(summary)), driving }, browser.folder()));
  });
  const open = (look?: Look) => browser.open(url, look);

  it('sorts its factor table by keyboard, says so to a screen reader, and sorts back', async () => {
    const { page, misdeeds } = await open();
    const heads = await page.locator(HEADS).allInnerTexts();
    const column = heads.indexOf('dpo');
    expect(column).toBeGreaterThan(0);
    const sorted = async (): Promise<number[]> =>
      (await page.locator(`${FIRST} >> css=td:nth-child(${column + 1})`).allInnerTexts()).map((text) =>
        Number.parseFloat(text.replace('−', '-')),
      );
    const head = page.locator(`${HEADS} >> nth=${column}`);
    expect(await head.getAttribute('aria-sort')).toBeNull();
    await head.locator('button').focus();
    await page.keyboard.press('Enter');
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    const down = await sorted();
    expect(down.length).toBe(5);
    expect(down).toEqual([...down].sort((a, b) => b - a));
    expect(await page.locator(`${FIRST} >> nth=0 >> th`).innerText()).toBe('length');
    await page.keyboard.press('Space');
    expect(await head.getAttribute('aria-sort')).toBe('ascending');
    expect(await sorted()).toEqual([...down].reverse());
    // By words, and only one column says that it sorts.
    await page.locator(`${HEADS} >> nth=0 >> button`).focus();
    await page.keyboard.press('Enter');
    const names = await page.locator(`${FIRST} >> css=th`).allInnerTexts();
    expect(names).toEqual([...names].sort());
    expect(await page.locator('#profile table.sortable >> nth=0 >> th[aria-sort]').count()).toBe(1);
    expect(misdeeds).toEqual([]);
    await page.close();
  });

  it('leads by keyboard from a factor to the pairs that drive its score, folded, and shows their words as words', async () => {
    const { page, misdeeds } = await open();
    const link = page.locator(`a[data-factor="support"][data-task="${EVALUATION}"]`);
    await link.focus();
    await page.keyboard.press('Enter');
    const chosen = await page.evaluate(
      `[...document.querySelectorAll('#pair-filters select')].map((select) => select.selectedOptions[0].textContent)`,
    );
    expect(chosen).toEqual(['profile/evaluation', 'people', 'backed by quotes']);
    expect(await page.evaluate('document.activeElement.id')).toBe('profile-pairs');
    const cards = page.locator('#pair-list article');
    expect(await cards.locator('.head b').allInnerTexts()).toEqual(['WITH the factor', 'AGAINST the factor']);
    expect(await page.locator('#pair-list details[open]').count()).toBe(0);
    await cards.first().locator('summary').focus();
    await page.keyboard.press('Enter');
    const said = await cards.first().locator('.said').allInnerTexts();
    expect(said.length).toBe(2);
    expect(said.join(' ')).toMatch(/window\.harmed/);
    expect(await cards.first().locator('.role').allInnerTexts()).toEqual(['Asked', 'A, preferred', 'B']);
    expect(await page.evaluate('window.harmed')).toBeUndefined();
    expect(misdeeds).toEqual([]);
    await page.close();
  });

  it('offers every rater that has pairs, and keeps a factor when the rater changes', async () => {
    const { page } = await open();
    const [task, rater, factor] = ['task', 'rater', 'factor'].map((name) =>
      page.locator(`#pair-filters select[name=${name}]`),
    ) as [ReturnType<typeof page.locator>, ReturnType<typeof page.locator>, ReturnType<typeof page.locator>];
    await task.selectOption({ label: 'profile/generation' });
    expect(await rater.locator('option').allTextContents()).toEqual(['base', 'sft', 'dpo']);
    await factor.selectOption({ label: 'words taken up' });
    await rater.selectOption({ label: 'dpo' });
    expect(
      await page.evaluate(
        `document.querySelector('#pair-filters [name=factor]').selectedOptions[0].textContent`,
      ),
    ).toBe('words taken up');
    expect(await page.locator('#pair-status').innerText()).toBe('1 with the factor, 1 against it');
    await page.close();
  });

  it('has no control without a name, no table without a caption and no link to nowhere', async () => {
    const { page } = await open();
    await page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true");
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
    expect(await page.locator('#profile [role=img][aria-label*="τ14"]').count()).toBe(6);
    await page.close();
  });

  it.each(['light', 'dark'] as const)('can be read in the %s', async (scheme) => {
    const { page } = await open({ scheme });
    await page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true");
    expect(await page.evaluate(FAINT_TEXTS)).toEqual([]);
    await page.close();
  });

  it.each([390, 1280])('fits a window of %i pixels', async (width) => {
    const { page, misdeeds } = await open({ width });
    await page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true");
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect(misdeeds).toEqual([]);
    await page.close();
  });

  it('shows a run that asked about nothing else', async () => {
    const { summary } = await profileRun({ withTrust: false, withPeople: false });
    const { url: own } = await writeInput(await inputOf(summary), browser.folder(), 'alone.html');
    const { page, misdeeds } = await browser.open(own);
    const headings = await page.locator('main > section > h2').allTextContents();
    expect(headings).toEqual([
      'PROFILE: which factors pull preferences',
      'Can I trust this?',
      'Cite this run',
    ]);
    expect(misdeeds).toEqual([]);
    await page.close();
  });
});
