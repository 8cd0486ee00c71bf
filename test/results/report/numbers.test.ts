import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { drawFigures, type Figures } from '../../../results/report/charts/figures.ts';
import { cellsCsv, effectsCsv, methodsCsv } from '../../../results/report/csv.ts';
import { pageAssets } from '../../../results/report/html/assets.ts';
import { renderPage } from '../../../results/report/html/page.ts';
import { renderJson } from '../../../results/report/json.ts';
import { renderLatex } from '../../../results/report/latex.ts';
import { renderMarkdown } from '../../../results/report/markdown.ts';
import { renderTerminal } from '../../../results/report/terminal.ts';
import type { Summary } from '../../../results/summary.ts';
import { GALLERY } from '../support/gallery.ts';

/** One cell of the answer as a form prints it; ends of the interval or half its width, whichever stands there. */
interface Said {
  readonly word: string;
  readonly number: string;
  readonly half?: string;
  readonly ends?: readonly [string, string];
}

const WORDS: Readonly<Record<string, string>> = {
  improved: 'better',
  worsened: 'worse',
  'no detectable change': 'no change',
};

/** Runs whose every cell has a number and an interval; one over training seeds, one with another unit than points. */
describe.each(['seeds-and-controls', 'five-dimensions'])('%s says the same number', (name) => {
  let summary: Summary;
  let figures: Figures;
  let expected: (Said & { half: string; ends: [string, string] })[];
  beforeAll(async () => {
    const make = GALLERY[name];
    if (make === undefined) throw new Error('the gallery has changed');
    summary = await make();
    figures = await drawFigures(summary);
    // From the published JSON, by arithmetic of this test's own.
    const json = JSON.parse(renderJson(summary)) as Summary;
    expected = answerOf(json).map(({ verdict, delta, low, high, unit }) => {
      const digits = unit === 'share' ? 1 : 2;
      const print = (value: number): string => (unit === 'share' ? value * 100 : value).toFixed(digits);
      const withSign = (value: number): string => `${value > 0 ? '+' : ''}${print(value)}`;
      return {
        word: WORDS[verdict] ?? verdict,
        number: withSign(delta),
        half: print((high - low) / 2),
        ends: [withSign(low), withSign(high)],
      };
    });
    expect(expected.length).toBeGreaterThan(3);
  });

  it('in the terminal, in Markdown and in the page', () => {
    const page = renderPage(
      {
        summary,
        figures,
        flips: [],
        tasks: new Map(),
        origin: {
          command: '',
          definition: {},
          node: '',
          platform: '',
          commit: null,
          datasets: [],
          samples: new Map(),
        },
      },
      pageAssets(),
    );
    const forms = {
      terminal: renderTerminal(summary, { width: 240, colour: false }).split('\n\n')[0] ?? '',
      markdown: /(?:^\|.*\n)+/m.exec(renderMarkdown(summary))?.[0].replaceAll('**', '') ?? '',
      page: /<section id="answer".*?<table.*?<\/table>/s.exec(page)?.[0].replace(/.*<table/s, '<table') ?? '',
    };
    for (const [form, text] of Object.entries(forms)) {
      const plain = text.replace(/<[^>]*>/g, ' ').replaceAll('−', '-');
      const said = [...plain.matchAll(/(better|WORSE|no change)\s+([+-]?[\d.]+) ±([\d.]+)/g)];
      expect([form, said.map(([, word = '', number, half]) => [word.toLowerCase(), number, half])]).toEqual([
        form,
        expected.map(({ word, number, half }) => [word, number, half]),
      ]);
    }
  });

  it('in the drawing of effects and in LaTeX, with the ends of the interval', () => {
    const drawn = figures.forests.flatMap(({ svg }) =>
      [
        ...svg
          .replaceAll('−', '-')
          .matchAll(/>(better|WORSE|no change)\s+([+-]?[\d.]+)[^(<]*\((\S+) to ([^)]+)\)</g),
      ].map(([, word = '', number, low, high]) => [word.toLowerCase(), number, signed(low), signed(high)]),
    );
    // The drawing has the other tasks of a dimension as well.
    for (const { word, number, ends } of expected) expect(drawn).toContainEqual([word, number, ...ends]);
    const table = renderLatex(summary)
      .split('\\end{table}')
      .filter((each) => each.includes('\\label{tab:aligntrust-stages'))
      .join('');
    const cells = [...table.matchAll(/\$([+-][\d.]+)\$ (?:\\textbf\{(better|worse)\}|(no change))/g)];
    const ends = [...table.matchAll(/\[\$([+-]?[\d.]+)\$, \$([+-]?[\d.]+)\$\]/g)];
    expect(cells.map(([, number, strong, weak]) => [strong ?? weak, number])).toEqual(
      expected.map(({ word, number }) => [word, number]),
    );
    expect(ends.map(([, low, high]) => [low, high])).toEqual(expected.map((each) => each.ends));
  });

  it('in CSV, in full precision', () => {
    const rows: Row[] = [
      ...(parse(effectsCsv(summary), { columns: true }) as Row[]),
      ...(parse(methodsCsv(summary), { columns: true }) as Row[]).map((row) => ({
        ...row,
        delta: row['mean'] ?? '',
      })),
    ];
    for (const { task, metric, from, to, delta, low, high, verdict, isMean } of answerOf(summary)) {
      const row = rows.find(
        (each) =>
          each['task'] === task &&
          each['metric'] === metric &&
          each['from'] === from &&
          each['to'] === to &&
          Object.hasOwn(each, 'mean') === isMean,
      );
      expect([row?.['delta'], row?.['low_95'], row?.['high_95']].map(Number)).toEqual([delta, low, high]);
      expect(row?.['verdict']).toBe(verdict);
    }
    const cells = parse(cellsCsv(summary), { columns: true }) as Row[];
    expect(cells.map((row) => [Number(row['value']), Number(row['low_95']), Number(row['high_95'])])).toEqual(
      summary.cells.map(({ value, low, high }) => [value, low, high]),
    );
  });

  it('of every checkpoint in LaTeX', () => {
    const latex = renderLatex(summary);
    for (const { checkpoint, task, metric, value, low, high } of summary.cells) {
      const facts = summary.tasks.find((each) => each.task === task);
      const id = checkpoint.replaceAll('-', '{-}');
      if (facts?.headline !== metric || value === null || low === null || high === null) continue;
      const unit = facts.metrics.find(({ key }) => key === metric)?.unit;
      const print = (number: number): string =>
        unit === 'share' ? (number * 100).toFixed(1) : number.toFixed(2);
      const rows = latex
        .split('\n')
        .flatMap((line, at, all) => (line.startsWith(`${id} &`) ? [`${line} ${all[at + 1]}`] : []));
      expect(
        rows.some(
          (row) => row.includes(`$${print(value)}$`) && row.includes(`[$${print(low)}$, $${print(high)}$]`),
        ),
      ).toBe(true);
    }
  });
});

type Row = Record<string, string>;

/** `46.8` of a range that is positive throughout is `+46.8` elsewhere. */
function signed(number = ''): string {
  return /^[+-]/.test(number) || Number(number) === 0 ? number : `+${number}`;
}

/** The cells of the answer, row by row: headline tasks in stages, the mean over training seeds where there is one. */
function answerOf({ tasks, effects, relations }: Summary) {
  const stages = effects.filter(({ kind, main }) => kind === 'stage' && main);
  return tasks
    .filter(({ primary }) => primary)
    .flatMap(({ task, headline, metrics }) =>
      stages
        .filter((effect) => effect.task === task && effect.metric === headline)
        .map((effect) => {
          const mean = relations.methods.find(
            (each) =>
              each.kind === 'stage' &&
              each.task === task &&
              each.metric === headline &&
              each.from === effect.from &&
              each.to === effect.to &&
              each.mean !== null &&
              each.seeds.length >= 3,
          );
          const { low, high, verdict } = mean ?? effect;
          const delta = mean?.mean ?? effect.delta;
          if (delta === null || low === null || high === null) throw new Error('a cell without numbers');
          const unit = metrics.find(({ key }) => key === headline)?.unit ?? 'share';
          const { from, to } = effect;
          return {
            task,
            metric: headline,
            from,
            to,
            unit,
            delta,
            low,
            high,
            verdict,
            isMean: mean !== undefined,
          };
        }),
    );
}
