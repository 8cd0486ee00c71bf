/**
 * Takes the pictures of docs/gallery from one run: the report, the leaderboard, paper; light, dark and
 * narrow. Beside them the terminal and Markdown forms as text, and the LaTeX tables where pdflatex is installed.
 * A second run, of `dynamics` for example, adds what a report says of steps, and of the one that constraints keep.
 *
 *   npm run build && node scripts/browser/gallery.mjs runs/<id> [docs/gallery [runs/<id of steps> ['refusal/xstest >= 0.6' …]]]
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { smallPng } from './small-png.mjs';

const PROGRAM = fileURLToPath(new URL('../../dist/bin/aligntrust.js', import.meta.url));
const WIDTHS = { wide: 1180, narrow: 390 };
const MOST_HEIGHT = 1100;

const [named, target = 'docs/gallery', steps, ...keep] = process.argv.slice(2);
if (named === undefined) {
  console.error('usage: node scripts/browser/gallery.mjs RUN [OUT [STEPS [CONSTRAINT ...]]]');
  process.exit(2);
}
const run = resolve(named);
const out = resolve(target);
const work = mkdtempSync(join(tmpdir(), 'aligntrust-gallery-'));
/** What the README says of each file, in its order. */
const made = [];

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
});
try {
  texts();
  await reportPictures();
  if (steps !== undefined) await stepPictures();
  await paperPictures();
  await sitePictures();
  latexPicture();
  writeFileSync(join(out, 'README.md'), readme());
} finally {
  await browser.close();
  rmSync(work, { recursive: true, force: true });
}

function aligntrust(...args) {
  return execFileSync(process.execPath, [PROGRAM, ...args], {
    encoding: 'utf8',
    env: { ...process.env, COLUMNS: '100', NO_COLOR: '1' },
    maxBuffer: 1 << 28,
  });
}

function save(name, data, words) {
  writeFileSync(join(out, name), data);
  made.push({ name, words });
}

function texts() {
  save('terminal.txt', aligntrust('report', run), 'The terminal, 100 columns');
  save('report.md', aligntrust('report', run, '--format', 'markdown'), 'Markdown');
}

async function reportPictures() {
  aligntrust('report', run, '--format', 'html', '--out', join(work, 'report.html'));
  const url = pathToFileURL(join(work, 'report.html')).href;
  for (const [look, words] of [
    ['light', 'light'],
    ['dark', 'dark'],
    ['narrow', 'a phone'],
  ]) {
    const page = await opened(url, look);
    await picture(page, `report-${look}.png`, `The report, ${words}: what is seen first`);
    await page.locator('nav.contents').evaluate((nav) => nav.remove());
    for (const id of sectionsOf(look)) {
      if (id === 'effects') await page.locator('details.effect').first().evaluate(unfold);
      await picture(page, `report-${look}-${id}.png`, `The report, ${words}: section "${id}"`, `#${id}`);
    }
    await page.close();
  }
}

/** Not every section in every look: what differs is worth a picture. */
function sectionsOf(look) {
  if (look === 'light')
    return ['forest', 'lineage', 'trade-offs', 'methods', 'flips', 'effects', 'tasks', 'trust', 'cite'];
  return look === 'dark' ? ['forest', 'trade-offs', 'flips'] : ['trade-offs', 'flips', 'tasks'];
}

function unfold(details) {
  details.open = true;
}

/** Sections of a run along a training; long ones in two pictures. */
async function stepPictures() {
  const wanted = keep.flatMap((constraint) => ['--keep', constraint]);
  aligntrust('report', resolve(steps), ...wanted, '--format', 'html', '--out', join(work, 'steps.html'));
  const url = pathToFileURL(join(work, 'steps.html')).href;
  for (const [look, words] of [
    ['light', 'light'],
    ['dark', 'dark'],
    ['narrow', 'a phone'],
  ]) {
    const page = await opened(url, look);
    await page.locator('nav.contents').evaluate((nav) => nav.remove());
    const choice = page.locator('#series .controls select');
    if (look === 'light') await choice.first().selectOption({ index: 4 });
    for (const [id, said] of [
      ['series', 'curves over the steps of a training'],
      ['dynamics', 'displacement, and distinguishability against speed'],
    ]) {
      await picture(page, `report-${look}-${id}.png`, `The report, ${words}: ${said}`, `#${id}`);
    }
    await page.close();
  }
}

async function paperPictures() {
  const page = await opened(pathToFileURL(join(work, 'report.html')).href, 'light');
  await page.pdf({ path: join(work, 'paper.pdf'), format: 'A4', preferCSSPageSize: true });
  await page.close();
  pdfPicture('paper.pdf', 'report-printed.png', 'The report on paper, first page');
}

async function sitePictures() {
  const site = join(work, 'site');
  aligntrust('publish', run, '--to', site, '--title', 'Trust of the zoo', '--quiet');
  const board = JSON.parse(readFileSync(join(site, 'leaderboard.json'), 'utf8'));
  const index = pathToFileURL(join(site, 'index.html')).href;
  for (const look of ['light', 'dark', 'narrow']) {
    const page = await opened(index, look);
    if (look === 'dark') await page.locator('label[for=view-effect]').click();
    await picture(
      page,
      `leaderboard-${look}.png`,
      `The leaderboard, ${look}${look === 'dark' ? ', switched to effects against the parent' : ''}`,
    );
    await page.close();
  }
  const row =
    board.rows.find(({ method, control }) => method === 'dpo' && control === null) ?? board.rows.at(-1);
  for (const [path, words] of [
    [`checkpoints/${row.file}.html`, 'checkpoint'],
    [`methods/${row.method}.html`, 'method'],
    [`runs-${board.publications[0].id}.html`, 'run'],
  ]) {
    const page = await opened(pathToFileURL(join(site, path)).href, 'light');
    await picture(page, `leaderboard-${words}.png`, `The leaderboard: the page of a ${words}`);
    await page.close();
  }
}

function latexPicture() {
  aligntrust('report', run, '--format', 'latex', '--out', join(work, 'tables'));
  try {
    // Twice, so that references between tables are known.
    for (let turn = 0; turn < 2; turn++)
      execFileSync('pdflatex', ['-interaction=nonstopmode', '-halt-on-error', 'report.tex'], {
        cwd: join(work, 'tables'),
      });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    console.error('pdflatex is not installed: no picture of the LaTeX tables');
    return;
  }
  pdfPicture(join('tables', 'report.pdf'), 'latex.png', 'The LaTeX tables, compiled, first page');
}

function pdfPicture(pdf, name, words) {
  const stem = join(work, basename(name, '.png'));
  try {
    execFileSync('pdftoppm', ['-r', '75', '-f', '1', '-singlefile', '-png', join(work, pdf), stem]);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    console.error(`pdftoppm (poppler-utils) is not installed: no ${name}`);
    return;
  }
  save(name, smallPng(readFileSync(`${stem}.png`)), words);
}

async function opened(url, look) {
  const page = await browser.newPage({
    viewport: { width: look === 'narrow' ? WIDTHS.narrow : WIDTHS.wide, height: 860 },
    colorScheme: look === 'dark' ? 'dark' : 'light',
  });
  await page.goto(url);
  return page;
}

/** What stands in the window, or the upper part of one element with a margin around it. */
async function picture(page, name, words, selector) {
  const options = {};
  if (selector !== undefined) {
    const { x, y, width, height } = await page.locator(selector).boundingBox();
    const margin = Math.min(16, x);
    const top = await page.evaluate('scrollY');
    options.fullPage = true;
    options.clip = {
      x: x - margin,
      y: Math.max(0, y + top - 8),
      width: width + 2 * margin,
      height: Math.min(height + 16, MOST_HEIGHT),
    };
  }
  save(name, smallPng(await page.screenshot(options)), words);
}

function stepsInWords() {
  if (steps === undefined) return '';
  const { run: facts, checkpoints } = JSON.parse(readFileSync(join(resolve(steps), 'summary.json'), 'utf8'));
  return `\nThe sections of steps are of run \`${facts.id}\`: ${checkpoints.map(({ id }) => `\`${id}\``).join(', ')}.`;
}

function readme() {
  const { benchmark, run: facts } = JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8'));
  const entries = made.map(({ name, words }) =>
    name.endsWith('.png') ? `**${words}**\n\n![${words}](${name})` : `**${words}**: [${name}](${name})`,
  );
  return `# What people see

Pictures of one run, looked at before they are committed. Benchmark \`${benchmark}\`, run \`${facts.id}\`, seed ${facts.seed}, definition
\`${facts.definitionDigest.slice(0, 16)}\`. The numbers are what that run measured; nothing is touched up.${stepsInWords()}

To make them again (needs Chromium: \`scripts/browser/setup.sh\`; for paper and LaTeX also poppler-utils and pdflatex):

\`\`\`
npm run build
npx aligntrust run ${benchmark}
node scripts/browser/gallery.mjs runs/<id>${steps === undefined ? '' : ' docs/gallery runs/<id of steps>'}
\`\`\`

${entries.join('\n\n')}
`;
}
