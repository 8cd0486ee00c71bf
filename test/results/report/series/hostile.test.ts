import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { standalone } from '../../../../results/report/charts/figure.ts';
import { allSeriesFigures, seriesFigures } from '../../../../results/report/charts/series/series-figures.ts';
import { dynamicsSection } from '../../../../results/report/html/dynamics.ts';
import { seriesSection } from '../../../../results/report/html/series/section.ts';
import { renderLatex } from '../../../../results/report/latex.ts';
import { renderMarkdown } from '../../../../results/report/markdown.ts';
import { seriesCsvFiles } from '../../../../results/report/series/csv.ts';
import { learningCsvFiles } from '../../../../results/report/series/learning-csv.ts';
import { renderTerminal } from '../../../../results/report/terminal.ts';
import { displayWidth } from '../../../../results/report/text.ts';
import type { Summary } from '../../../../results/summary.ts';
import { hostileSeries } from './fixtures/hostile.ts';

describe('hostile names in a series', () => {
  let summary: Summary;
  beforeAll(async () => {
    summary = await hostileSeries();
  });

  it.each([60, 80, 120])('send nothing to a terminal of %i columns but its lines', (width) => {
    const text = renderTerminal(summary, { width, colour: false });
    expect(text).toContain('Along training');
    expect(text).not.toMatch(/[^\n\P{Cc}]|[\u202a-\u202e\u2066-\u2069]/u);
    expect(text.split('\n').filter((line) => displayWidth(line) > width)).toEqual([]);
  });

  it('are text in Markdown and in the page', () => {
    const figures = seriesFigures(summary);
    const page = seriesSection(summary, figures).markup + dynamicsSection(summary, figures).markup;
    for (const text of [renderMarkdown(summary), page]) {
      expect(text).not.toMatch(/<(?:script|img|iframe|base|meta|style)\b/i);
      expect(text).not.toMatch(/[^\n\P{Cc}]|[\u202a-\u202e\u2066-\u2069]/u);
    }
    expect(page).not.toMatch(/<[a-z][^>]*\s(?:on\w+|style|srcdoc)=/i);
    // As many elements end as begin.
    for (const name of ['section', 'div', 'table', 'details', 'figure', 'svg', 'ul'])
      expect(page.match(new RegExp(`<${name}[\\s>]`, 'g'))?.length).toBe(
        page.match(new RegExp(`</${name}>`, 'g'))?.length,
      );
  });

  it('are text in drawings, which stay of one size', () => {
    const all = allSeriesFigures(seriesFigures(summary));
    expect(all.length).toBe(5);
    for (const figure of all) {
      expect(figure.id).toMatch(/^[a-z0-9-]+$/);
      expect(standalone(figure)).not.toMatch(/<script|<style|<image|<foreignObject|href=|\son[a-z]+="/i);
      const [, width] = /<svg[^>]* width="(\d+)"/.exec(figure.svg) ?? [];
      expect(Number(width)).toBeLessThan(1200);
    }
  });

  it('are ASCII without commands in LaTeX, with as many cells in each row as columns', () => {
    const text = renderLatex(summary);
    expect(text).toMatch(/^[\n -~]*$/);
    expect(text).not.toMatch(/\\(?:input|write18|immediate)\b/);
    const tables = [
      ...text.matchAll(/\\begin\{(tabular|longtable)\}\{@\{\}(.*?)@\{\}\}\n([\s\S]*?)\\end\{\1\}/g),
    ];
    expect(tables.length).toBeGreaterThan(10);
    for (const [, , columns = '', body = ''] of tables) {
      const width = columns.replace(/\{[^}]*\}/g, '').length;
      for (const row of body.split('\n').filter((line) => line.endsWith(' \\\\')))
        expect(row.match(/(?<!\\)&/g)?.length ?? 0).toBe(width - 1);
    }
  });

  it('stay in their fields of a CSV file, and are no formula', () => {
    const files = { ...seriesCsvFiles(summary), ...learningCsvFiles(summary) };
    expect(Object.keys(files).length).toBe(11);
    for (const text of Object.values(files)) {
      const rows = parse(text, { columns: false }) as string[][];
      expect(rows.length).toBeGreaterThan(1);
      for (const field of rows.flat()) expect(field).not.toMatch(/^[=@\t\r]|^[+-](?![\d.])/);
    }
  });
});
