import { describe, expect, it } from '@jest/globals';
import type { OutcomeRecord } from '../../../benchmarks/journal/records.ts';
import type { DistinguishabilitySpeed } from '../../../results/dynamics/dynamics-summary.ts';
import { checkpoint, oddsRecord, stateRecord, summaryOf } from './records.ts';

const digits = (value: number | null | undefined, places = 6): string =>
  (value ?? Number.NaN).toFixed(places);

/** Two dimensions, four states a class. */
const POSITIVE = [
  [1, 0],
  [2, 1],
  [1, 1],
  [2, 0],
] as const;
const NEGATIVE = [
  [-1, 0],
  [0, 1],
  [-1, 1],
  [0, 0],
] as const;

describe('worked examples, from answers to the summary', () => {
  it('B: two classes of hidden states, one of which a server that normalises could not show', () => {
    const shifted = (vector: readonly number[]): number[] =>
      vector.map((value, at) => value + (at === 1 ? 3 : 0));
    const found = summaryOf([
      ...POSITIVE.map((vector) => stateRecord({ matching: 'yes' }, shifted(vector))),
      ...NEGATIVE.map((vector) => stateRecord({ matching: 'no' }, shifted(vector))),
    ]);
    const [one] = found.states;
    expect(one).toMatchObject({
      behaviour: 'mine',
      positive: 4,
      negative: 4,
      unusable: 0,
      normalised: false,
      flooredAtZero: false,
      heldOutAuc: 1,
      reason: null,
    });
    expect(digits(one?.distinguishability)).toBe('2.000000');
    expect(digits(one?.debiasedSquared)).toBe('3.666667');
    expect(digits(one?.debiased)).toBe('1.914854');
    expect(digits(one?.concentration)).toBe('0.333333');
    expect(digits(one?.trace)).toBe('0.666667');
    expect(digits(one?.dPrime)).toBe('3.464102');
  });

  it('B as it stands: the state of no length is left out, and said', () => {
    const found = summaryOf([
      ...POSITIVE.map((vector) => stateRecord({ matching: 'yes' }, vector)),
      ...NEGATIVE.map((vector) => stateRecord({ matching: 'no' }, vector)),
    ]);
    expect(found.states[0]).toMatchObject({ positive: 4, negative: 3, unusable: 1 });
    expect(found.notes.join()).toMatch(/1 vectors are left out/);
  });

  it('C: accuracy of four behaviours at five steps against their distinguishability at the start', () => {
    const found = summaryOf(exampleC(), { checkpoints: CHECKPOINTS });
    const of = (speed: DistinguishabilitySpeed['speed']): DistinguishabilitySpeed | undefined =>
      found.relations.find(
        (one) =>
          one.measure === 'distinguishability' && one.speed === speed && one.speedOf.metric === 'matching',
      );
    const column = (speed: DistinguishabilitySpeed['speed'], places: number): string[] =>
      of(speed)?.behaviours.map((one) => digits(one.speed, places)) ?? [];
    expect(of('area')?.behaviours.map((one) => one.distinguishability)).toEqual([6, 4, 1.5, 2]);
    expect(column('initial-slope', 6)).toEqual(['0.030000', '0.010000', '0.005000', '0.015000']);
    expect(column('area', 6)).toEqual(['0.906250', '0.821875', '0.675000', '0.768750']);
    expect(column('first-crossing', 4)).toEqual(['8.3333', '20.0000', '60.0000', '30.0000']);
    const shown = ({ rho, p, n, reason, start }: DistinguishabilitySpeed): unknown[] => [
      digits(rho, 4),
      digits(p, 4),
      n,
      reason,
      start,
    ];
    const relations = (['initial-slope', 'area', 'first-crossing'] as const).flatMap(
      (speed) => of(speed) ?? [],
    );
    expect(relations.map(shown)).toEqual([
      ['0.8000', '0.3333', 4, null, 'base'],
      ['1.0000', '0.0833', 4, null, 'base'],
      ['1.0000', '0.0833', 4, null, 'base'],
    ]);
  });

  it('C with a tie of slopes, and with three behaviours', () => {
    const tied = summaryOf(exampleC({ ...CURVES, C: [0.5, 0.6, 0.6, 0.7, 0.8] }), {
      checkpoints: CHECKPOINTS,
    });
    const slope = ({ relations }: typeof tied): DistinguishabilitySpeed | undefined =>
      relations.find(({ measure, speed }) => measure === 'distinguishability' && speed === 'initial-slope');
    expect(digits(slope(tied)?.rho)).toBe('0.632456');
    const { A, B, C } = CURVES;
    expect(slope(summaryOf(exampleC({ A, B, C }), { checkpoints: CHECKPOINTS }))).toMatchObject({
      n: 3,
      rho: null,
      p: null,
      reason: 'not computable: 3 of at least 4 behaviours',
    });
  });

  it('C with a behaviour that never gets there: kept, tied at the slowest rank', () => {
    const found = summaryOf(
      exampleC({ ...CURVES, C: [0.5, 0.55, 0.6, 0.65, 0.7], D: [0.5, 0.5, 0.55, 0.6, 0.65] }),
      {
        checkpoints: CHECKPOINTS,
      },
    );
    const crossing = found.relations.find(
      ({ measure, speed, speedOf }) =>
        measure === 'distinguishability' && speed === 'first-crossing' && speedOf.metric === 'matching',
    );
    expect(crossing?.behaviours.map(({ speed, censored }) => [digits(speed, 2), censored])).toEqual([
      ['8.33', false],
      ['20.00', false],
      ['80.00', true],
      ['80.00', true],
    ]);
    expect(digits(crossing?.rho)).toBe('0.948683');
  });

  it('D: priority of two directions, and the gap between them', () => {
    const along = (name: string, [x, y]: readonly [number, number]): OutcomeRecord[] =>
      [1, -1].flatMap((side) =>
        [0.25, -0.25].map((noise) =>
          stateRecord({ behaviour: name, matching: side === 1 ? 'yes' : 'no' }, [
            (side * x) / 2 + noise,
            (side * y) / 2 + noise,
            1,
          ]),
        ),
      );
    const [table] = summaryOf([...along('one', [3, 0]), ...along('two', [1, 1])]).priorities;
    expect(table?.levels.map(({ behaviour, level }) => [behaviour, digits(level)])).toEqual([
      ['one', '2.910428'],
      ['two', '1.212678'],
    ]);
    expect(table?.gaps.map(({ one, other, gap }) => [one, other, digits(gap)])).toEqual([
      ['one', 'two', '0.565916'],
    ]);
  });

  it('E: log-odds of eight statements; a leaning to Yes changes accuracy and nothing else', () => {
    const summary = (leaning: number) =>
      summaryOf([
        ...[1, 0.2, 2, -0.5].map((z) => oddsRecord({ matching: 'yes' }, z + leaning)),
        ...[-1, 0.1, -2, -0.3].map((z) => oddsRecord({ matching: 'no' }, z + leaning)),
      ]).odds[0];
    const [plain, leaning] = [summary(0), summary(1.5)];
    expect([digits(plain?.auc, 3), digits(plain?.dPrime), digits(plain?.matching, 2)]).toEqual([
      '0.875',
      '1.474079',
      '0.75',
    ]);
    // Half the gap of 1.475: both classes weigh the same.
    expect(digits(plain?.matchingLogOdds)).toBe('0.737500');
    expect([digits(leaning?.auc, 3), digits(leaning?.dPrime), digits(leaning?.matching, 3)]).toEqual([
      '0.875',
      '1.474079',
      '0.625',
    ]);
  });

  it('E: surface forms add up', () => {
    const forms = { yes: [0.3, 0.1, 0.05].map(Math.log), no: [0.2, 0.02, 1e-40].map(Math.log) };
    const [odds] = summaryOf([
      oddsRecord({ matching: 'yes' }, forms),
      oddsRecord({ matching: 'yes' }, forms),
      oddsRecord({ matching: 'no' }, -1),
      oddsRecord({ matching: 'no' }, -1),
    ]).odds;
    expect(digits(odds?.matchingLogOdds)).toBe(((0.71562 + 1) / 2).toFixed(6));
    const [alone] = summaryOf([oddsRecord({ matching: 'yes' }, forms)]).odds;
    expect(digits(alone?.mass, 2)).toBe('0.67');
    expect(alone).toMatchObject({
      reason: 'one class is missing: no statement that No matches',
      auc: null,
      dPrime: null,
    });
  });
});

const STEPS = [0, 10, 20, 40, 80] as const;
type Curves = Readonly<Record<string, readonly number[]>>;

const CURVES = {
  A: [0.5, 0.8, 0.9, 0.95, 1],
  B: [0.5, 0.6, 0.75, 0.9, 0.95],
  C: [0.5, 0.55, 0.6, 0.7, 0.8],
  D: [0.5, 0.65, 0.7, 0.8, 0.9],
} satisfies Curves;
const DISTANCES: Readonly<Record<string, number>> = { A: 6, B: 4, C: 1.5, D: 2 };
const CHECKPOINTS = STEPS.map((step) =>
  step === 0 ? checkpoint('base', { method: 'none' }) : checkpoint(`step-${step}`, { parent: 'base', step }),
);
const STATEMENTS = 20;

/** States of the start with exactly these distances, and 20 statements a step of which the right share is matched. */
function exampleC(curves: Curves = CURVES): OutcomeRecord[] {
  return Object.entries(curves).flatMap(([behaviour, values]) => [
    ...(['yes', 'no'] as const).flatMap((matching) =>
      [1, -1].map((noise) =>
        stateRecord(
          { behaviour, matching },
          [((matching === 'yes' ? 1 : -1) * (DISTANCES[behaviour] ?? 0)) / 2, noise],
          'base',
        ),
      ),
    ),
    ...values.flatMap((value, at) =>
      Array.from({ length: STATEMENTS }, (_, place) => {
        const matching = place % 2 === 0 ? 'yes' : 'no';
        const isMatched = place < Math.round(value * STATEMENTS);
        return oddsRecord(
          { behaviour, matching },
          isMatched === (matching === 'yes') ? 1 : -1,
          CHECKPOINTS[at]?.id,
        );
      }),
    ),
  ]);
}
