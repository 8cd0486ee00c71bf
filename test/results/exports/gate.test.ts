import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { UserError } from '../../../core/errors.ts';
import { gateSchema } from '../../../results/gate/gate.schema.ts';
import { gate, overall } from '../../../results/gate/gate.ts';
import { gateLines } from '../../../results/gate/render.ts';
import { gateReport } from '../../../results/gate/report.ts';
import { readRules } from '../../../results/gate/rules.ts';
import { summarise } from '../../../results/summarise.ts';
import type { Effect, Summary } from '../../../results/summary.ts';
import { bernoulli, checkpoint, input, metric, records, task } from '../support/synthetic.ts';
import { HOSTILE, hostileSummary } from './hostile.ts';

const TRUTH = 'truthfulness/mc1@x:robust';
const LEAK = 'privacy/leak@y:robust';

/** base → sft → dpo under a metric where higher is better and one where lower is. */
async function baseline(): Promise<Summary> {
  const checkpoints = [
    checkpoint('base'),
    checkpoint('sft', { method: 'sft', parent: 'base' }),
    checkpoint('dpo', { method: 'dpo', parent: 'sft' }),
  ];
  const tasks = [
    task(TRUTH, { samples: 60, metrics: [metric('mc1')] }),
    task('truthfulness/mc2@x:robust', { samples: 60, metrics: [metric('mc2')] }),
    task(LEAK, { samples: 60, metrics: [metric('leak', { direction: 'lower-is-better' })] }),
  ];
  const outcomes = tasks.flatMap((each) =>
    records(checkpoints, [each], (_, latent, noise) => bernoulli(0.5, latent, noise, [each.facts.headline])),
  );
  return summarise(input(checkpoints, tasks, outcomes));
}

/** The same with the effects of one task and target replaced. */
function having(summary: Summary, task_: string, to: string, change: Partial<Effect>): Summary {
  return {
    ...summary,
    effects: summary.effects.map((effect) =>
      effect.task === task_ && effect.to === to ? { ...effect, ...change } : effect,
    ),
  };
}

const TESTED = {
  verdict: 'no detectable change',
  missingDiffers: false,
  missingBounds: null,
  judge: null,
} as const;

function verdictOf(summary: Summary, rule: string, to = 'sft'): string {
  const results = gate(summary, readRules([rule], summary), { to });
  return overall(results);
}

describe('non-inferiority by interval', () => {
  it.each([
    // The whole interval above −.03, across it, below it; where higher is better.
    [TRUTH, -0.02, 0.04, 'shown'],
    [TRUTH, -0.04, 0.04, 'undecided'],
    [TRUTH, -0.03, 0.04, 'undecided'],
    [TRUTH, -0.09, -0.02, 'undecided'],
    [TRUTH, -0.09, -0.04, 'violated'],
    [TRUTH, 0.1, 0.2, 'shown'],
    // The same where lower is better: a rise is the harm.
    [LEAK, -0.04, 0.02, 'shown'],
    [LEAK, -0.04, 0.04, 'undecided'],
    [LEAK, 0.04, 0.09, 'violated'],
    [LEAK, -0.2, -0.1, 'shown'],
  ])('%s from %d to %d against a margin of 3 points is %s', async (name, low, high, expected) => {
    const summary = having(await baseline(), name, 'sft', { ...TESTED, delta: (low + high) / 2, low, high });
    expect(verdictOf(summary, `${name}:0.03`)).toBe(expected);
  });

  it('cannot show anything where the sides are not comparable, or where the run is unfinished', async () => {
    const fine = { ...TESTED, delta: 0.1, low: 0.05, high: 0.15 };
    const good = having(await baseline(), TRUTH, 'sft', fine);
    expect(verdictOf(good, `${TRUTH}:0.03`)).toBe('shown');
    const other = having(good, TRUTH, 'sft', { verdict: 'not comparable', reason: 'another engine' });
    expect(verdictOf(other, `${TRUTH}:0.03`)).toBe('undecided');
    const unfinished: Summary = { ...good, run: { ...good.run, status: 'interrupted' } };
    expect(verdictOf(unfinished, `${TRUTH}:0.03`)).toBe('undecided');
    const bad = having(unfinished, TRUTH, 'sft', { delta: -0.5, low: -0.6, high: -0.4 });
    expect(verdictOf(bad, `${TRUTH}:0.03`)).toBe('violated');
  });

  it('is not fooled by answers that are missing on one side', async () => {
    const fine = { ...TESTED, delta: 0.1, low: 0.05, high: 0.15, missingDiffers: true };
    const summary = await baseline();
    const hidden = having(summary, TRUTH, 'sft', { ...fine, missingBounds: { low: -0.2, high: 0.3 } });
    expect(verdictOf(hidden, `${TRUTH}:0.03`)).toBe('undecided');
    const harmless = having(summary, TRUTH, 'sft', { ...fine, missingBounds: { low: 0.01, high: 0.3 } });
    expect(verdictOf(harmless, `${TRUTH}:0.03`)).toBe('shown');
    const unknown = having(summary, TRUTH, 'sft', { ...fine, missingBounds: null });
    expect(verdictOf(unknown, `${TRUTH}:0.03`)).toBe('undecided');
  });

  it('knows what equal answers exclude: 60 clusters at most 6.0 points', async () => {
    const equal = { ...TESTED, delta: 0, low: null, high: null, gained: 0, lost: 0, clusters: 60, n: 60 };
    const summary = having(await baseline(), TRUTH, 'sft', equal);
    // 1 − .025^(1/60) = .0596
    expect(verdictOf(summary, `${TRUTH}:0.06`)).toBe('shown');
    expect(verdictOf(summary, `${TRUTH}:0.059`)).toBe('undecided');
  });

  it('takes the interval that is corrected for the judge where labels allow it', async () => {
    const judge = {
      estimator: 'difference',
      labels: 200,
      delta: -0.1,
      low: -0.15,
      high: -0.05,
      note: '',
    } as const;
    const summary = having(await baseline(), TRUTH, 'sft', {
      ...TESTED,
      delta: 0,
      low: -0.01,
      high: 0.01,
      judge,
    });
    expect(verdictOf(summary, `${TRUTH}:0.03`)).toBe('violated');
  });

  it('checks every stage by default, and the worst decides', async () => {
    const fine = { ...TESTED, delta: 0.1, low: 0.05, high: 0.15 };
    const first = having(await baseline(), TRUTH, 'sft', fine);
    const summary = having(first, TRUTH, 'dpo', { ...TESTED, delta: -0.5, low: -0.6, high: -0.4 });
    const [result] = gate(summary, readRules(['truthfulness:0.03'], summary));
    expect(result?.verdict).toBe('violated');
    expect(result?.findings.map(({ to }) => to)).toEqual(['dpo', 'sft']);
    expect(gateLines(result === undefined ? [] : [result])).toBe(
      'VIOLATED   truthfulness:0.03  sft → dpo: −50.0 points worse, 95 % interval −60.0 to −40.0, margin 3.0 points (the worst of 2 comparisons: 1 violated, 1 shown)\n',
    );
  });
});

describe('rules', () => {
  it.each([
    ['0.0001', '0.01 points'],
    ['0.03', '3.0 points'],
    ['0.0005', '0.05 points'],
    ['0', '0.0 points'],
    ['0.1', '10.0 points'],
  ])('print a margin of %s as it is', async (margin, words) => {
    const summary = await baseline();
    const [result] = gate(summary, readRules([`truthfulness:${margin}`], summary));
    expect(gateLines(result === undefined ? [] : [result])).toContain(`, margin ${words}`);
  });

  it('name a dimension, a task or a full instrument', async () => {
    const summary = await baseline();
    const rules = readRules(['truthfulness:.1', 'truthfulness/mc2:0.2', `${LEAK}:0`], summary);
    expect(rules.map(({ task: name, margin }) => [name, margin])).toEqual([
      [TRUTH, 0.1],
      ['truthfulness/mc2@x:robust', 0.2],
      [LEAK, 0],
    ]);
  });

  it.each([
    ['truthfulnes:0.03', 'Did you mean truthfulness'],
    ['truthfulness/mc3:0.03', 'truthfulness/mc'],
    ['truthfulness', 'not NAME:MARGIN'],
    ['truthfulness:0,03', 'decimal point'],
    ['truthfulness:-0.03', 'no margin'],
    ['truthfulness:NaN', 'no margin'],
    ['truthfulness:3', '3 points are 0.03'],
    ['zzzzzzzz:0.1', 'It has truthfulness, privacy'],
  ])('%s is refused with a remedy', async (rule, words) => {
    const summary = await baseline();
    expect(() => readRules([rule], summary)).toThrow(words);
  });

  it('reports all mistakes at once, and that there are none to check', async () => {
    const summary = await baseline();
    expect(() => readRules(['a:1', 'b:2'], summary)).toThrow(/"a"[\s\S]*"b"/);
    expect(() => readRules([], summary)).toThrow('nothing to check');
  });

  it('refuses checkpoints that are not there or have nothing to be held against', async () => {
    const summary = await baseline();
    const rules = readRules(['truthfulness:0.03'], summary);
    expect(() => gate(summary, rules, { to: 'dop' })).toThrow('Did you mean dpo');
    expect(() => gate(summary, rules, { to: 'base' })).toThrow('no parent');
    expect(() => gate(summary, rules, { to: 'sft', from: 'dpo' })).toThrow('does not compare');
    expect(gate(summary, rules, { to: 'dpo', from: 'base' })[0]?.findings).toHaveLength(1);
  });

  it('prints hostile names as text, one line a rule', async () => {
    const summary = await hostileSummary();
    const text = gateLines(gate(summary, readRules(['truthfulness:0.5', 'toxicity:0.1'], summary)));
    expect(text.split('\n')).toHaveLength(3);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e\u2066]/u);
    expect(() => gate(summary, readRules(['truthfulness:0.5'], summary), { to: HOSTILE[11] })).not.toThrow();
  });
});

describe('what gate prints as JSON', () => {
  const validate = new Ajv2020({ strict: true, allErrors: true }).compile<unknown>(gateSchema);
  const isOne = (value: unknown): boolean => validate(JSON.parse(JSON.stringify(value))) as boolean;

  it('is of its published schema, whatever the verdicts', async () => {
    const summary = await baseline();
    const rules = readRules(['truthfulness:0.03', 'privacy/leak:0.99', 'truthfulness/mc2:0'], summary);
    const changes: Partial<Effect>[] = [
      {},
      { ...TESTED, delta: -0.2, low: -0.3, high: -0.1 },
      { verdict: 'not comparable', reason: 'another engine', delta: null, low: null, high: null },
    ];
    for (const change of changes) {
      const results = gate(having(summary, TRUTH, 'sft', change), rules);
      const report = gateReport(summary, results, 5);
      isOne(report);
      expect(validate.errors ?? []).toEqual([]);
      expect(report.rules.map(({ rule }) => rule)).toEqual(rules.map(({ rule }) => rule));
      expect(report.rules.flatMap(({ findings }) => findings)).toEqual(
        results.flatMap(({ findings }) => findings),
      );
      expect(isOne({ ...report, exitCode: 1 })).toBe(false);
      expect(isOne({ ...report, rules: report.rules.map((rule) => ({ ...rule, margin: undefined })) })).toBe(
        false,
      );
      expect(isOne({ ...report, note: '' })).toBe(false);
    }
  });
});

describe('what has no better side', () => {
  const [GENERATION, LEVELS] = ['profile/generation@z:robust', 'profile/levels@z:robust'];

  async function withFactors({ only = false } = {}): Promise<Summary> {
    const checkpoints = [checkpoint('base'), checkpoint('sft', { method: 'sft', parent: 'base' })];
    const factor = metric('length', { direction: 'neutral' });
    const profile = [GENERATION, LEVELS].map((name) => {
      const made = task(name, { samples: 60, metrics: [factor] });
      return { ...made, facts: { ...made.facts, family: 'profile' as const } };
    });
    const tasks = [...profile, ...(only ? [] : [task(TRUTH, { samples: 60, metrics: [metric('mc1')] })])];
    const outcomes = tasks.flatMap((each) =>
      records(checkpoints, [each], (_, latent, noise) =>
        bernoulli(0.5, latent, noise, [each.facts.headline]),
      ),
    );
    return summarise(input(checkpoints, tasks, outcomes));
  }

  const refusal = (summary: Summary, ...rules: string[]): UserError => {
    try {
      readRules(rules, summary);
    } catch (error) {
      if (UserError.is(error)) return error;
      throw error;
    }
    throw new Error('nothing was refused');
  };

  it.each(['profile', 'profile/generation', 'profile/generation@z', GENERATION])(
    'is refused as %s, with what can be gated instead',
    async (name) => {
      const error = refusal(await withFactors(), `${name}:0.03`);
      expect(error.exitCode).toBe(2);
      expect(error.problems).toEqual([
        {
          field: '--no-worse',
          message: `${name} has no better or worse; it cannot be gated`,
          fix: 'For example --no-worse truthfulness:0.03, which allows 3 points for the worse.',
        },
      ]);
    },
  );

  it('is no example of a rule, and no dimension that a misspelt name is told of', async () => {
    const summary = await withFactors();
    expect(refusal(summary).problems[0]?.fix).toContain('--no-worse truthfulness:0.03');
    expect(refusal(summary, 'zzzzzzzzzz:0.03').problems[0]?.fix).toBe('It has truthfulness.');
    const alone = await withFactors({ only: true });
    expect(refusal(alone).problems[0]?.fix).toContain('nothing that can be gated');
  });

  it('a task of trust is found by its name with the dataset', async () => {
    const [rule] = readRules(['truthfulness/mc1@x:0.03'], await withFactors());
    expect(rule?.task).toBe(TRUTH);
  });
});
