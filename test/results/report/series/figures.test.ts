import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { standalone } from '../../../../results/report/charts/figure.ts';
import { placeTexts } from '../../../../results/report/charts/series/place-names.ts';
import { roundScale, stepScale } from '../../../../results/report/charts/series/scale.ts';
import { allSeriesFigures, seriesFigures } from '../../../../results/report/charts/series/series-figures.ts';
import type { Summary } from '../../../../results/summary.ts';
import { STEPS, seriesRun } from './fixtures/run.ts';

describe('scales of panels', () => {
  it('hold every value, and marks lie on them in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 3, max: 8 }),
        (values, most) => {
          const { domain, ticks } = roundScale(values, most);
          for (const value of values) {
            expect(value).toBeGreaterThanOrEqual(domain[0]);
            expect(value).toBeLessThanOrEqual(domain[1]);
          }
          expect(domain[1]).toBeGreaterThan(domain[0]);
          expect(ticks.length).toBeGreaterThan(0);
          expect(ticks.length).toBeLessThanOrEqual(most + 1);
          for (const [index, { value }] of ticks.entries()) {
            expect(value).toBeGreaterThanOrEqual(domain[0] - 1e-6);
            expect(value).toBeLessThanOrEqual(domain[1] + 1e-6);
            if (index > 0) expect(value).toBeGreaterThan(ticks[index - 1]?.value ?? Infinity);
          }
        },
      ),
    );
  });

  it('spans what it must at least', () => {
    expect(roundScale([0.1, 0.2], 5, 10).domain[1] - roundScale([0.1, 0.2], 5, 10).domain[0]).toBeCloseTo(11);
    expect(roundScale([-60, 40]).ticks.map(({ text }) => text)).toEqual(['−50', '0']);
    expect(roundScale([0, 0.009]).ticks.map(({ text }) => text)).toContain('0.004');
  });

  it('has a mark at every step, and words at both ends that never touch', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 200_000 }), { minLength: 2, maxLength: 60 }),
        (steps) => {
          const { ticks, domain } = stepScale(steps, 250, 6);
          expect(ticks.map(({ value }) => value)).toEqual([...steps].sort((a, b) => a - b));
          expect([ticks[0]?.text, ticks.at(-1)?.text]).not.toContain('');
          const placed = ticks
            .filter(({ text }) => text !== '')
            .map(({ value, text }) => ({
              at: ((value - domain[0]) / (domain[1] - domain[0])) * 250,
              half: text.length * 3,
            }));
          for (const [index, one] of placed.entries()) {
            const before = placed[index - 1];
            if (before !== undefined)
              expect(one.at - before.at).toBeGreaterThanOrEqual(one.half + before.half);
          }
        },
      ),
    );
  });

  it('puts names beside their points within the frame, apart from each other where there is room', () => {
    const frame = { width: 300, height: 200 };
    const texts = placeTexts(
      [
        { x: 2, y: 100, name: 'at the left' },
        { x: 298, y: 100, name: 'at the right' },
        { x: 150, y: 100, name: 'one' },
        { x: 153, y: 101, name: 'another' },
      ],
      frame,
      20,
    );
    expect(texts[0]).toMatchObject({ anchor: 'start' });
    expect(texts[1]).toMatchObject({ anchor: 'end' });
    expect(texts[2]).not.toEqual({ ...texts[3], text: 'one' });
    for (const { y } of texts) expect(y).toBeLessThanOrEqual(frame.height);
  });
});

describe('figures of series', () => {
  let summary: Summary;
  let figures: ReturnType<typeof seriesFigures>;
  beforeAll(async () => {
    summary = await seriesRun();
    figures = seriesFigures(summary);
  });

  it('have names fit for files, refer to nothing and listen to nothing', () => {
    const all = allSeriesFigures(figures);
    expect(all.map(({ id }) => id)).toEqual([
      'series-1-trust',
      'series-1-dynamics',
      'series-1-front-1',
      'dynamics-speed-1',
      'dynamics-displacement',
    ]);
    for (const figure of all) {
      const document = standalone(figure);
      expect(document).not.toMatch(/<script|<style|<image|<foreignObject|\son[a-z]+=|href=|url\(|style=/i);
      expect(document).not.toMatch(/NaN|Infinity|undefined|null/);
      expect(document).toMatch(/<title>[^<]+<\/title><desc>[^<]+<\/desc>/);
    }
  });

  it('draw a panel a task, with the band, the start, the first step, and further seeds thin', () => {
    const [trust] = figures.curves;
    const count = (pattern: RegExp): number => trust?.svg.match(pattern)?.length ?? 0;
    expect(count(/font-weight="bold"/g)).toBe(7);
    expect(count(/fill-opacity/g)).toBe(7);
    expect(count(/h8v8h-8z/g)).toBe(7);
    // Two of seven never leave their band.
    expect(count(/h12l-6 /g)).toBe(5);
    expect(count(/stroke-width="1\.2"/g)).toBe(2 * 7);
    expect(trust?.steps.map(({ step }) => step)).toEqual(STEPS);
  });

  it('share one scale among shares, so that a small change looks small', () => {
    const marks = [...(figures.curves[0]?.svg ?? '').matchAll(/<g text-anchor="end"[^>]*>(.*?)<\/g>/g)].map(
      ([, texts]) => texts,
    );
    expect(marks.length).toBe(7);
    expect(new Set(marks).size).toBe(1);
  });

  it('name the steps of a front, the efficient ones in bold, better up', () => {
    const [front] = figures.fronts;
    expect(front?.svg.match(/better is up/g)?.length).toBe(6);
    const efficient = summary.series?.[0]?.fronts
      .flatMap(({ points }) => points)
      .filter((one) => one.efficient);
    expect(front?.svg.match(/r="4\.5"/g)?.length).toBe(efficient?.length);
    expect(front?.svg.match(/font-weight="bold"/g)?.length).toBe((efficient?.length ?? 0) + 6);
  });

  it('flag displaced steps, and leave out what has no number', () => {
    expect(figures.displacement?.svg.match(/l9 3\.5l-9 3\.5z/g)?.length).toBe(4);
    const holes = {
      ...summary,
      series: summary.series?.map((one) => ({
        ...one,
        curves: one.curves.map((curve) => ({
          ...curve,
          criticalValue: null,
          firstStep: null,
          points: curve.points.map((point, index) =>
            index === 2
              ? { ...point, value: null, delta: null, low: null, high: null }
              : { ...point, low: null, high: null },
          ),
        })),
      })),
    } as Summary;
    const [trust] = seriesFigures(holes).curves;
    expect(trust?.svg).not.toContain('fill-opacity');
    expect(trust?.svg.match(/>no band</g)?.length).toBe(7);
    expect(trust?.svg).not.toMatch(/NaN|null/);
  });

  it('leaves names out where they would hide the points', async () => {
    const long = await seriesRun({
      steps: Array.from({ length: 50 }, (_, index) => 20 * index),
      moreTasks: 13,
    });
    const [trust] = seriesFigures(long).curves;
    expect(trust?.svg.match(/fill-opacity/g)?.length).toBe(20);
    expect(trust?.description.length).toBeLessThan(20 * 200);
  });
});
