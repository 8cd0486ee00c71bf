import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Model } from '../../adapters/model.ts';
import type { OutcomeRecord } from '../../benchmarks/journal/records.ts';
import type { JsonObject } from '../../core/json.ts';
import { packageRoot } from '../../core/package-root.ts';
import { DynamicsCollector } from '../../results/dynamics/collect.ts';
import { dynamicsSummary } from '../../results/dynamics/summarise-dynamics.ts';
import { dialogue } from '../../suites/datasets/raw-forms.ts';
import { states } from '../../suites/dynamics/states.ts';
import type { Ask, Sample } from '../../suites/task.ts';
import { ENGINE_START_MS, session, zoo } from '../adapters/gguf-open.ts';
import { checkpoint, STATES } from '../results/dynamics/records.ts';

/** zoo/dynamics/distinguishability.json: the lab's, by PyTorch from the same weights, before any training. */
interface Measured {
  readonly raw: number;
  readonly debiased: number;
  readonly spreadAlong: number;
}
const lab = JSON.parse(
  readFileSync(join(packageRoot(), 'zoo', 'dynamics', 'distinguishability.json'), 'utf8'),
) as { readonly checkpoints: { readonly sft: Readonly<Record<string, { readonly train: Measured }>> } };

/** Of its four digits, and of another order of adding up in F16 matrices. */
const TOLERANCE = 2e-3;
/** The smallest distance, a middle one with the widest spread, and a large one. */
const BEHAVIOURS = ['coin', 'material', 'harsh'];

const rows = readFileSync(join(packageRoot(), 'suites', 'dynamics', 'behaviours', 'train.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as JsonObject & { readonly strata: { readonly behaviour: string } })
  .filter(({ strata }) => BEHAVIOURS.includes(strata.behaviour));

describe('hidden states of behaviours on the zoo', () => {
  const own = session();
  let model: Model;
  beforeAll(async () => {
    model = await own.open(zoo('sft'));
  }, ENGINE_START_MS);
  afterAll(() => own.close());

  it('lie as far apart as the lab measured', async () => {
    const collector = new DynamicsCollector({ instruments: [STATES], checkpoints: ['sft'] });
    for (const sample of states.samples({ id: 'mine', rows, rawForm: dialogue }, 'robust'))
      collector.enter(await recordOf(model, sample));
    const facts = { checkpoints: [checkpoint('sft')], instruments: [STATES], cells: [], reference: null };
    const found = dynamicsSummary(collector.collected(), facts);
    expect(found?.states.map(({ behaviour }) => behaviour)).toEqual([...BEHAVIOURS].sort());
    for (const one of found?.states ?? []) {
      const { raw, debiased, spreadAlong } = lab.checkpoints.sft[one.behaviour]?.train ?? ({} as Measured);
      expect([one.positive, one.negative, one.unusable, one.normalised]).toEqual([100, 100, 0, false]);
      expect(Math.abs((one.distinguishability ?? Number.NaN) - raw)).toBeLessThan(TOLERANCE);
      expect(Math.abs((one.debiased ?? Number.NaN) - debiased)).toBeLessThan(TOLERANCE);
      expect(Math.abs((one.spreadAlongDifference ?? Number.NaN) - spreadAlong)).toBeLessThan(TOLERANCE);
    }
  });
});

async function recordOf(model: Model, sample: Sample): Promise<OutcomeRecord> {
  const [ask] = states.ask(sample, []) as readonly Extract<Ask, { verb: 'embed' }>[];
  if (ask === undefined || !('prompt' in ask)) throw new Error('no prompt');
  const vector = await model.embedPrompt?.({ format: 'raw', text: ask.prompt.raw }, {});
  const outcome = states.read(sample, [{ verb: 'embed', vectors: [Array.from(vector ?? [])] }]);
  const { id, cluster, strata } = sample;
  const place = { checkpoint: 'sft', instrument: STATES, sample: id, cluster, strata, repeat: 0 };
  return { ...place, outcome, answers: [], content: null };
}
