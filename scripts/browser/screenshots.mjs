/**
 * Takes pictures of every section of a report, so that a person can look at them: light, dark, narrow and printed.
 *
 *   node scripts/browser/screenshots.mjs runs/<id>/report.html pictures/
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const LOOKS = [
  { name: 'light', width: 1280, scheme: 'light' },
  { name: 'dark', width: 1280, scheme: 'dark' },
  { name: 'narrow', width: 390, scheme: 'light' },
];
/** Taller pictures cannot be looked at. */
const MOST_HEIGHT = 2000;

const [report, out] = process.argv.slice(2);
if (report === undefined || out === undefined) {
  console.error('usage: node scripts/browser/screenshots.mjs REPORT.html OUT');
  process.exit(2);
}
mkdirSync(out, { recursive: true });
const url = pathToFileURL(resolve(report)).href;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
});
try {
  for (const { name, width, scheme } of LOOKS) {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
    await page.goto(url);
    await page.screenshot({ path: join(out, `${name}-first-screen.png`) });
    // It would lie across every picture of a section.
    await page.locator('nav.contents').evaluate((nav) => nav.remove());
    for (const section of await page.locator('main > section').all()) {
      const id = await section.getAttribute('id');
      const { x, y, width: wide, height } = await section.boundingBox();
      const clip = { x, y, width: wide, height: Math.min(height, MOST_HEIGHT) };
      await page.screenshot({ path: join(out, `${name}-${id}.png`), fullPage: true, clip });
    }
    await page.close();
  }
  const paper = await browser.newPage();
  await paper.goto(url);
  await paper.pdf({ path: join(out, 'printed.pdf'), format: 'A4', preferCSSPageSize: true });
} finally {
  await browser.close();
}
