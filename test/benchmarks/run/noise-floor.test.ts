import { describe, expect, it } from '@jest/globals';
import type { Definition } from '../../../benchmarks/definition/definition.ts';
import {
  noiseSamples,
  samplesAskedAgain,
  secondAskings,
  shareAskedAgain,
} from '../../../benchmarks/run/noise-floor.ts';
import type { PreparedModel } from '../../../benchmarks/run/preflight.ts';
import type { Ask, Sample, Task } from '../../../suites/task.ts';

const SAMPLES: readonly Sample[] = Array.from({ length: 25 }, (_, index) => ({
  id: `q${index}`,
  cluster: `q${index}`,
  strata: {},
  data: {},
}));

function prepared(instrument: string, ask: (temperature: number) => Ask, temperature = 0) {
  const task = { name: instrument, ask: () => [ask(temperature)] } as unknown as Task;
  return { instrument, task, samples: () => SAMPLES };
}

const prompt = { raw: 'Say it.', chat: [{ role: 'user', content: 'Say it.' }] } as const;
const generates = (temperature: number): Ask => ({
  verb: 'generate',
  role: 'checkpoint',
  prompt,
  decoding: { maxTokens: 9, temperature },
});
const scores = (): Ask => ({
  verb: 'score',
  role: 'checkpoint',
  prompt,
  continuations: ['a'],
  delimiter: ' ',
});

const TASKS = [
  prepared('toxicity/drawn', generates, 0.7),
  prepared('refusal/greedy', generates),
  prepared('truthfulness/scored', scores),
];
const ADAPTERS = { here: 'gguf', there: 'openai', before: 'replay' };

function definition(noiseFloor?: number): Pick<Definition, 'settings' | 'checkpoints'> {
  const checkpoints = Object.entries(ADAPTERS).map(([id, adapter]) => ({ id, adapter }));
  const settings = { seed: 3, repeats: 1, ...(noiseFloor === undefined ? {} : { noiseFloor }) };
  return { settings, checkpoints } as unknown as Definition;
}

const MODELS = {
  checkpoints: new Map(Object.keys(ADAPTERS).map((id) => [id, {} as PreparedModel])),
};

function asked(noiseFloor?: number) {
  return secondAskings(definition(noiseFloor), TASKS, MODELS).map(({ tasks, checkpoints }) => [
    tasks.map(({ instrument, count }) => `${instrument} ${count}`),
    [...checkpoints.keys()],
  ]);
}

describe('what is asked a second time', () => {
  it('is a tenth of what is drawn, of all that can answer anew', () => {
    expect(asked()).toEqual([[['toxicity/drawn 3'], ['here', 'there']]]);
  });

  it('is the likeliest answers of servers too where a share is given, and never a likelihood', () => {
    expect(asked(0.2)).toEqual([
      [['toxicity/drawn 5'], ['here', 'there']],
      [['refusal/greedy 5'], ['there']],
    ]);
  });

  it('is nothing at 0', () => {
    expect(asked(0)).toEqual([]);
  });

  it('is counted, and known to a plan before any model is open', () => {
    expect(samplesAskedAgain(secondAskings(definition(0.2), TASKS, MODELS))).toBe(15);
    const shares = TASKS.map((task) => shareAskedAgain(definition(0.3), task));
    expect(shares[0]).toBeCloseTo(0.2, 12);
    expect(shares[1]).toBeCloseTo(0.1, 12);
    expect(shares[2]).toBe(0);
    expect(TASKS.map((task) => shareAskedAgain(definition(0), task))).toEqual([0, 0, 0]);
  });

  it('is drawn by the seed and the instrument alone', () => {
    const ids = SAMPLES.map(({ id }) => id);
    const one = noiseSamples('toxicity/drawn', ids, 0.4, 3);
    expect([...noiseSamples('toxicity/drawn', ids, 0.4, 3)]).toEqual([...one]);
    expect([...noiseSamples('toxicity/other', ids, 0.4, 3)]).not.toEqual([...one]);
    expect([...noiseSamples('toxicity/drawn', ids, 0.4, 4)]).not.toEqual([...one]);
    const [asking] = secondAskings(definition(0.4), TASKS, MODELS);
    expect([...(asking?.tasks[0]?.samples() ?? [])].map(({ id }) => id)).toEqual(
      ids.filter((id) => one.has(id)),
    );
  });
});
