import type { Answer, Ask, LoadedDataset, ReadOutcome, Sample, Task } from '../task.ts';
import { measurer } from './factors/factor.ts';
import { promptItems, textsOf } from './items.ts';
import { RULE_LEVELS } from './metrics.ts';
import { promptRow } from './pairs/pair.schema.ts';
import { plainTurn, promptOf } from './prompts.ts';
import { type ResponseData, roomFor, whyNoResponse } from './responses.ts';

/** What the checkpoint's own responses are like when nobody asks for a quality. */
export const levels: Task = {
  name: 'profile/levels',
  dimension: 'profile',
  family: 'profile',
  version: 1,
  question: 'How much of each factor do the responses have that the checkpoint writes of itself?',
  source: 'this package: no setting of Oh et al.; it shows what a preference has done to the writing',
  needs: ['generate'],
  roles: {},
  datasets: ['zoo-profile', 'llmbar-natural', 'llmbar-manual', 'llmbar-neighbor', 'pandalm'],
  ownRows: promptRow,
  presets: ['robust'],
  cluster: 'prompt',
  headline: RULE_LEVELS[0] as Task['headline'],
  metrics: RULE_LEVELS,
  samples: plainSamples,
  ask: askOnce,
  read: readOnce,
};

function* plainSamples(dataset: LoadedDataset): Generator<Sample> {
  for (const item of promptItems(dataset)) {
    const turn = plainTurn(item);
    const data: ResponseData = {
      item: { ...textsOf(item) },
      turns: [{ raw: promptOf(turn, dataset).raw, turn }],
      stop: dataset.rawForm.stop,
      maxTokens: roomFor(dataset),
    };
    yield { id: item.id, cluster: item.id, strata: {}, data };
  }
}

function askOnce({ data }: Sample, answers: readonly Answer[]): readonly Ask[] {
  const { turns, maxTokens, stop } = data as ResponseData;
  const [turn] = turns;
  if (answers.length > 0 || turn === undefined) return [];
  const prompt = { raw: turn.raw, chat: [{ role: 'user' as const, content: turn.turn }] };
  return [{ verb: 'generate', role: 'checkpoint', prompt, decoding: { maxTokens, temperature: 0, stop } }];
}

function readOnce({ data }: Sample, [answer]: readonly Answer[]): ReadOutcome {
  if (answer?.verb !== 'generate') return { kind: 'unscored', reason: 'unparsed' };
  const reason = whyNoResponse(answer.completion);
  if (reason !== undefined) return { kind: 'unscored', reason };
  const factors = measurer((data as ResponseData).item)(answer.completion.text.trim());
  const values = Object.fromEntries(
    Object.entries(factors).flatMap(([key, value]) => (value === null ? [] : [[key, value] as const])),
  );
  return { kind: 'scored', values, detail: { setting: 'levels', factors } };
}
