import { describe, expect, it } from '@jest/globals';
import { type Figure, standalone } from '../../../results/report/charts/figure.ts';
import { allFigures, drawFigures } from '../../../results/report/charts/figures.ts';
import { toPng } from '../../../results/report/charts/png.ts';
import { matrixOf } from '../../../results/report/view.ts';
import type { Summary } from '../../../results/summary.ts';
import { GALLERY } from '../support/gallery.ts';

describe('figures of a report', () => {
  it('draws effects, lineage and every pair of dimensions, under names fit for files', async () => {
    const summary = await fromGallery('five-dimensions');
    const figures = allFigures(await drawFigures(summary));
    const dimensions = new Set(summary.tasks.map(({ dimension }) => dimension)).size;
    const pairs = (dimensions * (dimensions - 1)) / 2;
    expect(figures.filter(({ id }) => id.startsWith('trade-off-')).length).toBe(pairs);
    expect(figures.map(({ id }) => id)).toEqual(expect.arrayContaining(['effects', 'lineage']));
    expect(figures.every(({ id }) => /^[a-z0-9-]+$/.test(id))).toBe(true);
    expect(new Set(figures.map(({ id }) => id)).size).toBe(figures.length);
  });

  it('writes beside each effect the word and number of its cell in the answer', async () => {
    const summary = await fromGallery('seeds-and-controls');
    const [forest] = (await drawFigures(summary)).forests;
    const cells = (matrixOf(summary, 'stage')?.columns ?? []).flatMap((column) => column.cells);
    for (const cell of cells) {
      if (cell === null || cell.word === 'not comparable') continue;
      const side = /toward (better|worse)/.exec(cell.note)?.[0];
      const number = cell.change.split(' ')[0];
      expect(forest?.svg).toContain(`>${cell.word}  ${number}${side === undefined ? '' : ` ${side}`}  (`);
    }
  });

  it('says that a point is one training run where the tables hold means over seeds', async () => {
    const whole = await fromGallery('five-dimensions');
    const effects = whole.effects.map((effect) => ({ ...effect, seeds: 3 }));
    const [twins] = (await drawFigures({ ...whole, effects })).tradeOffs;
    expect(twins?.oneSeed).toContain('the one is drawn that the definition names first (llama-3-8b-sft, ');
    expect(twins?.description).toContain(twins?.oneSeed);
    const [single] = (await drawFigures(whole)).tradeOffs;
    expect(single?.oneSeed).toBe('');
  });

  it('puts better on the right: the drawing of a lower-is-better effect is turned round', async () => {
    const summary = await fromGallery('five-dimensions');
    const { forests } = await drawFigures(summary);
    const improved = summary.effects.find(
      ({ direction, verdict, kind }) =>
        direction === 'lower-is-better' && verdict === 'improved' && kind === 'stage',
    );
    expect(improved?.delta).toBeLessThan(0);
    const [low, zero, high] = ['worse', '0', 'better'].map((word) => forests[0]?.svg.indexOf(word) ?? -1);
    expect(Math.min(low ?? -1, zero ?? -1, high ?? -1)).toBeGreaterThan(0);
    const triangles = [
      ...(forests[0]?.svg ?? '').matchAll(/<path transform="translate\(([\d.]+),[^>]*fill="#0b64ad"/g),
    ];
    const centre = Number(
      /<line transform="translate\(([\d.]+),0\)"[^>]*y2="[\d.]+" stroke="#97a1ad"/.exec(
        forests[0]?.svg ?? '',
      )?.[1],
    );
    expect(triangles.length).toBeGreaterThan(0);
    for (const [, x] of triangles) expect(Number(x)).toBeGreaterThan(centre);
  });

  it('is one drawing that refers to nothing, listens to nothing and has a name', async () => {
    for (const name of ['seeds-and-controls', 'five-dimensions', 'trouble']) {
      const figures = allFigures(await drawFigures(await fromGallery(name)));
      for (const figure of figures) {
        const document = standalone(figure);
        expect(document).not.toMatch(/<script|<style|<image|<foreignObject|\son[a-z]+=|href=|url\(|style=/i);
        expect(document).toMatch(
          /^<\?xml version="1.0" encoding="UTF-8"\?>\n<svg [^>]*viewBox="0 0 \d+(\.\d+)? \d+(\.\d+)?"[^>]*><title>[^<]+<\/title><desc>[^<]+<\/desc>/,
        );
      }
    }
  });

  it('draws nothing where nothing is compared', async () => {
    expect(allFigures(await drawFigures(await fromGallery('nothing-to-compare')))).toEqual([]);
  });

  it('turns a figure into PNG with its words, or says that there is no font', async () => {
    const [figure] = allFigures(await drawFigures(await fromGallery('five-dimensions'))) as [Figure];
    const png = await toPng(standalone(figure)).catch((error: unknown) => error);
    if (png instanceof Error) expect(png.message).toContain('no font was found');
    else expect([...(png as Uint8Array).subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
  });
});

async function fromGallery(name: string): Promise<Summary> {
  const make = GALLERY[name];
  if (make === undefined) throw new Error(`the gallery has no ${name}`);
  return make();
}
