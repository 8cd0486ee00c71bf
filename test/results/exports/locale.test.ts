import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../../core/package-root.ts';
import { cellsCsv, effectsCsv } from '../../../results/report/csv.ts';
import { renderLatex } from '../../../results/report/latex.ts';
import { GALLERY } from '../support/gallery.ts';

describe('a locale with decimal commas', () => {
  it('cannot reach a printed number: nothing asks for the machine’s locale', () => {
    for (const folder of ['results', 'bin']) {
      const names = readdirSync(join(packageRoot(), folder), { recursive: true, encoding: 'utf8' });
      for (const name of names.filter((each) => each.endsWith('.ts'))) {
        const text = readFileSync(join(packageRoot(), folder, name), 'utf8');
        expect([name, /\btoLocale\w*\((?!'en')|\bIntl\.\w+\((?!'en')/.test(text)]).toEqual([name, false]);
      }
    }
  });

  it.each(Object.entries(GALLERY))('%s has decimal points in CSV and LaTeX', async (_, make) => {
    const summary = await make();
    // "0,5" unquoted would be two fields; quoted it would be a text.
    for (const text of [effectsCsv(summary), cellsCsv(summary)]) expect(text).not.toMatch(/"-?\d+,\d+"/);
    expect(renderLatex(summary)).not.toMatch(/\$[-+]?\d+\{?,\}?\d+\$/);
  });
});
