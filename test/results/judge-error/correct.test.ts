import { describe, expect, it } from '@jest/globals';
import { judgeCorrections } from '../../../results/judge-error/correct.ts';
import {
  cellOf,
  type JudgeEvidence,
  NO_EVIDENCE,
  type RunLabels,
} from '../../../results/judge-error/evidence.ts';
import { judgeLine } from '../../../results/judge-error/words.ts';
import { summarise } from '../../../results/summarise.ts';
import type { Effect } from '../../../results/summary.ts';
import { bernoulli, checkpoint, input, metric, records, task } from '../support/synthetic.ts';

const LINEAGE = [
  checkpoint('base'),
  checkpoint('sft', { method: 'sft', parent: 'base' }),
  checkpoint('copy', { method: 'sft', parent: 'sft', control: 'copy' }),
];
const NAME = 'refusal/xstest@x:robust';
const SPECS = [metric('refused')];
const TASKS = [task(NAME, { samples: 120, metrics: SPECS })];
const OUTCOMES = records(LINEAGE, TASKS, ({ checkpoint: id }, latent, noise) =>
  bernoulli(id === 'base' ? 0.3 : 0.6, latent, noise, ['refused']),
);

const valuesOf = (label: string) => ({ refused: Number(label === 'refused') });

/** Labels of every second answer; the scorer is right but for `sft`, whose refusals are all partial. */
function labels(of: readonly string[], change: Partial<RunLabels> = {}): JudgeEvidence {
  const populations = new Map<string, Map<string, number>>();
  for (const { checkpoint: id, outcome, strata } of OUTCOMES) {
    if (outcome.kind !== 'scored') continue;
    const cells = populations.get(id) ?? new Map<string, number>();
    const cell = cellOf(SPECS, ['refused'], (key) => outcome.values[key], strata);
    populations.set(id, cells.set(cell, (cells.get(cell) ?? 0) + 1));
  }
  const found = OUTCOMES.filter(
    ({ checkpoint: id, sample }) => of.includes(id) && Number(sample.slice(1)) % 2 === 0,
  ).map(({ checkpoint: id, sample, repeat, outcome }) => {
    const said = outcome.kind === 'scored' && outcome.values['refused'] === 1;
    return {
      checkpoint: id,
      sample,
      repeat,
      label: said ? (id === 'sft' ? 'partly' : 'refused') : 'complied',
    };
  });
  const own = { keys: ['refused'], labels: found, valuesOf, populations, ...change };
  return { ...NO_EVIDENCE, labels: new Map([[NAME, own]]) };
}

function calibration(found: number, wrong: number): JudgeEvidence {
  const row = (label: string, refused: number) => ({
    label,
    said: { refused, complied: 100 - refused },
    effectiveShare: 1,
  });
  const errors = {
    dataset: 'people.csv',
    cases: 200,
    rows: [row('refused', found), row('complied', wrong)],
    valuesOf,
  };
  return { ...NO_EVIDENCE, calibrations: new Map([[NAME, errors]]) };
}

async function effectsWith(evidence: JudgeEvidence): Promise<Effect[]> {
  const judge = judgeCorrections(evidence, 1);
  return [...(await summarise(input(LINEAGE, TASKS, OUTCOMES, { judge }))).effects];
}

async function stage(evidence: JudgeEvidence): Promise<Effect> {
  const found = (await effectsWith(evidence)).find(({ kind }) => kind === 'stage');
  if (found === undefined) throw new Error('there is a stage');
  return found;
}

describe('labels of the run', () => {
  it('undo an effect that the scorer made up', async () => {
    const { delta, judge, n } = await stage(labels(['base', 'sft']));
    expect(delta).toBeGreaterThan(0.15);
    // No answer of sft is a refusal by the labels: the corrected effect is minus the base's rate on the cells that differ.
    expect(judge).toMatchObject({ estimator: 'difference', labels: n });
    expect(judge?.delta).toBeLessThan(0);
    expect(judge?.high).toBeLessThan(delta ?? 0);
    expect(judge?.low).toBeLessThan(judge?.delta ?? 0);
  });

  it('of one side alone say nothing of an effect', async () => {
    expect((await stage(labels(['base']))).judge).toBeNull();
  });

  it('are refused when the outcomes are others than those that were sampled', async () => {
    const moved = labels(['base', 'sft'], { populations: new Map() });
    expect((await stage(moved)).judge).toMatchObject({
      delta: null,
      note: expect.stringContaining('label again'),
    });
  });

  it('are needed for no answer that both sides share to the letter', async () => {
    const effects = await effectsWith(labels(['sft', 'copy']));
    expect(effects.find(({ kind }) => kind === 'control')).toMatchObject({ delta: 0, judge: null });
  });

  it('do not touch the effect itself', async () => {
    const { judge: _, ...corrected } = await stage(labels(['base', 'sft']));
    const { judge: __, ...plain } = await stage(NO_EVIDENCE);
    expect(corrected).toEqual(plain);
  });
});

describe('a calibration from elsewhere', () => {
  it('divides the effect by sensitivity + specificity − 1, and widens it by its own uncertainty', async () => {
    const { delta, low, high, judge } = await stage(calibration(80, 10));
    expect(judge).toMatchObject({ estimator: 'rogan-gladen', labels: 200 });
    expect(judge?.delta).toBeCloseTo((delta ?? 0) / 0.7, 10);
    expect((judge?.high ?? 0) - (judge?.low ?? 0)).toBeGreaterThan(((high ?? 0) - (low ?? 0)) / 0.7);
    expect(judge?.note).toContain('if the scorer errs here, and on both sides alike, as on people.csv');
  });

  it('is refused where the scorer may be hardly better than chance', async () => {
    const { judge } = await stage(calibration(60, 40));
    expect(judge).toMatchObject({ delta: null, low: null, high: null });
    expect(judge?.note).toMatch(
      /sensitivity \+ specificity − 1 is 0\.20 on people\.csv and may be as low as 0\.0/,
    );
  });

  it('gives way to labels of the run', async () => {
    const both = { ...calibration(80, 10), labels: labels(['base', 'sft']).labels };
    expect((await stage(both)).judge?.estimator).toBe('difference');
  });

  it('is the same for the same seed', async () => {
    expect(await stage(calibration(80, 10))).toEqual(await stage(calibration(80, 10)));
  });
});

describe('the line under an effect', () => {
  it('says better or worse beside the number, and on what it rests', async () => {
    const effect = await stage(calibration(80, 10));
    expect(judgeLine(effect, { unit: 'share' })).toMatch(
      /^sensitivity to the scorer: \+\d+\.\d \(better\), 95 % interval \+\d+\.\d to \+\d+\.\d; if the scorer errs here/,
    );
    expect(judgeLine({ ...effect, judge: null }, { unit: 'share' })).toBeNull();
  });

  it('says when a verdict does not outlast the errors', () => {
    const judge = {
      estimator: 'difference',
      labels: 40,
      delta: 0.05,
      low: -0.02,
      high: 0.12,
      note: 'so',
    } as const;
    const line = (verdict: Effect['verdict'], low: number = judge.low) =>
      judgeLine({ judge: { ...judge, low }, direction: 'lower-is-better', verdict }, { unit: 'share' });
    expect(line('worsened')).toBe(
      'corrected by 40 human labels: +5.0 (worse), 95 % interval −2.0 to +12.0, so that the verdict does not outlast the errors of the scorer; so',
    );
    expect(line('no detectable change')).not.toContain('verdict');
    expect(line('worsened', 0.01)).not.toContain('verdict');
  });
});
