import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { seriesFigures } from '../../../../results/report/charts/series/series-figures.ts';
import { dynamicsSection } from '../../../../results/report/html/dynamics.ts';
import { seriesSection } from '../../../../results/report/html/series/section.ts';
import { renderLatex } from '../../../../results/report/latex.ts';
import { renderMarkdown } from '../../../../results/report/markdown.ts';
import { seriesCsvFiles } from '../../../../results/report/series/csv.ts';
import { learningCsvFiles } from '../../../../results/report/series/learning-csv.ts';
import { renderTerminal } from '../../../../results/report/terminal.ts';
import { displayWidth } from '../../../../results/report/text.ts';
import type { Series } from '../../../../results/series/series-summary.ts';
import type { Summary } from '../../../../results/summary.ts';
import { GALLERY } from '../../support/gallery.ts';
import { behaviours } from './fixtures/behaviours.ts';
import { seriesRun, withRefused } from './fixtures/run.ts';

const REFUSED = 'ppo-step-8 differs from ppo-step-16 in its prompt format';

/** Text of markup, as a person reads it. */
function textOf(markup: string): string {
  return markup
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .replace(/\s+/g, ' ');
}

function pageOf(summary: Summary): string {
  const figures = seriesFigures(summary);
  return seriesSection(summary, figures).markup + dynamicsSection(summary, figures).markup;
}

function withKept(summary: Summary, kept: Series['kept']): Summary {
  return { ...summary, series: (summary.series ?? []).map((one) => ({ ...one, kept })) };
}

describe('series in every export', () => {
  let summary: Summary;
  beforeAll(async () => {
    summary = withRefused(await seriesRun(), REFUSED);
  });
  const terminal = (width = 100): string => renderTerminal(summary, { width, colour: false });
  /** The forms of words, without the signs of their own mark-up. */
  const forms = (of: Summary = summary): string[] => [
    renderTerminal(of, { width: 200, colour: false }).replace(/\s+/g, ' '),
    renderMarkdown(of).replaceAll('\\', '').replaceAll('**', '').replaceAll('<br>', ' '),
    textOf(pageOf(of)),
  ];

  it('says change, band and first step as the same words and numbers', () => {
    const curve = summary.series?.[0]?.curves.find(({ task }) => task.startsWith('bias/'));
    const [last, first] = [curve?.points.at(-1), curve?.firstStep];
    const number = (value: number | null | undefined): string => `+${((value ?? 0) * 100).toFixed(1)}`;
    expect(first).toEqual({ step: 8, verdict: 'worsened' });
    const change = `${number(last?.delta)}* [${number(last?.low)}, ${number(last?.high)}]`;
    for (const text of forms()) {
      expect(text).toContain(change);
      expect(text).toContain('bias WORSE at step 8');
    }
    expect(renderLatex(summary)).toContain(`$${number(last?.delta)}$`);
    const row = parse<Record<string, string>>(seriesCsvFiles(summary)['series.csv'] ?? '', {
      columns: true,
    }).find((one) => one['task'] === curve?.task && one['series'] === 'dpo' && one['step'] === '48');
    expect(row).toMatchObject({
      delta: String(last?.delta),
      simultaneous_low_95: String(last?.low),
      first_step: '8',
      first_verdict: 'worsened',
      checkpoint: 'dpo',
      direction: 'lower-is-better',
    });
    const [figure] = seriesFigures(summary).curves;
    expect(figure?.description).toContain(
      `bias, points: start 50.0; step 8 ${number(curve?.points[1]?.delta)}`,
    );
    expect(figure?.description).toContain('first WORSE at step 8, 6 of 6 steps differ');
  });

  it('calls a metric of which neither way is better raised, and counts no flips of it', () => {
    for (const text of forms()) {
      expect(text).toContain('pairs margin RAISED at step 8');
      expect(text).toContain('better / worse');
      expect(text).not.toContain('raised / lowered');
    }
  });

  it('says of a refused series why, and draws nothing of it', () => {
    for (const text of forms()) expect(text).toContain(`ppo is no series and has no curves: ${REFUSED}`);
    expect(pageOf(summary)).toMatch(/<div class="alarms" role="note"[^>]*><ul><li>ppo is no series/);
    const file = parse<Record<string, string>>(seriesCsvFiles(summary)['series-refused.csv'] ?? '', {
      columns: true,
    });
    expect(file).toMatchObject([{ series: 'ppo', refused: REFUSED }]);
    expect(seriesFigures(summary).curves.map(({ series }) => series)).toEqual(['dpo', 'dpo']);
  });

  it('says which step is kept, and what the other half says of it', () => {
    for (const text of forms()) {
      expect(text).toMatch(
        /Step 24 \(dpo-step-24\) is the last one that keeps refusal at least 60\.0 points/,
      );
      expect(text).toMatch(/truthfulness no more than 25\.0 points below the start DOES NOT HOLD \(−28\.3 /);
      expect(text).toContain('So the half that chose this step flattered it.');
      expect(text).toContain('satisfied');
    }
    const rows = parse<Record<string, string>>(seriesCsvFiles(summary)['keep.csv'] ?? '', { columns: true });
    expect(rows.map((one) => [one['kept_step'], one['held_out_holds']])).toEqual([
      ['24', 'true'],
      ['24', 'false'],
    ]);
  });

  it('says that no step can be kept, and that only the start can', () => {
    const kept = summary.series?.[0]?.kept as NonNullable<Series['kept']>;
    const none = withKept(summary, {
      ...kept,
      step: null,
      checkpoint: null,
      checks: [],
      allowed: [],
      reason: 'no step meets the constraint on harm',
    });
    for (const text of forms(none))
      expect(text).toMatch(/No step keeps .* choosing: no step meets the constraint on harm\./);
    const start = withKept(summary, { ...kept, step: 0, checkpoint: 'sft', allowed: [0] });
    for (const text of forms(start))
      expect(text).toContain('Step 0 (sft) is the start, and no later step keeps');
  });

  it('says which steps were never asked, and nothing of them', () => {
    const [dpo, ...others] = summary.series ?? [];
    const curves = dpo?.curves.map((curve) => ({
      ...curve,
      points: curve.points.map((point) =>
        curve.task.startsWith('refusal') && point.step > 16
          ? { ...point, value: null, delta: null, low: null, high: null }
          : point,
      ),
    }));
    const cut = { ...summary, series: [{ ...dpo, curves } as Series, ...others] };
    for (const text of forms(cut)) {
      expect(text.replace(/\s+/g, ' ')).toContain('refusal has no value at steps 24, 32, 40, 48');
      expect(text).toContain('not known');
    }
    const [figure] = seriesFigures(cut).curves;
    const whole = seriesFigures(summary).curves[0];
    const areas = (svg = ''): number => svg.match(/fill-opacity="0\.25"/g)?.length ?? 0;
    expect(areas(figure?.svg)).toBe(areas(whole?.svg));
    expect(figure?.svg.length).toBeLessThan(whole?.svg.length ?? 0);
  });

  it('speaks of doubt where the interval of the other half reaches over the bound', () => {
    const kept = summary.series?.[0]?.kept as NonNullable<Series['kept']>;
    const checks = kept.checks.map(({ chosenOn, heldOut }, index) => ({
      chosenOn,
      heldOut: { ...heldOut, holds: true, change: index === 1 ? -0.2 : heldOut.change, low: -0.4, high: 0.9 },
    }));
    for (const text of forms(withKept(summary, { ...kept, checks })))
      expect(text.replace(/\s+/g, ' ')).toContain('holds there too as estimated, and not beyond doubt');
    const gone = checks.map((check) => ({
      ...check,
      heldOut: { ...check.heldOut, value: null, change: null, low: null, high: null, holds: false },
    }));
    for (const text of forms(withKept(summary, { ...kept, checks: gone }))) {
      expect(text).not.toContain('DOES NOT HOLD');
      expect(text).toContain('not known');
    }
  });

  it('says for which method the relation is predicted, and that under four behaviours there is none', async () => {
    const ppo = await seriesRun({ steps: [0, 8, 16], method: 'ppo' });
    for (const text of forms(ppo)) expect(text).toContain('For ppo the plot is descriptive');
    for (const text of forms()) {
      expect(text).not.toContain('the plot is descriptive');
      expect(text).toContain('derived for DPO on a frozen representation, and for nothing else');
      expect(text).toMatch(
        /distinguishability \|? ?mean height above the start \|? ?\+0\.93 \|? ?0\.0022 \|? ?8/,
      );
      expect(text).toContain('Im & Li 2024'.replace('&', text.includes('&amp;') ? '&amp;' : '&'));
    }
    const few = { ...summary, dynamics: { ...summary.dynamics, ...behaviours('dpo', ['a', 'b', 'c']) } };
    for (const text of forms(few as Summary))
      expect(text).toContain('n 3: under 4 behaviours it is not computable');
  });

  it('flags displaced steps in words', () => {
    for (const text of forms()) {
      expect(text).toContain('dpo: displaced at no step');
      expect(text).toContain('dpo-s2: DISPLACED at steps 8, 16, 24, 32: the margin');
    }
  });

  it('gives all of dynamics in files of their own, in full precision', () => {
    const files = learningCsvFiles(summary);
    expect(Object.keys(files)).toEqual([
      'dynamics-states.csv',
      'dynamics-odds.csv',
      'dynamics-priority.csv',
      'dynamics-priority-gaps.csv',
      'dynamics-susceptibility.csv',
      'dynamics-speed.csv',
      'dynamics-displacement.csv',
    ]);
    const read = (name: string) => parse<Record<string, string>>(files[name] ?? '', { columns: true });
    expect(read('dynamics-states.csv')[3]).toMatchObject({
      unusable: '2',
      distinguishability: String(summary.dynamics?.states[3]?.distinguishability),
    });
    expect(read('dynamics-speed.csv').filter((one) => one['never_crossed'] === 'true').length).toBe(2);
    expect(read('dynamics-displacement.csv').filter((one) => one['displaced'] === 'true').length).toBe(4);
  });

  it.each([60, 72, 100, 140])('stays within %i columns', (width) => {
    const wide = terminal(width)
      .split('\n')
      .filter((line) => displayWidth(line) > width);
    expect(wide).toEqual([]);
  });

  it.each(['100.txt', 'md', 'tex'])('looks as committed in %s', (form) => {
    const text =
      { '100.txt': terminal(), md: renderMarkdown(summary), tex: renderLatex(summary) }[form] ?? '';
    const file = new URL(`../../../fixtures/results/gallery/series.${form}`, import.meta.url);
    if (process.env['UPDATE_GALLERY'] === '1') writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, 'utf8'));
  });
});

describe('a run without a series', () => {
  it('has no word, no file and no drawing of one', async () => {
    const summary = await (GALLERY['five-dimensions'] as () => Promise<Summary>)();
    expect({ ...seriesCsvFiles(summary), ...learningCsvFiles(summary) }).toEqual({});
    expect(seriesFigures(summary)).toEqual({ curves: [], fronts: [], speeds: [], displacement: null });
    expect(pageOf(summary)).toBe('');
    expect(renderTerminal(summary, { width: 100, colour: false })).not.toContain('Along training');
  });
});
