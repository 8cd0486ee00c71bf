import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { OutcomeRecord } from '../../../benchmarks/journal/records.ts';
import { ProfileCollector } from '../../../results/profile/collect.ts';
import type { FactorTable, ProfileSummary } from '../../../results/profile/profile-summary.ts';
import { countPairs, tau14 } from '../../../results/statistics/factor-score.ts';
import { EXAMPLE_A, printed } from '../statistics/factor-examples.ts';
import { checkpoint, EVALUATION, factor, GENERATION, record, streamed, summaryOf } from './records.ts';

const FACTORS = [factor('length', 'size'), factor('facts', 'focus'), factor('halluc', 'support')];

/** Worked example A as a model's outcomes, with the human labels and a vote beside them. */
function exampleA(id = 'model'): OutcomeRecord[] {
  return EXAMPLE_A.clusters.map((cluster, pair) => {
    const preference = EXAMPLE_A.preferences.model[pair] as number;
    return record(id, EVALUATION, `p${pair + 1}`, `q${cluster + 1}`, {
      setting: 'evaluation',
      status: preference === 0 ? 'position_inconsistent' : 'ok',
      preference,
      human: EXAMPLE_A.preferences.human[pair] as number,
      votes: { ann: pair % 2 === 0 ? 1 : null },
      factors: Object.fromEntries(
        (['length', 'facts', 'halluc'] as const).map((key) => [
          key,
          EXAMPLE_A.values[key][pair] as readonly number[],
        ]),
      ),
    });
  });
}

function tableOf({ tables }: ProfileSummary, kind: string, setting?: string): FactorTable {
  const found = tables.find(
    ({ rater, setting: own }) => rater.kind === kind && (setting === undefined || own === setting),
  );
  if (found === undefined) throw new Error(`no table of ${kind}`);
  return found;
}

const options = { factors: FACTORS, checkpoints: [checkpoint('model')] };

describe('factor scores of a run', () => {
  it('are those of worked example A, for model, people and votes', async () => {
    const summary = await summaryOf(exampleA(), options);
    for (const { rater, factor: key, counts, printed: expected } of EXAMPLE_A.rows) {
      const table = tableOf(summary, rater === 'human' ? 'human' : 'checkpoint');
      const row = table.scores.find((one) => one.factor === key);
      const [C, D, Tf, Tp, Tb] = counts;
      expect(row).toMatchObject({ C, D, Tf, Tp, Tb, missing: 0 });
      expect([row?.tau13, row?.tau14, row?.tauB].map((value) => printed(value ?? null))).toEqual(
        expected.slice(1, 4),
      );
    }
    const model = tableOf(summary, 'checkpoint');
    expect(model).toMatchObject({
      pairs: 8,
      prompts: 4,
      ties: 0.125,
      inconsistent: 0.125,
      invalid: 0,
      setting: 'evaluation',
    });
    expect(tableOf(summary, 'human')).toMatchObject({
      pairs: 8,
      ties: 0.125,
      inconsistent: null,
      setting: 'human',
    });
    expect(tableOf(summary, 'vote')).toMatchObject({ rater: { name: 'ann' }, pairs: 4, prompts: 4 });
    expect(summary.tables.map(({ rater: { kind } }) => kind)).toEqual(['human', 'vote', 'checkpoint']);
  });

  it('show the model-human difference first, no correlation of three factors, and the agreement', async () => {
    const { alignments, agreements } = await summaryOf(exampleA(), options);
    const alignment = alignments.find(({ one }) => one.rater.kind === 'checkpoint');
    expect(printed(alignment?.differences[0]?.difference ?? null)).toBe('.571429');
    expect(alignment?.differences[0]?.reason).toMatch(/too few prompts/);
    expect(alignment).toMatchObject({ tauB: null, over: ['length', 'facts', 'halluc'] });
    expect(alignment?.reason).toMatch(/3 groups .* at least 5/);
    const agreement = agreements.find(({ one }) => one.kind === 'checkpoint');
    expect(agreement).toMatchObject({
      decided: 6,
      equal: 3,
      agreement: 0.5,
      exact: 0.375,
      tiesOne: 0.125,
      tiesOther: 0.125,
    });
  });

  it('of generation are those of worked example B', async () => {
    const lengths = [
      [40, 55, 55, 90, 80],
      [70, 60, 65, 65, 50],
    ];
    const records = lengths.map((length, index) =>
      record('model', GENERATION, `q${index}`, `q${index}`, {
        setting: 'generation',
        scores: [1, 2, 3, 4, 5],
        factors: { length },
      }),
    );
    const [first] = (await summaryOf(records.slice(0, 1), options)).tables;
    expect(first?.scores[0]).toMatchObject({ C: 8, D: 1, Tf: 1, Tp: 0, Tb: 0 });
    expect(printed(first?.scores[0]?.tauB ?? null)).toBe('.737865');
    const [both] = (await summaryOf(records, options)).tables;
    expect(both).toMatchObject({ setting: 'generation', pairs: 20, prompts: 2, ties: 0, inconsistent: null });
    expect(both?.scores[0]).toMatchObject({ C: 10, D: 8, Tf: 2, tau14: 0.1 });
    expect(both?.scores[1]).toMatchObject({
      missing: 20,
      tau14: null,
      reason: 'no rated pair has the factor',
    });
  });

  it('a missing response takes its pairs with it, and unreadable answers are counted', async () => {
    const records = [
      record('model', GENERATION, 'q1', 'q1', {
        setting: 'generation',
        scores: [1, 2, 3, 4, 5],
        factors: { length: [10, null, 30, 40, 50] },
      }),
      record('model', GENERATION, 'q2', 'q2', null),
      record('model', EVALUATION, 'p0', 'q9', null),
      ...exampleA(),
    ];
    const { tables } = await summaryOf(records, options);
    const written = tables.find(({ setting }) => setting === 'generation');
    expect(written).toMatchObject({ invalid: 1, pairs: 10 });
    expect(written?.scores[0]).toMatchObject({ C: 6, D: 0, missing: 4, tau14: 1 });
    expect(tables.find(({ setting }) => setting === 'evaluation')).toMatchObject({ invalid: 1, pairs: 8 });
  });

  it('do not depend on the order of the outcomes, nor on a second reader', async () => {
    const records = [...exampleA(), ...exampleA('other')];
    const both = {
      factors: FACTORS,
      checkpoints: [checkpoint('model'), checkpoint('other', { parent: 'model', method: 'sft' })],
    };
    const expected = JSON.stringify(await summaryOf(records, both));
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(records, { minLength: records.length }), async (shuffled) => {
        expect(JSON.stringify(await summaryOf(shuffled, both))).toBe(expected);
      }),
      { numRuns: 10 },
    );
    const collector = new ProfileCollector({
      instruments: [EVALUATION],
      checkpoints: ['model'],
      factors: ['length'],
      lengthFactor: 'length',
    });
    const passed: OutcomeRecord[] = [];
    for await (const one of collector.tap(streamed(exampleA()))) passed.push(one);
    expect(passed).toEqual(exampleA());
    expect(collector.collected().datasets[0]?.tables[0]?.pairs.prompts).toHaveLength(8);
  });

  it('what people said is taken once, however often a checkpoint is asked', async () => {
    const again = exampleA().map((one) => ({ ...one, repeat: 1 }));
    const summary = await summaryOf([...exampleA(), ...again], options);
    expect(tableOf(summary, 'human').pairs).toBe(8);
    expect(tableOf(summary, 'checkpoint').pairs).toBe(16);
    expect(tableOf(summary, 'checkpoint').scores[0]?.tau14).toBeCloseTo(6 / 7, 14);
  });

  it('values that checkpoints state differently count as missing, in any order, and are told', async () => {
    const changed = exampleA('other').map((one, index) =>
      index === 0 && one.outcome.kind === 'scored'
        ? {
            ...one,
            outcome: {
              ...one.outcome,
              detail: { ...(one.outcome.detail as object), factors: { length: [1, 9] } },
            },
          }
        : one,
    ) as OutcomeRecord[];
    const both = { factors: FACTORS, checkpoints: [checkpoint('model'), checkpoint('other')] };
    for (const records of [
      [...exampleA(), ...changed],
      [...changed, ...exampleA()],
    ]) {
      const summary = await summaryOf(records, both);
      expect(tableOf(summary, 'human').scores.map(({ missing }) => missing)).toEqual([1, 0, 0]);
      expect(summary.notes).toEqual([expect.stringMatching(/^1 factors of pairs were measured differently/)]);
    }
  });

  it('details of any shape are read or left, and no NaN reaches JSON', async () => {
    const value = fc.oneof(
      fc.constantFrom(1, 0, -1, null, Number.NaN, Infinity, 'a'),
      fc.double(),
      fc.jsonValue(),
    );
    const detail = fc.record(
      {
        setting: fc.constantFrom('evaluation', 'generation', 'likelihood', 'levels', 'x'),
        status: value,
        preference: value,
        human: value,
        votes: fc.oneof(value, fc.dictionary(fc.string(), value)),
        scores: fc.oneof(value, fc.array(value, { maxLength: 6 })),
        factors: fc.oneof(
          value,
          fc.record(
            { length: fc.oneof(value, fc.array(value)), facts: fc.array(value) },
            { requiredKeys: [] },
          ),
        ),
      },
      { requiredKeys: [] },
    );
    const row = fc.tuple(
      detail,
      fc.constantFrom(EVALUATION, GENERATION),
      fc.nat({ max: 9 }),
      fc.nat({ max: 5 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 30 }), async (rows) => {
        const records = rows.map(([own, instrument, sample, cluster]) =>
          record('model', instrument, `s${sample}`, `c${cluster}`, own as never),
        );
        const visit = (found: unknown): void => {
          if (typeof found === 'number') expect(Number.isFinite(found)).toBe(true);
          else if (found instanceof Object) for (const each of Object.values(found)) visit(each);
        };
        visit(await summaryOf(records, { ...options, draws: 20 }));
      }),
      { numRuns: 100 },
    );
  });

  it('equals Feedback Forensics’ strength, adjusted kappa × relevance, on 150 annotated pairs', async () => {
    // Votes of a trait annotator; both, neither and invalid say that the trait does not tell the responses apart.
    const random = (index: number, salt: number): number =>
      (Math.imul(index + 1, 2654435761 * salt) >>> 0) / 2 ** 32;
    const votes = Array.from({ length: 150 }, (_, index) => ({
      human: (['a', 'b', 'tie'] as const)[Math.floor(random(index, 3) * 2.2)] ?? 'tie',
      trait: (['a', 'b', 'both', 'neither', 'invalid'] as const)[Math.floor(random(index, 7) * 5)] ?? 'a',
    }));
    const decided = votes.filter(({ human }) => human !== 'tie');
    const relevant = decided.filter(({ trait }) => trait === 'a' || trait === 'b');
    const accuracy = relevant.filter(({ human, trait }) => human === trait).length / relevant.length;
    const strength = (2 * accuracy - 1) * (relevant.length / decided.length);
    const sides = { a: [1, 0], b: [0, 1], both: [1, 1], neither: [0, 0], invalid: [0, 0] } as const;
    const signs = { a: 1, b: -1, tie: 0 } as const;
    const records = votes.map(({ human, trait }, index) =>
      record('model', EVALUATION, `s${index}`, `c${index}`, {
        setting: 'evaluation',
        status: 'ok',
        preference: 0,
        human: signs[human],
        factors: { length: sides[trait] },
      }),
    );
    const [row] = tableOf(await summaryOf(records, options), 'human').scores;
    expect(relevant.length).toBeGreaterThan(30);
    expect(row?.tau14).toBeCloseTo(strength, 14);
    const counts = countPairs(
      votes.map(({ human }) => signs[human]),
      votes.map(({ trait }) => sides[trait][0] - sides[trait][1]),
    );
    expect(row?.tau14).toBe(tau14(counts));
  });
});

/** One pair a prompt; the first response is always the preferred one. */
function decidedPairs(
  count: number,
  valuesOf: (pair: number) => Record<string, readonly number[]>,
  rest: (pair: number) => Record<string, number | Record<string, number>> = () => ({}),
): OutcomeRecord[] {
  return Array.from({ length: count }, (_, pair) =>
    record('model', EVALUATION, `p${pair}`, `q${pair}`, {
      setting: 'evaluation',
      status: 'ok',
      preference: 1,
      ...rest(pair),
      factors: valuesOf(pair),
    }),
  );
}

describe('what a score does not show', () => {
  it('has no interval where every prompt says the same, and a reason instead', async () => {
    const records = decidedPairs(
      60,
      (pair) => ({ length: [9, 3], facts: [pair % 3, 1], halluc: [4, 4] }),
      (pair) => ({ human: pair % 2 === 0 ? 1 : -1 }),
    );
    const summary = await summaryOf(records, options);
    const [length, facts, halluc] = tableOf(summary, 'checkpoint').scores;
    const none = { low: null, high: null, reason: 'every prompt says the same' };
    expect(length).toMatchObject({ tau14: 1, C: 60, ...none });
    expect(halluc).toMatchObject({ tau14: 0, relevance: 0, ...none });
    expect(facts?.reason).toBeNull();
    expect(facts?.low ?? 1).toBeLessThan(facts?.high ?? 0);
    const [differing, , alike] = summary.alignments[0]?.differences ?? [];
    expect(differing).toMatchObject({ difference: 1, reason: null });
    expect(alike).toMatchObject({ difference: 0, ...none });
  });

  it('holds length constant only where ten pairs go with it and ten against', async () => {
    const oneSided = await summaryOf(
      decidedPairs(243, (pair) => ({ length: pair === 7 ? [3, 9] : [9, 3], facts: [pair % 5, 2] })),
      options,
    );
    expect(tableOf(oneSided, 'checkpoint').model).toEqual({
      pairs: 0,
      coefficients: [],
      leftOut: [],
      reason:
        'the longer response won 242 pairs and the shorter 1: to hold length constant at least 10 of each are needed',
    });
  });

  it('gives no log-odds of a factor that nine pairs go against, and says so', async () => {
    const valuesOf = (against: number) => (pair: number) => ({
      length: [pair % 5, 2],
      facts: [pair % 7, 3],
      halluc: pair < against ? [0, 1] : [1, 0],
    });
    const nine = tableOf(await summaryOf(decidedPairs(100, valuesOf(9)), options), 'checkpoint').model;
    expect(nine?.coefficients.map(({ factor: key }) => key)).toEqual(['length', 'facts']);
    expect(nine?.leftOut).toEqual([
      {
        factor: 'halluc',
        reason: '91 pairs go with it and 9 against it: at least 10 of each are needed',
      },
    ]);
    const ten = tableOf(await summaryOf(decidedPairs(100, valuesOf(10)), options), 'checkpoint').model;
    expect(ten?.coefficients.map(({ factor: key }) => key)).toEqual(['length', 'facts', 'halluc']);
    expect(ten?.leftOut).toEqual([]);
  });
});

describe('people and votes', () => {
  it('are scored over every pair, whether or not a checkpoint gave a readable answer', async () => {
    const all = exampleA();
    const unread = (one: OutcomeRecord): OutcomeRecord => {
      if (one.outcome.kind !== 'scored') return one;
      const { preference: _, status: __, ...known } = one.outcome.detail as Record<string, number>;
      return { ...one, outcome: { kind: 'unscored', reason: 'unparsed', detail: known } };
    };
    const whole = await summaryOf(all, options);
    for (const records of [all.map((one, index) => (index % 2 === 0 ? unread(one) : one)), all.map(unread)]) {
      const partly = await summaryOf(records, options);
      for (const kind of ['human', 'vote']) expect(tableOf(partly, kind)).toEqual(tableOf(whole, kind));
    }
    const half = await summaryOf(
      all.map((one, index) => (index % 2 === 0 ? unread(one) : one)),
      options,
    );
    expect(tableOf(half, 'checkpoint')).toMatchObject({ pairs: 4, invalid: 4 });
  });

  it('a checkpoint is compared with every vote where no person said anything', async () => {
    const records = decidedPairs(
      12,
      () => ({ length: [2, 1] }),
      (pair) => ({ votes: { ann: pair < 9 ? 1 : -1, bob: -1 } }),
    );
    const { agreements } = await summaryOf(records, options);
    expect(agreements.map(({ one, other, agreement }) => [one.name, other.name, agreement])).toEqual([
      ['model', 'ann', 0.75],
      ['model', 'bob', 0],
    ]);
    const withPeople = decidedPairs(
      12,
      () => ({ length: [2, 1] }),
      () => ({ human: 1, votes: { ann: 1 } }),
    );
    expect(
      (await summaryOf(withPeople, options)).agreements.map(({ one, other }) => [one.name, other.name]),
    ).toEqual([
      ['ann', 'human'],
      ['model', 'human'],
    ]);
  });
});
