import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { holm } from '../../../results/statistics/adjust.ts';
import { kendallTauB, pearson, spearman } from '../../../results/statistics/correlation.ts';
import { preferenceModel } from '../../../results/statistics/factor-model.ts';
import {
  countPairs,
  type PairCounts,
  signP,
  tau13,
  tau14,
  tauB,
} from '../../../results/statistics/factor-score.ts';
import { wilsonInterval } from '../../../results/statistics/proportion.ts';

interface Golden {
  /** Signs as `+`, `-` and `0`; scores by rater and factor: C D Tf Tp Tb, tau13, tau14, tauB, p, Wilson's interval of C of C + D. */
  readonly tables: readonly {
    readonly raters: readonly [string, string];
    readonly factors: readonly string[];
    readonly scores: readonly (readonly (readonly (number | null)[])[])[];
    readonly holm: readonly (readonly (number | null)[])[];
    /** rho, tauB, r and the exact p of tauB. */
    readonly alignment: readonly (number | null)[] | null;
  }[];
  readonly models: readonly {
    readonly differences: readonly (readonly number[])[];
    readonly preference: string;
    readonly prompts: readonly number[];
    readonly penalty: number;
    readonly coefficients: readonly number[];
    readonly errors?: readonly number[];
  }[];
}

/** Written by scripts/statistics/profile-golden.py. */
const golden = JSON.parse(
  readFileSync(new URL('../../fixtures/results/profile-statistics.json', import.meta.url), 'utf8'),
) as Golden;

const signsOf = (text: string): number[] => text.split('').map((sign) => '-0+'.indexOf(sign) - 1);
const close = (value: number | null | undefined) =>
  typeof value === 'number' ? expect.closeTo(value, 10) : null;

describe('factor scores of 200 random tables', () => {
  const found = golden.tables.map(({ raters, factors }) =>
    raters.map((rater) => factors.map((factor) => countPairs(signsOf(rater), signsOf(factor)))),
  );
  const each = (visit: (counts: PairCounts, row: readonly (number | null)[]) => void): void => {
    for (const [table, raters] of found.entries()) {
      for (const [rater, columns] of raters.entries()) {
        for (const [factor, counts] of columns.entries()) {
          visit(counts, golden.tables[table]?.scores[rater]?.[factor] ?? []);
        }
      }
    }
  };

  it('there are 200, of ties of every kind', () => {
    expect(golden.tables).toHaveLength(200);
    const totals = { Tf: 0, Tp: 0, Tb: 0, undefined: 0 };
    each(({ Tf, Tp, Tb, C, D }) => {
      for (const [name, count] of Object.entries({ Tf, Tp, Tb })) totals[name as 'Tf'] += count;
      if (C + D === 0) totals.undefined++;
    });
    for (const total of Object.values(totals)) expect(total).toBeGreaterThan(20);
  });
  it('counts, τ13, τ14 and τ_b', () => {
    each((counts, [C, D, Tf, Tp, Tb, ...values]) => {
      expect(counts).toEqual({ C, D, Tf, Tp, Tb, missing: 0 });
      expect([tau13, tau14, tauB].map((score) => score(counts))).toEqual(values.slice(0, 3).map(close));
    });
  });
  it('the sign test and Wilson’s interval equal SciPy’s', () => {
    each((counts, [, , , , , , , , p, low, high]) => {
      expect(signP(counts)).toEqual(close(p));
      if (counts.C + counts.D === 0) return;
      const interval = wilsonInterval(counts.C, counts.C + counts.D);
      expect([interval.low, interval.high]).toEqual([close(low), close(high)]);
    });
  });
  it('Holm within each rater equals statsmodels', () => {
    for (const [table, raters] of found.entries()) {
      for (const [rater, columns] of raters.entries()) {
        const ps = columns.map(signP).filter((p) => p !== null);
        const expected = (golden.tables[table]?.holm[rater] ?? []).filter((p) => p !== null);
        expect(holm(ps)).toEqual(expected.map(close));
      }
    }
  });
  it('ρ, τ_b and r of both raters’ scores equal SciPy’s, and the exact p where nothing is tied', () => {
    let [defined, exact] = [0, 0];
    for (const [table, [one = [], other = []]] of found.entries()) {
      const expected = golden.tables[table]?.alignment;
      if (expected === null || expected === undefined) continue;
      defined++;
      const [xs, ys] = [one, other].map((columns) => columns.map((counts) => tau14(counts) ?? Number.NaN));
      const [rho, tau, r] = [spearman, kendallTauB, pearson].map((measure) => measure(xs ?? [], ys ?? []));
      expect([rho?.value, tau?.value, r?.value]).toEqual(expected.slice(0, 3).map(close));
      if (expected[3] === null) continue;
      exact++;
      expect(tau).toMatchObject({ exact: true, p: close(expected[3]) });
    }
    expect(defined).toBeGreaterThan(150);
    expect(exact).toBeGreaterThan(20);
  });
});

describe('preference on factors, length held constant', () => {
  it.each(golden.models)(
    'penalty $penalty',
    ({ differences, preference, prompts, penalty, coefficients, errors }) => {
      const found = preferenceModel({
        differences,
        preference: signsOf(preference),
        prompts,
        control: 0,
        penalty,
      });
      expect(found.reason).toBeNull();
      expect(found.coefficients).toEqual(coefficients.map((value) => expect.closeTo(value, 6)));
      if (errors !== undefined) expect(found.errors).toEqual(errors.map((value) => expect.closeTo(value, 6)));
    },
  );
  it('is the same for swapped responses, and for other units', () => {
    const [{ differences, preference, prompts }] = golden.models as [Golden['models'][number]];
    const said = signsOf(preference);
    const swap = said.map((_, pair) => (pair % 3 === 0 ? -1 : 1));
    const plain = preferenceModel({ differences, preference: said, prompts, control: 0 });
    const swapped = preferenceModel({
      differences: differences.map((column, factor) =>
        column.map((value, pair) => value * (swap[pair] ?? 1) * (factor === 1 ? 1000 : 1)),
      ),
      preference: said.map((value, pair) => value * (swap[pair] ?? 1)),
      prompts,
      control: 0,
    });
    for (const [factor, coefficient] of plain.coefficients.entries()) {
      expect(swapped.coefficients[factor]).toBeCloseTo(coefficient ?? Number.NaN, 9);
      expect(swapped.errors[factor]).toBeCloseTo(plain.errors[factor] ?? Number.NaN, 9);
    }
  });
  it('leaves out what is tied or missing, and refuses what says nothing', () => {
    const [{ differences, preference, prompts }] = golden.models as [Golden['models'][number]];
    const said = signsOf(preference);
    const n = said.length;
    const more = preferenceModel({
      differences: differences.map((column) => [...column, Number.NaN, 5]),
      preference: [...said, 1, 0],
      prompts: [...prompts, 998, 999],
      control: 0,
    });
    expect(more).toEqual(preferenceModel({ differences, preference: said, prompts, control: 0 }));
    expect(more.pairs).toBe(n);
    const refusal = (given: Partial<Parameters<typeof preferenceModel>[0]>): string | null =>
      preferenceModel({ differences, preference: said, prompts, control: 0, ...given }).reason;
    expect(refusal({ preference: said.map((value, pair) => (pair < 39 ? value : 0)) })).toMatch(
      /39 complete pairs: at least 40/,
    );
    expect(
      refusal({
        differences: differences.map((column, factor) => (factor === 2 ? column.map(() => 0) : column)),
      }),
    ).toMatch(/never differs/);
    // Length decides everything: its coefficient has no end.
    const decisive = differences.map((column, factor) =>
      factor === 0 ? said.map((value) => value * 3) : column,
    );
    expect(refusal({ differences: decisive })).toMatch(/does not converge/);
  });
});
