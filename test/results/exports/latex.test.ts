import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { latexDocument, renderLatex } from '../../../results/report/latex.ts';
import { tex, texName, texNumber } from '../../../results/report/latex-text.ts';
import type { Summary } from '../../../results/summary.ts';
import { hostileSeries } from '../report/series/fixtures/hostile.ts';
import { GALLERY } from '../support/gallery.ts';
import { profileRun } from '../support/profile-run.ts';
import { HOSTILE, hostileSummary } from './hostile.ts';

const SUMMARIES: Readonly<Record<string, () => Promise<Summary>>> = {
  ...GALLERY,
  hostile: hostileSummary,
  'a hostile series': hostileSeries,
  profile: async () => (await profileRun()).summary,
};

const hasEngine = spawnSync('pdflatex', ['--version']).status === 0;
const withEngine = hasEngine ? it : it.skip;

describe('text in LaTeX', () => {
  it.each([
    ['100% of $5 & #1_a', '100\\% of \\$5 \\& \\#1\\_a'],
    ['{x}\\y', '\\{x\\}\\textbackslash{}y'],
    ['a^b~c', 'a\\textasciicircum{}b\\textasciitilde{}c'],
    ['<a|b>', '\\textless{}a\\textbar{}b\\textgreater{}'],
    ['é Å ß', "\\'{e} \\r{A} \\ss{}"],
    ['"q" \'s\' `b`', "{''}q{''} {'}s{'} {`}b{`}"],
    ['−1 ± 2 → 3', '$-$1 $\\pm$ 2 $\\rightarrow$ 3'],
    ['中😀', '{[}U+4E2D{]}{[}U+1F600{]}'],
    ['\u202eevil\u001b[31m', 'evil'],
  ])('%j', (text, expected) => {
    expect(tex(text)).toBe(expected);
  });

  it('is pure ASCII with balanced groups, and no character of its own meaning is left bare', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...HOSTILE)), (text) => {
        for (const printed of [tex(text), texName(text)]) {
          expect(printed).toMatch(/^[ -~]*$/);
          const bare = printed.replace(/\\[A-Za-z]+|\\[{}$&#%_^~="'`.]/g, '');
          expect(bare).not.toMatch(/[\\#%&_]/);
          expect(bare.replace(/\$[^$]*\$/g, '')).not.toMatch(/[$^]/);
          expect(depthOf(printed)).toBe(0);
        }
      }),
    );
  });

  it('sets printed numbers in math mode and leaves everything else as text', () => {
    expect(texNumber('−20.5')).toBe('$-20.5$');
    expect(texNumber('+3.1')).toBe('$+3.1$');
    expect(texNumber('–')).toBe('--');
  });
});

/** Open groups at the end; -1 where one closes too early. */
function depthOf(text: string): number {
  let depth = 0;
  for (const brace of text.replace(/\\[{}]/g, '').replace(/[^{}]/g, '')) {
    depth += brace === '{' ? 1 : -1;
    if (depth < 0) return -1;
  }
  return depth;
}

describe.each(Object.entries(SUMMARIES))('LaTeX tables of %s', (_, make) => {
  it('are pure ASCII and every environment closes', async () => {
    const text = renderLatex(await make());
    expect(text).toMatch(/^[\n -~]*$/);
    const open: string[] = [];
    for (const [, word, name] of text.matchAll(/\\(begin|end)\{(\w+)\}/g)) {
      if (word === 'begin') open.push(name ?? '');
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
    expect(depthOf(text.replace(/^%.*$/gm, ''))).toBe(0);
  });

  it('have as many cells in every row as columns', async () => {
    const text = renderLatex(await make());
    const tables = [
      ...text.matchAll(/\\begin\{(tabular|longtable)\}\{@\{\}(.*?)@\{\}\}\n([\s\S]*?)\\end\{\1\}/g),
    ];
    expect(tables.length).toBeGreaterThan(0);
    for (const [, , columns = '', body = ''] of tables) {
      const width = columns.replace(/\{[^}]*\}/g, '').length;
      const rows = body.split('\n').filter((line) => line.endsWith(' \\\\'));
      expect(rows.length).toBeGreaterThan(1);
      for (const row of rows) expect(row.match(/(?<!\\)&/g)?.length ?? 0).toBe(width - 1);
    }
  });

  withEngine(
    `compile with pdflatex${hasEngine ? '' : ' (skipped: no pdflatex on this machine)'}`,
    async () => {
      const summary = await make();
      const folder = mkdtempSync(join(tmpdir(), 'aligntrust-tex-'));
      try {
        writeFileSync(join(folder, 'tables.tex'), renderLatex(summary));
        writeFileSync(join(folder, 'report.tex'), latexDocument(summary, 'tables.tex'));
        const flags = ['-interaction=nonstopmode', '-halt-on-error', '-no-shell-escape', 'report.tex'];
        const printed = execFileSync('pdflatex', flags, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
        expect(printed).toMatch(/Output written on report\.pdf/);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});

describe('what the tables say', () => {
  it('n, correction, seeds and run stand in the caption', async () => {
    const text = renderLatex(await (SUMMARIES['five-dimensions'] as () => Promise<Summary>)());
    const caption = /\\caption\{What each stage[\s\S]*?\}\n\\label/.exec(text)?.[0] ?? '';
    expect(caption).toMatch(/samples a cell/);
    expect(caption).toMatch(/Holm over \d+ tests/);
    expect(caption).toMatch(/one training run per method/);
    expect(caption).toMatch(/sampling seed 7/);
  });

  it('an unfinished run says so before its tables', async () => {
    const text = renderLatex(await (SUMMARIES['trouble'] as () => Promise<Summary>)());
    expect(text.indexOf('INCOMPLETE')).toBeGreaterThan(-1);
    expect(text.indexOf('INCOMPLETE')).toBeLessThan(text.indexOf('\\begin{table}'));
  });
});
