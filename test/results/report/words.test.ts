import { describe, expect, it } from '@jest/globals';
import { renderTerminal } from '../../../results/report/terminal.ts';
import { matrixOf } from '../../../results/report/view.ts';
import { explainWords } from '../../../results/report/words.ts';
import type { Effect, EffectKind, Summary } from '../../../results/summary.ts';
import { GALLERY } from '../support/gallery.ts';

/** A summary, seen without its means over seeds, with some facts of its first main headline effect of a kind changed. */
async function withEffect(kind: EffectKind, facts: Partial<Effect>): Promise<Summary> {
  const whole = (await GALLERY['seeds-and-controls']?.()) as Summary;
  const summary: Summary = { ...whole, relations: { ...whole.relations, methods: [], agreements: [] } };
  // Of a stage the one without seed twins: the others stand behind a mean.
  const changed = summary.effects.find(
    (effect) => effect.kind === kind && effect.main && (kind !== 'stage' || effect.family === 'primary'),
  );
  expect(changed).toBeDefined();
  const effects = summary.effects.map((effect) => {
    if (effect === changed) return { ...effect, ...facts };
    return { ...effect, withinSeedNoise: effect.withinSeedNoise === null ? null : false };
  });
  return { ...summary, effects };
}

function lineOn(summary: Summary, word: string): string | undefined {
  return explainWords(summary).find((line) => line.startsWith(`"${word}`));
}

describe('the words below a report', () => {
  it('count the tests of both families as the tables of effects and of means have them', async () => {
    const summary = (await GALLERY['seeds-and-controls']?.()) as Summary;
    const tested = [...summary.effects, ...summary.relations.methods].filter(({ p }) => p !== null);
    const line = lineOn(summary, 'Holm') ?? '';
    const stages = tested.filter(({ kind, family }) => kind === 'stage' && family === 'primary');
    const others = tested.filter(({ family }) => family === 'exploratory');
    expect(line).toContain(`"Holm over ${stages.length} tests": one for each`);
    expect(line).toContain(`"Benjamini-Hochberg over ${others.length} tests": whatever else`);
  });

  const FAILING: Partial<Effect> = {
    verdict: 'no detectable change',
    low: 0.01,
    high: 0.2,
    seedSpread: null,
  };

  it.each([
    ['stage', 'Holm over 4 tests for a stage', 'Benjamini'],
    ['method', 'Benjamini-Hochberg over 77 tests in a table called exploratory', 'Holm'],
    ['total', 'Benjamini-Hochberg over 77 tests in a table called exploratory', 'Holm'],
  ] as const)('name the correction that a cell of a %s belongs to', async (kind, named, other) => {
    const line = lineOn(await withEffect(kind, FAILING), 'not after correction');
    expect(line).toContain(`(${named})`);
    expect(line).not.toContain(other);
  });

  it('name the correction of a mean over seeds', async () => {
    const whole = (await GALLERY['seeds-and-controls']?.()) as Summary;
    const methods = whole.relations.methods.map((method) =>
      method.to === 'dpo' && method.task.includes('/mc1@')
        ? { ...method, verdict: 'no detectable change' as const }
        : method,
    );
    const line = lineOn({ ...whole, relations: { ...whole.relations, methods } }, 'not after correction');
    expect(line).toContain('Holm over 4 tests for a mean over seeds');
  });

  it('do not let a verdict and seed noise contradict each other', async () => {
    const worse = await withEffect('stage', {
      verdict: 'worsened',
      withinSeedNoise: true,
      seedSpread: 0.042,
    });
    const [cell] = matrixOf(worse, 'stage')?.columns.at(-1)?.cells ?? [];
    expect(cell).toMatchObject({ word: 'WORSE', note: 'but seed noise is 4.2' });
    expect(lineOn(worse, 'but seed noise is')).toContain('the seed may have done it');
    expect(lineOn(worse, 'within seed noise')).toBeUndefined();

    const none = await withEffect('stage', {
      verdict: 'no detectable change',
      withinSeedNoise: true,
      seedSpread: 0.042,
    });
    expect(renderTerminal(none, { width: 100, colour: false })).toContain('within seed noise 4.2');
    expect(lineOn(none, 'within seed noise')).toBeDefined();
    expect(lineOn(none, 'but seed noise is')).toBeUndefined();
  });
});
