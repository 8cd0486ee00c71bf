import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import type { OutcomeRecord } from '../../../benchmarks/journal/records.ts';
import type { JsonValue } from '../../../core/json.ts';
import { DynamicsCollector } from '../../../results/dynamics/collect.ts';
import { dynamicsDefs } from '../../../results/dynamics/dynamics.schema.ts';
import type { DynamicsSummary } from '../../../results/dynamics/dynamics-summary.ts';
import { dynamicsSummary } from '../../../results/dynamics/summarise-dynamics.ts';
import type { Cell } from '../../../results/summary.ts';
import { Points } from '../../suites/dynamics/points.ts';
import { checkpoint, ODDS, oddsRecord, rawRecord, STATES, stateRecord, summaryOf } from './records.ts';

const isSchema = new Ajv2020({
  strict: true,
  strictTypes: false,
  allowUnionTypes: true,
}).compile<DynamicsSummary>({
  $ref: '#/$defs/dynamics',
  $defs: dynamicsDefs,
});

/** Every summary of a test fits the published schema. */
function published(summary: DynamicsSummary): DynamicsSummary {
  const fits = isSchema(JSON.parse(JSON.stringify(summary)));
  expect(isSchema.errors ?? []).toEqual([]);
  expect(fits).toBe(true);
  return summary;
}

const unit = (angle: number): number[] => [Math.cos(angle), Math.sin(angle)];
const both = (make: (matching: 'yes' | 'no', place: number) => OutcomeRecord, each = 3): OutcomeRecord[] =>
  Array.from({ length: 2 * each }, (_, place) => make(place % 2 === 0 ? 'yes' : 'no', place));

describe('behaviours that cannot be told', () => {
  it('one class missing: the reason, no number, and no part in any relation', () => {
    const found = published(
      summaryOf([
        ...[1, 2, 3].map((x) => stateRecord({ behaviour: 'half', matching: 'yes' }, [x, 1])),
        ...both((matching, place) =>
          stateRecord({ behaviour: 'whole', matching }, [matching === 'yes' ? 9 : 1, place]),
        ),
      ]),
    );
    expect(
      found.states.map(({ behaviour, reason, distinguishability }) => [
        behaviour,
        reason,
        distinguishability === null,
      ]),
    ).toEqual([
      ['half', 'one class is missing: no statement that No matches', true],
      ['whole', null, false],
    ]);
    expect(found.priorities[0]?.levels).toEqual([
      { behaviour: 'half', level: null },
      { behaviour: 'whole', level: null },
    ]);
  });

  it('vectors of length 1: separability alone, whether they look so or the server says so', () => {
    const looking = both((matching, place) =>
      stateRecord({ matching }, unit((matching === 'yes' ? 0 : 2) + place / 10)),
    );
    const saying = both((matching, place) => stateRecord({ matching }, [matching === 'yes' ? 9 : 1, place]));
    const notes = { embeddings: 'normalised by the server to length 1' };
    const told = checkpoint('m', { identity: { digest: 'm', facts: { notes } } });
    for (const found of [summaryOf(looking), summaryOf(saying, { checkpoints: [told] })]) {
      const [one] = published(found).states;
      expect(one).toMatchObject({
        normalised: true,
        distinguishability: null,
        debiased: null,
        trace: null,
        heldOutAuc: 1,
      });
      expect(one?.reason).toMatch(/length 1/);
      expect(found.notes.join()).toMatch(/length 1/);
    }
    expect(summaryOf(saying).states[0]).toMatchObject({ normalised: false, reason: null });
  });

  it('a single vector of another length is not normalised away: one short of 1 makes distances mean something', () => {
    const found = summaryOf([
      ...both((matching, place) =>
        stateRecord({ matching }, unit((matching === 'yes' ? 0 : 2) + place / 10)),
      ),
      stateRecord({ matching: 'yes' }, [0.5, 0]),
    ]);
    expect(found.states[0]?.normalised).toBe(false);
  });

  it('vectors of another width than most are left out and counted, in whatever order they come', () => {
    const most = both((matching, place) => stateRecord({ matching }, [matching === 'yes' ? 9 : 1, place]));
    for (const records of [
      [stateRecord({ matching: 'no' }, [1, 2, 3]), ...most],
      [...most, stateRecord({ matching: 'no' }, [5])],
    ]) {
      const found = published(summaryOf(records));
      expect(found.states[0]).toMatchObject({ positive: 3, negative: 3, unusable: 1 });
      expect(found.notes.join()).toMatch(/several lengths/);
    }
  });

  it('a class of one statement: no number of log-odds either', () => {
    const [odds] = published(
      summaryOf([
        oddsRecord({ matching: 'yes' }, 1),
        ...[-1, -2, -3].map((z) => oddsRecord({ matching: 'no' }, z)),
      ]),
    ).odds;
    expect(odds).toMatchObject({
      auc: null,
      dPrime: null,
      reason: 'a class of one statement has no spread',
    });
  });

  it('one cluster that holds a whole class: no held-out AUC, and the reason', () => {
    const records = both((matching, place) => ({
      ...stateRecord({ matching }, [matching === 'yes' ? 9 : 1, place]),
      cluster: matching === 'yes' ? 'all' : `no-${place}`,
    }));
    const [one] = published(summaryOf(records)).states;
    expect(one).toMatchObject({
      heldOutAuc: null,
      reason: 'no held-out AUC: whatever clusters are left out hold all statements of a class',
    });
    expect(one?.distinguishability).not.toBeNull();
  });

  it('bounds of log-odds have ranks and no means', () => {
    const bound = (matching: 'yes' | 'no', low: number | null, high: number | null): OutcomeRecord =>
      rawRecord(
        {
          kind: 'scored',
          values: { matching: 1, separability: low ?? high ?? 0 },
          detail: { yesLogOdds: null, low, high, mass: 0.5, matching, censored: true },
        },
        ODDS,
      );
    const [odds] = published(
      summaryOf([
        bound('yes', 4, null),
        oddsRecord({ matching: 'yes' }, 1),
        bound('no', null, -4),
        oddsRecord({ matching: 'no' }, -1),
      ]),
    ).odds;
    expect(odds).toMatchObject({ auc: 1, matching: 1, matchingLogOdds: null, dPrime: null, censored: 0.5 });
    expect(odds?.reason).toBe('2 of 4 log-odds are bounds, which no mean may hold');
  });
});

describe('susceptibility', () => {
  const line = (id: string, distance: number): OutcomeRecord[] =>
    both((matching, place) =>
      stateRecord({ matching }, [matching === 'yes' ? distance : 0, 1 + (place % 3) / 10], id),
    ).concat(
      both((matching, place) =>
        oddsRecord({ matching }, (matching === 'yes' ? distance : 0) + (place % 3) / 10, id),
      ),
    );
  const checkpoints = [
    checkpoint('base', { method: 'none' }),
    checkpoint('sft', { parent: 'base' }),
    checkpoint('dpo', { parent: 'sft' }),
  ];
  const records = [...line('base', 1), ...line('sft', 2), ...line('dpo', 6)];
  const shown = (summary: DynamicsSummary): (readonly unknown[])[] =>
    published(summary).susceptibility.map(({ checkpoint: id, reference, byStates, byOdds }) => [
      id,
      reference,
      byStates === null ? null : Math.round(byStates),
      byOdds === null ? null : Math.round(byOdds),
    ]);

  it('is the square of a ratio, to the parent, states and odds each in a row of their own', () => {
    expect(shown(summaryOf(records, { checkpoints }))).toEqual([
      ['sft', 'base', 4, null],
      ['sft', 'base', null, 4],
      ['dpo', 'sft', 9, null],
      ['dpo', 'sft', null, 9],
    ]);
  });

  it('is to the reference of the definition where that was asked', () => {
    expect(
      shown(summaryOf(records, { checkpoints, reference: 'base' })).filter(
        ([, , byStates]) => byStates !== null,
      ),
    ).toEqual([
      ['sft', 'base', 4, null],
      ['dpo', 'base', 36, null],
    ]);
  });
});

describe('susceptibility of wide states', () => {
  const points = new Points(5);
  /** 50 states a class whose means lie `distance` apart in noise of 256 numbers. */
  const line = (id: string, distance: number): OutcomeRecord[] =>
    both((matching) => {
      const [vector = []] = points.matrix(1, 256);
      return stateRecord(
        { matching },
        [(vector[0] ?? 0) + (matching === 'yes' ? distance : 0), ...vector.slice(1)],
        id,
      );
    }, 50);
  const checkpoints = [checkpoint('base', { method: 'none' }), checkpoint('dpo', { parent: 'base' })];
  const found = (base: number, dpo: number) =>
    summaryOf([...line('base', base), ...line('dpo', dpo)], { checkpoints });

  it('noise in the means does not pull the ratio to 1', () => {
    const [one] = published(found(4, 8)).susceptibility;
    const [base, dpo] = found(4, 8).states;
    expect(((dpo?.distinguishability ?? 0) / (base?.distinguishability ?? 1)) ** 2).toBeLessThan(3.2);
    expect(Math.abs((one?.byStates ?? 0) - 4)).toBeLessThan(0.8);
    expect(one?.reason).toBeNull();
  });

  it('to a reference that does not tell the classes apart there is none, with the reason', () => {
    const noise = {
      vectors: [
        [1, 1],
        [1, -1],
      ],
    };
    const coin = (id: string): OutcomeRecord[] =>
      (['yes', 'no'] as const).flatMap((matching) =>
        noise.vectors.map((vector) => stateRecord({ matching }, vector, id)),
      );
    const [one] = published(summaryOf([...coin('base'), ...coin('dpo')], { checkpoints })).susceptibility;
    expect(one).toMatchObject({
      byStates: null,
      reason: 'the reference does not tell the classes apart beyond noise',
    });
  });
});

describe('displacement', () => {
  const TASK = 'dynamics/pairs@mine:robust';
  const cell = (id: string, metric: string, value: number | null): Cell =>
    ({ checkpoint: id, task: TASK, metric, value }) as Cell;
  const cells = (
    [
      ['base', 0, 0],
      ['s1', 2, 1],
      ['s2', -1, -4],
    ] as const
  ).flatMap(([id, chosen, rejected]) => [
    cell(id, 'chosen_shift', chosen),
    cell(id, 'rejected_shift', rejected),
    cell(id, 'margin', chosen - rejected),
  ]);
  const checkpoints = [
    checkpoint('s2', { parent: 'base', step: 20 }),
    checkpoint('base', { method: 'none' }),
    checkpoint('s1', { parent: 'base', step: 10 }),
  ];

  it('follows the steps, and flags where the margin rose while chosen answers fell', () => {
    const found = published(summaryOf([], { checkpoints, cells, instruments: [TASK] }));
    expect(found.displacement).toEqual([
      {
        series: 's2',
        task: TASK,
        points: [
          { checkpoint: 'base', step: 0, chosenShift: 0, rejectedShift: 0, margin: 0, displaced: false },
          { checkpoint: 's1', step: 10, chosenShift: 2, rejectedShift: 1, margin: 1, displaced: false },
          { checkpoint: 's2', step: 20, chosenShift: -1, rejectedShift: -4, margin: 3, displaced: true },
        ],
      },
    ]);
  });

  it('flags the end of a training of which no step was asked, and no control copy', () => {
    const ends = [
      checkpoint('base', { method: 'none' }),
      checkpoint('s1', { parent: 'base' }),
      checkpoint('s2', { parent: 'base', recipe: 'harsh' }),
      checkpoint('copy', { parent: 's2', control: 'copy' }),
    ];
    const found = published(summaryOf([], { checkpoints: ends, cells, instruments: [TASK] }));
    expect(found.displacement).toEqual([]);
    expect(found.displacementEnds).toEqual([
      { task: TASK, checkpoint: 's1', chosenShift: 2, rejectedShift: 1, margin: 1, displaced: false },
      { task: TASK, checkpoint: 's2', chosenShift: -1, rejectedShift: -4, margin: 3, displaced: true },
    ]);
  });

  it('says nothing of a series that is refused', () => {
    const points = ['base', 's1', 's2'].map((id, step) => ({ checkpoint: id, step }));
    const refused = [{ name: 's2', points, refused: 'another template' }] as never;
    expect(() => summaryOf([], { checkpoints, cells, instruments: [TASK], series: refused })).toThrow(
      'nothing',
    );
  });
});

describe('behaviours in several datasets', () => {
  it('are one mixture of the task, and known by their datasets where their names are one', () => {
    const of = (dataset: string, behaviour: string | undefined, along: number): OutcomeRecord[] =>
      both((matching, place) => {
        const sign = matching === 'yes' ? along : -along;
        const statement = behaviour === undefined ? { matching } : { matching, behaviour };
        return stateRecord(statement, [sign, (place % 3) / 10, 1], 'm', `dynamics/states@${dataset}:robust`);
      });
    const instruments = ['one', 'two'].map((dataset) => `dynamics/states@${dataset}:robust`);
    const plain = published(
      summaryOf([...of('one', undefined, 2), ...of('two', undefined, 1)], { instruments }),
    );
    expect(plain.states.map(({ behaviour }) => behaviour)).toEqual(['one', 'two']);
    expect(plain.priorities).toHaveLength(1);
    expect(plain.priorities[0]).toMatchObject({
      task: 'dynamics/states',
      levels: [{ behaviour: 'one' }, { behaviour: 'two' }],
    });
    const same = published(summaryOf([...of('one', 'kind', 2), ...of('two', 'kind', 1)], { instruments }));
    expect(same.priorities[0]?.levels.map(({ behaviour }) => behaviour)).toEqual(['one: kind', 'two: kind']);
  });
});

describe('hostile details', () => {
  const good = both((matching, place) => stateRecord({ matching }, [matching === 'yes' ? 9 : 1, place]));
  const vector = Buffer.from(Float32Array.of(1, 2).buffer).toString('base64');
  const packed = (...values: readonly number[]): string =>
    Buffer.from(Float32Array.of(...values).buffer).toString('base64');

  it.each<readonly [string, JsonValue]>([
    ['no base64', { vector: '!!!!', width: 2, matching: 'yes' }],
    ['a torn number', { vector: 'AAAA', width: 1, matching: 'yes' }],
    ['another width than it says', { vector, width: 3, matching: 'yes' }],
    ['half a number', { vector: Buffer.alloc(10, 7).toString('base64'), width: 2.5, matching: 'yes' }],
    ['no width', { vector, matching: 'yes' }],
    ['NaN', { vector: packed(1, Number.NaN), width: 2, matching: 'yes' }],
    ['infinity', { vector: packed(1, Number.NEGATIVE_INFINITY), width: 2, matching: 'no' }],
    ['only zeros', { vector: packed(0, 0), width: 2, matching: 'no' }],
    ['nothing', { vector: '', width: 0, matching: 'no' }],
    ['no class', { vector, width: 2, matching: 'maybe' }],
    ['a number for a vector', { vector: 5, width: 2, matching: 'yes' }],
  ])('a vector with %s is unusable and counted', (_, detail) => {
    const record = rawRecord({ kind: 'scored', values: { norm: 1 }, detail });
    const found = published(summaryOf([...good, record]));
    expect(found.states[0]).toMatchObject({ positive: 3, negative: 3, unusable: 1 });
  });

  it('details that say nothing are counted in a note; a repeat, and what was not asked, count for nothing', () => {
    const repeat = { ...good[0], repeat: 1 } as OutcomeRecord;
    const other = { ...good[0], checkpoint: 'else' } as OutcomeRecord;
    const silent = rawRecord({ kind: 'scored', values: { norm: 1 }, detail: ['?'] });
    const failed = rawRecord({ kind: 'failed', error: { code: 'x', message: 'y' } });
    const found = summaryOf([...good, repeat, other, silent, failed]);
    expect(found.states[0]).toMatchObject({ positive: 3, negative: 3, unusable: 0 });
    expect(found.notes).toEqual(['1 outcomes hold nothing of a behaviour that can be read']);
  });

  it('there is no summary where nothing was asked of which anything can be said', () => {
    const collector = new DynamicsCollector({ instruments: [STATES], checkpoints: ['m'] });
    const facts = { instruments: [STATES], checkpoints: [checkpoint('m')], cells: [], reference: null };
    expect(dynamicsSummary(collector.collected(), facts)).toBeUndefined();
  });

  it('never throws and fits the schema, whatever outcomes hold', () => {
    const member = fc.oneof(
      fc.constant(vector),
      fc.string(),
      fc.double(),
      fc.constant('yes'),
      fc.constant('no'),
      fc.constant(null),
      fc.integer(),
    );
    const detail = fc.oneof(
      fc.dictionary(
        fc.constantFrom(
          'vector',
          'width',
          'matching',
          'yesLogOdds',
          'mass',
          'low',
          'high',
          'unusable',
          'censored',
        ),
        member,
      ),
      fc.record({
        vector: fc.constantFrom(vector, packed(3, 4), packed(1, 2, 3), packed(1e38, -1e38)),
        width: fc.constantFrom(2, 3),
        matching: fc.constantFrom('yes', 'no'),
      }),
      fc.record({
        yesLogOdds: fc.oneof(fc.double(), fc.constant(null)),
        matching: fc.constantFrom('yes', 'no'),
        mass: fc.double(),
      }),
      member,
    );
    const strata = fc.oneof(
      fc.constant({}),
      fc.record({ behaviour: fc.constantFrom('a', 'b', '__proto__', '') }),
    );
    const checkpoints = [
      checkpoint('m', { method: 'none' }),
      checkpoint('s1', { parent: 'm', step: 1 }),
      checkpoint('s2', { parent: 'm', step: 2 }),
    ];
    const record = fc.record({
      detail,
      strata,
      at: fc.constantFrom('m', 's1', 's2'),
      of: fc.constantFrom(STATES, ODDS),
    });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 60 }), (made) => {
        const records = made.map(({ detail: held, strata: named, at, of }) => ({
          ...rawRecord({ kind: 'scored', values: { matching: 1 }, detail: held as JsonValue }, of, named),
          checkpoint: at,
        }));
        const collector = new DynamicsCollector({
          instruments: [STATES, ODDS],
          checkpoints: ['m', 's1', 's2'],
        });
        for (const one of records) collector.enter(one);
        const found = dynamicsSummary(collector.collected(), {
          instruments: [STATES, ODDS],
          checkpoints,
          cells: [],
          reference: 'm',
        });
        if (found !== undefined) published(found);
      }),
      { numRuns: 300 },
    );
  });
});
