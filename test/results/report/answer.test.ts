import { describe, expect, it } from '@jest/globals';
import { renderMarkdown } from '../../../results/report/markdown.ts';
import { renderTerminal } from '../../../results/report/terminal.ts';
import { matrixOf, overSeeds, seedMatrix, shownEffect } from '../../../results/report/view.ts';
import { summarise } from '../../../results/summarise.ts';
import type { Summary } from '../../../results/summary.ts';
import { GALLERY } from '../support/gallery.ts';
import { bernoulli, checkpoint, input, records, task } from '../support/synthetic.ts';

const make = (name: string) => (GALLERY[name] as (typeof GALLERY)[string])();
const terminal = (summary: Summary): string => renderTerminal(summary, { width: 100, colour: false });

function cellsOf(summary: Summary, to: string) {
  const matrix = matrixOf(summary, 'stage');
  const column = matrix?.columns.find(({ cells }) => cells.some((cell) => cell?.effect.to === to));
  if (matrix === null || column === undefined) throw new Error(`no column for ${to}`);
  return { column, cells: column.cells };
}

describe('the answer', () => {
  it('is the mean over training seeds where there are three, and is headed so', async () => {
    const summary = await make('seeds-and-controls');
    const { column, cells } = cellsOf(summary, 'dpo');
    const [cell] = cells;
    const over = summary.relations.methods.find(
      ({ to, task: name }) => to === 'dpo' && name.includes('/mc1@'),
    );
    expect(column.method).toBe('dpo, mean of 3 seeds');
    const mean = ((over?.mean ?? 0) * 100).toFixed(1).replace('-', '−');
    const half = ((((over?.high ?? 0) - (over?.low ?? 0)) / 2) * 100).toFixed(1);
    expect(cell).toMatchObject({ word: 'WORSE', change: `${mean} ±${half}` });
    // The main seed alone has another number.
    expect(over?.mean).not.toBeCloseTo(cell?.effect.delta ?? 0, 6);
    expect(cellsOf(summary, 'ppo-hacked').column.method).toBe('ppo, 1 seed');
    expect(terminal(summary)).toMatch(/mean over training seeds, Holm over 4\s+tests/);
    expect(renderMarkdown(summary)).toContain('mean over training seeds, Holm over 4 tests');
  });

  it('takes the verdict of the method, not that of its main seed', async () => {
    const whole = await make('seeds-and-controls');
    const methods = whole.relations.methods.map((method) => ({
      ...method,
      verdict: 'no detectable change' as const,
    }));
    const summary = { ...whole, relations: { ...whole.relations, methods } };
    const main = summary.effects.find(({ to, kind, main }) => to === 'dpo' && kind === 'stage' && main);
    expect(main?.verdict).toBe('worsened');
    expect(cellsOf(summary, 'dpo').cells[0]?.word).toBe('no change');
    if (main !== undefined) expect(shownEffect(summary, main).verdict).toBe('no detectable change');
  });

  it('says so where every run behind a mean has the verdict that the mean lacks', async () => {
    const summary = await make('seeds-and-controls');
    const noteOf = (of: Summary) =>
      matrixOf(of, 'stage', undefined, 'further')
        ?.columns.flatMap(({ cells }) => cells)
        .find((cell) => cell?.effect.to === 'ppo' && cell.effect.task.includes('/mc2@'))
        ?.notes.find((note) => note.startsWith('each of'));
    const runs = summary.effects.filter(
      ({ kind, task: name, to }) => kind === 'stage' && name.includes('/mc2@') && /^ppo(-s\d)?$/.test(to),
    );
    expect(runs.map(({ verdict }) => verdict)).toEqual(['worsened', 'worsened', 'worsened']);
    expect(noteOf(summary)).toBe('each of 3 runs worse');
    expect(renderMarkdown(summary)).toContain('it does not carry to the method');
    const other = runs.at(-1);
    const effects = summary.effects.map((effect) =>
      effect === other ? { ...effect, verdict: 'no detectable change' as const } : effect,
    );
    expect(noteOf({ ...summary, effects })).toBeUndefined();
    expect(renderMarkdown({ ...summary, effects })).not.toContain('it does not carry to the method');
  });

  it('with fewer seeds says one training run per method', async () => {
    const summary = await make('five-dimensions');
    expect(terminal(summary)).toContain('one training run per method');
    expect(summary.effects.every((effect) => overSeeds(summary, effect) === undefined)).toBe(true);
  });

  it('has one row a dimension, with k of K tasks; the other tasks stand apart', async () => {
    const summary = await make('seeds-and-controls');
    expect(matrixOf(summary, 'stage')?.rows.map(({ name, size }) => [name, size])).toEqual([
      ['truthfulness', 'mc1, n 240'],
    ]);
    expect(cellsOf(summary, 'dpo').cells[0]?.notes).toContain('3 of 3 tasks');
    const further = matrixOf(summary, 'stage', undefined, 'further');
    expect(further?.rows.map(({ name }) => name)).toEqual(['truthfulness/mc2', 'truthfulness/binary']);
  });

  it('says better or worse of every number that its verdict does not', async () => {
    for (const name of Object.keys(GALLERY)) {
      const summary = await make(name);
      for (const kind of ['stage', 'total', 'method'] as const) {
        for (const cell of matrixOf(summary, kind)?.columns.flatMap(({ cells }) => cells) ?? []) {
          if (cell === null || !/[+−][\d.]*[1-9]/.test([cell.change, ...cell.notes].join(' '))) continue;
          expect([cell.word, ...cell.notes].join(' ')).toMatch(/better|worse|WORSE|missing/);
        }
      }
      for (const cell of seedMatrix(summary)?.columns.flatMap(({ cells }) => cells) ?? []) {
        expect(cell?.notes.join(' ')).toMatch(/better|worse|^0\.0/);
      }
    }
  });

  it('names an allowed difference, an equivalence and what is missing in the cell', async () => {
    const summary = await make('families-and-margins');
    const [truth, toxicity] = cellsOf(summary, 'qwen-dpo').cells;
    expect(truth?.notes).toEqual(
      expect.arrayContaining(['quantisation + training', 'equivalent within ±7.0']),
    );
    expect(truth?.word).toBe('no change');
    expect(toxicity?.notes.some((note) => /^missing: −\d+\.\d to −\d+\.\d$/.test(note))).toBe(true);
    expect(cellsOf(summary, 'llama-sft').cells[0]?.notes.join(' ')).not.toContain('training');
  });

  it('counts the prompt formats in which the same weights moved to the same side', async () => {
    const weights = (id: string) => ({ weights: id.padEnd(64, '0') });
    const checkpoints = [
      checkpoint('base', {}, weights('base')),
      checkpoint('sft', { method: 'sft', parent: 'base' }, weights('sft')),
      checkpoint('base+chat', { promptFormat: 'chat' }, weights('base')),
      checkpoint('sft+chat', { method: 'sft', parent: 'base+chat', promptFormat: 'chat' }, weights('sft')),
    ];
    const tasks = [task('truthfulness/mc1@x:robust', { samples: 100 })];
    const notesWith = async (chat: number): Promise<readonly string[] | undefined> => {
      const rates: Readonly<Record<string, number>> = { sft: 0.8, 'sft+chat': chat };
      const drawn = records(checkpoints, tasks, ({ checkpoint: id }, latent, noise) =>
        bernoulli(rates[id] ?? 0.5, latent, noise),
      );
      return cellsOf(await summarise(input(checkpoints, tasks, drawn)), 'sft').cells[0]?.notes;
    };
    expect(await notesWith(0.9)).toContain('2 of 2 formats');
    expect(await notesWith(0.2)).toContain('1 of 2 formats');
    expect(terminal(await make('five-dimensions'))).not.toContain('formats');
  });

  it('prints families side by side, the mean over three, and what another family may show', async () => {
    const text = terminal(await make('families-and-margins')).replace(/\s+/g, ' ');
    expect(text).toContain('Over base families');
    expect(text).toMatch(
      /dpo, toxicity: llama −[\d.]+ \(better\), qwen −[\d.]+ \(better\) \[quantisation \+ training\], olmo/,
    );
    expect(text).toMatch(
      /mean over 3 families −[\d.]+ ±[\d.]+ \(better\); another family: −[\d.]+ to \+[\d.]+/,
    );
    expect(text).toContain('3 of 40 samples flipped');
  });

  it('of an incomplete run is provisional in its title, in both forms', async () => {
    const summary = await make('trouble');
    expect(terminal(summary)).toContain('moved which trust? (provisional)');
    expect(renderMarkdown(summary)).toContain('moved which trust? (provisional)');
    expect(terminal(await make('five-dimensions'))).not.toContain('provisional');
  });

  it('is preceded by the kinds of alarms, and by nothing where there are none', async () => {
    const [, , , line] = terminal(await make('trouble')).split('\n');
    expect(line).toMatch(/^7 alarms, in full below: fingerprint changed, unfinished, control copy differs/);
    expect(terminal(await make('five-dimensions')).split('\n')[0]).toBe(
      'Which alignment method moved which trust?',
    );
  });

  it('prints decompositions that add up in the Markdown detail', async () => {
    const summary = await make('five-dimensions');
    const text = renderMarkdown(summary);
    expect(text).toContain('## All stages together, stage by stage');
    expect(summary.relations.decompositions.length).toBe(10);
    for (const { parts, total } of summary.relations.decompositions) {
      expect(parts.reduce((sum, { delta }) => sum + delta, 0)).toBeCloseTo(total.delta, 12);
    }
  });
});

describe('a damaged or thin run', () => {
  const draw = (place: { checkpoint: string }, latent: number, noise: () => number) =>
    place.checkpoint === 'mute'
      ? ({ kind: 'failed', error: { code: 'timeout', message: 'no answer' } } as const)
      : bernoulli(place.checkpoint === 'sft' ? 0.8 : 0.4, latent, noise);

  it('with a checkpoint that was never scored shows the rest, and says why that one is empty', async () => {
    const checkpoints = [
      checkpoint('base'),
      checkpoint('mute', { method: 'ppo', parent: 'base' }),
      checkpoint('sft', { method: 'sft', parent: 'base' }),
    ];
    const tasks = [task('truthfulness/mc1@x:robust', { samples: 80 })];
    const summary = await summarise(input(checkpoints, tasks, records(checkpoints, tasks, draw)));
    for (const text of [terminal(summary), renderMarkdown(summary)]) {
      expect(text).toMatch(/better\S* {1,2}\+/);
      expect(text).toContain('every request failed: timeout');
      expect(text).toContain('not comparable');
    }
  });

  it('with a lineage that turns in a circle, or names a parent that is not there, still shows values', async () => {
    const checkpoints = [
      checkpoint('a', { method: 'sft', parent: 'b' }),
      checkpoint('b', { method: 'dpo', parent: 'a' }),
      checkpoint('sft', { method: 'sft', parent: 'nowhere' }),
    ];
    const tasks = [task('truthfulness/mc1@x:robust', { samples: 80 })];
    const text = terminal(await summarise(input(checkpoints, tasks, records(checkpoints, tasks, draw))));
    expect(text).toMatch(/sft +\d+\.\d +\d+\.\d to \d+\.\d +80/);
  });

  it('prints numbers alike in every locale, and a title as text', async () => {
    const checkpoints = [checkpoint('base'), checkpoint('sft', { method: 'sft', parent: 'base' })];
    const tasks = [task('truthfulness/mc1@x:robust', { samples: 1200 })];
    const before = process.env['LC_ALL'];
    process.env['LC_ALL'] = 'de_DE.UTF-8';
    try {
      const made = input(checkpoints, tasks, records(checkpoints, tasks, draw), {
        benchmark: '<img src=x onerror=alert(1)> [link](javascript:1) # title',
      });
      const summary = await summarise(made);
      const markdown = renderMarkdown(summary);
      expect(markdown).not.toMatch(/<img|(?<!\\)\]\(javascript/);
      expect(terminal(summary)).not.toMatch(/\d,\d(?!\d\d)/);
      expect(markdown).not.toMatch(/\d,\d(?!\d\d)/);
    } finally {
      if (before === undefined) delete process.env['LC_ALL'];
      else process.env['LC_ALL'] = before;
    }
  });
});
