import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { effectsCsv } from '../../../results/report/csv.ts';
import { renderJson } from '../../../results/report/json.ts';
import { renderLatex } from '../../../results/report/latex.ts';
import { renderMarkdown } from '../../../results/report/markdown.ts';
import { renderTerminal } from '../../../results/report/terminal.ts';
import type { Summary } from '../../../results/summary.ts';
import { GALLERY } from '../support/gallery.ts';

const FORMS: Readonly<Record<string, (summary: Summary) => string>> = {
  '100.txt': (summary) => renderTerminal(summary, { width: 100, colour: false }),
  '72.txt': (summary) => renderTerminal(summary, { width: 72, colour: false }),
  md: renderMarkdown,
  csv: effectsCsv,
  tex: renderLatex,
  json: renderJson,
};

/** `UPDATE_GALLERY=1 npm test -- test/results/report` writes the files anew; look at the diff before you commit it. */
const isUpdate = process.env['UPDATE_GALLERY'] === '1';

describe.each(Object.entries(GALLERY))('%s', (name, make) => {
  it.each(Object.keys(FORMS))('looks as committed in %s', async (form) => {
    const file = new URL(`../../fixtures/results/gallery/${name}.${form}`, import.meta.url);
    const text = FORMS[form]?.(await make()) ?? '';
    if (isUpdate) writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, 'utf8'));
  });
});
