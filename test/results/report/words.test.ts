import { describe, expect, it } from '@jest/globals';
import { drawFigures } from '../../../results/report/charts/figures.ts';
import { renderLatex } from '../../../results/report/latex.ts';
import { renderMarkdown } from '../../../results/report/markdown.ts';
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

const FAILING: Partial<Effect> = {
  verdict: 'no detectable change',
  low: 0.01,
  high: 0.2,
  seedSpread: null,
};

function lineOn(summary: Summary, word: string): string | undefined {
  return explainWords(summary).find((line) => line.startsWith(`"${word}`));
}

describe('what an interval is called', () => {
  /** As a run that stops by what it sees: every effect by its confidence sequence. */
  async function stopped(): Promise<Summary> {
    const whole = (await GALLERY['five-dimensions']?.()) as Summary;
    const effects = whole.effects.map((effect) => ({ ...effect, test: 'confidence-sequence' as const }));
    return { ...whole, effects };
  }

  const FORMS: Readonly<Record<string, (summary: Summary) => Promise<string> | string>> = {
    terminal: (summary) => renderTerminal(summary, { width: 200, colour: false }),
    markdown: renderMarkdown,
    latex: renderLatex,
    forest: async (summary) => (await drawFigures(summary)).forests.map(({ title }) => title).join(),
  };

  it.each(Object.keys(FORMS))(
    'is a confidence sequence in a run that stopped by a rule: %s',
    async (form) => {
      const plainly = (await FORMS[form]?.((await GALLERY['five-dimensions']?.()) as Summary)) ?? '';
      expect(plainly).toContain('pointwise 95');
      expect(plainly).not.toContain('confidence sequence');
      const text = (await FORMS[form]?.(await stopped())) ?? '';
      expect(text).toContain('confidence sequence');
      expect(text).not.toContain('pointwise');
    },
  );

  it('is explained below it', async () => {
    expect(lineOn(await stopped(), 'confidence sequence')).toContain('holds at every look');
  });
});

describe('the words below a report', () => {
  it('say nothing of tests where there are none', async () => {
    const summary = (await GALLERY['nothing-to-compare']?.()) as Summary;
    expect(renderMarkdown(summary)).toContain('interval, nothing could be tested.');
    expect(renderMarkdown(summary)).not.toContain('over 0');
  });

  it('take a variance that rounding left for none', async () => {
    const whole = (await GALLERY['seeds-and-controls']?.()) as Summary;
    const methods = whole.relations.methods.map((method) => ({ ...method, seedVariance: 4.5e-33 }));
    const text = renderMarkdown({ ...whole, relations: { ...whole.relations, methods } });
    expect(text).not.toContain('e-33');
    expect(text).toMatch(/\| 0 \/ /);
  });

  it('explain a margin that was tested and not reached, which the cell shows', async () => {
    const equivalence = { margin: 0.03, p: 0.4, equivalent: false };
    const missed = await withEffect('stage', { ...FAILING, equivalence });
    const notes = matrixOf(missed, 'stage')?.columns.flatMap(({ cells }) => cells.map((cell) => cell?.note));
    expect(notes).toContainEqual(expect.stringContaining('not shown equivalent within ±3.0'));
    expect(lineOn(missed, 'not shown equivalent within')).toContain('inside the margin or beyond it');
    // A change that was found says more than a margin.
    const found = await withEffect('stage', { verdict: 'worsened', equivalence });
    expect(JSON.stringify(matrixOf(found, 'stage'))).not.toContain('not shown equivalent');
  });

  it('explain an interval of one step that includes 0 beside an adjusted p that does not', async () => {
    const simultaneous = { low: -0.13, high: 0.003 };
    const crossing = await withEffect('stage', { verdict: 'worsened', pAdjusted: 0.0444, simultaneous });
    expect(renderMarkdown(crossing)).toContain(
      'They are of one step (Bonferroni), and Holm goes on in steps',
    );
    const clear = await withEffect('stage', { pAdjusted: 0.2, simultaneous });
    const none = { ...clear, effects: clear.effects.filter(({ pAdjusted }) => pAdjusted === 0.2) };
    expect(renderMarkdown(none)).not.toContain('Holm goes on in steps');
  });

  it('count the tests of both families as the tables of effects and of means have them', async () => {
    const summary = (await GALLERY['seeds-and-controls']?.()) as Summary;
    const tested = [...summary.effects, ...summary.relations.methods].filter(({ p }) => p !== null);
    const line = lineOn(summary, 'Holm') ?? '';
    const stages = tested.filter(({ kind, family }) => kind === 'stage' && family === 'primary');
    const others = tested.filter(({ family }) => family === 'exploratory');
    expect(line).toContain(`"Holm over ${stages.length} tests": one for each`);
    expect(line).toContain(`"Benjamini-Hochberg over ${others.length} tests": whatever else`);
  });

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

describe('a verdict beside an interval that includes 0', () => {
  it('says so in the cell and below the report', async () => {
    const summary = await withEffect('stage', { verdict: 'worsened', delta: -0.1, low: -0.2, high: 0.001 });
    const cells = matrixOf(summary, 'stage')?.columns.flatMap((column) => column.cells) ?? [];
    expect(cells.filter((cell) => cell?.notes.includes('interval includes 0'))).toHaveLength(1);
    expect(lineOn(summary, 'interval includes 0')).toContain('the verdict comes from the test');
    expect(lineOn(await withEffect('stage', {}), 'interval includes 0')).toBeUndefined();
  });
});
