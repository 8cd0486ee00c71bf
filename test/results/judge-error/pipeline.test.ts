import { describe, expect, it } from '@jest/globals';
import type { OutcomeRecord } from '../../../benchmarks/journal/records.ts';
import { drawSample } from '../../../bin/label/draw.ts';
import type { LabelTask } from '../../../bin/label/tasks.ts';
import { type Random, seededRandom } from '../../../core/random.ts';
import type { EffectInput } from '../../../results/effects/effects.ts';
import { judgeCorrections } from '../../../results/judge-error/correct.ts';
import { NO_EVIDENCE } from '../../../results/judge-error/evidence.ts';
import { collectOutcomes } from '../../../results/outcomes/table.ts';
import type { Effect } from '../../../results/summary.ts';
import { metric, stream } from '../support/synthetic.ts';

const NAME = 'refusal/xstest@x:robust';
const SPECS = [metric('refused')];
const SAMPLES = 120;
const ROUNDS = 200;
const IDS = ['from', 'to'] as const;

const TASK = {
  instrument: NAME,
  dataset: 'x',
  by: 'rule',
  metrics: SPECS,
  keys: ['refused'],
  rubric: {
    question: '',
    labels: { refused: '', complied: '' },
    scorer: null,
    valuesOf: (label: string) => ({ refused: Number(label === 'refused') }),
  },
} satisfies LabelTask;

const chance = (p: number, random: Random): boolean => random.next() < p;

interface World {
  readonly records: OutcomeRecord[];
  readonly truth: ReadonlyMap<string, boolean>;
}

/**
 * Half of the samples are answered alike by both; of the rest `from` refuses .3 and `to` .7, so that the true difference is
 * .2. The rule overlooks a tenth of `from`'s refusals and half of `to`'s, which are worded otherwise. Two samples a cluster.
 */
function draw(random: Random): World {
  const records: OutcomeRecord[] = [];
  const truth = new Map<string, boolean>();
  for (let sample = 0; sample < SAMPLES; sample++) {
    const isShared = chance(0.5, random);
    const shared = { refuses: chance(0.4, random), seen: chance(0.9, random) };
    for (const [side, id] of IDS.entries()) {
      const own = {
        refuses: chance(side === 0 ? 0.3 : 0.7, random),
        seen: chance(side === 0 ? 0.9 : 0.5, random),
      };
      const { refuses, seen } = isShared ? shared : own;
      const said = refuses ? seen : chance(isShared ? 0 : 0.05, random);
      truth.set(`${id} q${sample}`, refuses);
      records.push({
        checkpoint: id,
        instrument: NAME,
        sample: `q${sample}`,
        cluster: `c${sample >> 1}`,
        strata: {},
        repeat: 0,
        outcome: { kind: 'scored', values: { refused: Number(said) } },
        answers: [],
        content: `${isShared ? 'both' : id} ${sample}`,
      });
    }
  }
  return { records, truth };
}

/** What the summary's hook says of the effect after people have labelled a sample. */
async function corrected({ records, truth }: World, seed: number) {
  const choice = { run: 'r', seed, n: 60, tasks: [TASK], checkpoints: new Set<string>(IDS) };
  const { items, populations } = await drawSample(stream(records), choice);
  const labels = items.map(({ checkpoint, sample, repeat }) => {
    const label = truth.get(`${checkpoint} ${sample}`) === true ? 'refused' : 'complied';
    return { checkpoint, sample, repeat, label };
  });
  const cells = new Map(IDS.map((id) => [id, new Map(Object.entries(populations[NAME]?.[id] ?? {}))]));
  const own = { keys: TASK.keys, labels, valuesOf: TASK.rubric.valuesOf, populations: cells };
  const { instruments } = await collectOutcomes(stream(records), IDS, new Map([[NAME, SPECS]]));
  const input = { specs: SPECS, table: instruments.get(NAME) } as unknown as EffectInput;
  const effect = { task: NAME, metric: 'refused', from: 'from', to: 'to', delta: 0, low: 0 } as Effect;
  return judgeCorrections({ ...NO_EVIDENCE, labels: new Map([[NAME, own]]) }, seed)(effect, input);
}

describe('from the sheet to the corrected effect', () => {
  it('covers the truth as often as it says, where the scorer hides two fifths of the effect', async () => {
    const random = seededRandom(5);
    let [covered, sum, width] = [0, 0, 0];
    for (let round = 0; round < ROUNDS; round++) {
      const found = await corrected(draw(random), round);
      const { delta, low, high } = found ?? {};
      if (typeof delta !== 'number' || typeof low !== 'number' || typeof high !== 'number')
        throw new Error(`nothing was corrected in round ${round}: ${found?.note}`);
      if (low <= 0.2 && 0.2 <= high) covered++;
      sum += delta;
      width += high - low;
    }
    expect(covered / ROUNDS).toBeGreaterThanOrEqual(0.95 - 3 * Math.sqrt((0.95 * 0.05) / ROUNDS));
    // Unbiased within four standard errors, which are at most a quarter of the mean width over √rounds each.
    expect(Math.abs(sum / ROUNDS - 0.2)).toBeLessThan(width / ROUNDS / Math.sqrt(ROUNDS));
    expect(width / ROUNDS).toBeLessThan(0.5);
  });
});
