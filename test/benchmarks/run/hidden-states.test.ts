import { mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { parseLine } from '../../../adapters/replay/records.ts';
import { requestKey } from '../../../benchmarks/journal/request-key.ts';
import { type Addressee, buildRequest } from '../../../benchmarks/run/build-request.ts';
import { findGaps } from '../../../benchmarks/run/capabilities.ts';
import { sha256 } from '../../../core/digest.ts';
import { ches } from '../../../suites/dynamics/ches.ts';
import { states } from '../../../suites/dynamics/states.ts';
import { answersOf, define, outcomesOf, run } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'aligntrust-states-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const to = (changes: Partial<Addressee> = {}): Addressee => ({
  id: 'm',
  promptFormat: 'raw',
  identityDigest: sha256('m'),
  ...changes,
});
const prompt = { raw: 'Q', chat: [{ role: 'user' as const, content: 'q' }] };

describe('requests for hidden states', () => {
  it('send the prompt in the format of the checkpoint, and the answer behind its delimiter where it is raw', () => {
    const ask = { verb: 'embed', role: 'checkpoint', prompt, answer: 'A', delimiter: ' ' } as const;
    expect(buildRequest(ask, to(), 1, 0)).toMatchObject({
      call: { verb: 'embed', request: { prompt: { format: 'raw', text: 'Q' }, answer: ' A' } },
    });
    const chat = to({ promptFormat: 'chat', system: 'S', templateDigest: 'T' });
    expect(buildRequest(ask, chat, 1, 0).fields).toEqual({
      identity: sha256('m'),
      verb: 'embed',
      repeat: 0,
      template: 'T',
      answer: 'A',
      prompt: {
        format: 'chat',
        messages: [
          { role: 'system', content: 'S' },
          { role: 'user', content: 'q' },
        ],
      },
    });
  });

  it('leave the keys of texts what they were', () => {
    const { fields } = buildRequest({ verb: 'embed', role: 'checkpoint', texts: ['a', 'b'] }, to(), 1, 0);
    expect(requestKey(fields)).toBe(
      sha256(`{"identity":"${sha256('m')}","repeat":0,"texts":["a","b"],"verb":"embed"}`),
    );
  });

  it('are a gap, said before anything is asked, where a model embeds texts only', () => {
    const model = (states?: readonly ('prompt' | 'answer')[], verbs: readonly 'embed'[] = ['embed']) => ({
      definition: { id: 'm' },
      facts: { identity: { adapter: 'x', engine: 'x 1' }, verbs, ...(states && { states }) },
    });
    const gaps = (facts: ReturnType<typeof model>) =>
      findGaps(
        [
          { task: states, instrument: 's' },
          { task: ches, instrument: 'c' },
        ],
        {
          checkpoints: new Map([['m', facts]]),
          roles: new Map(),
        },
      ).map(({ instrument, missing }) => `${instrument}: ${missing}`);
    expect(gaps(model(['prompt', 'answer']))).toEqual([]);
    expect(gaps(model(['prompt']))).toEqual([
      'c: m (x 1) embeds texts, and gives no hidden states along an answer',
    ]);
    expect(gaps(model())).toHaveLength(2);
    expect(gaps(model(undefined, []))).toEqual(['s: m (x 1) cannot embed', 'c: m (x 1) cannot embed']);
  });
});

describe('a run of hidden states', () => {
  it('is journalled, and replayed with the same outcomes', async () => {
    const rows = ['kind', 'shy'].flatMap((behaviour) =>
      [0, 1, 2, 3].map((at) => ({
        id: `${behaviour}-${at}`,
        behaviour,
        question: `${behaviour} ${at}?`,
        answer_matching_behavior: at % 2 === 0 ? 'Yes' : 'No',
        answer_not_matching_behavior: at % 2 === 0 ? 'No' : 'Yes',
      })),
    );
    await writeFile(join(folder, 'rows.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
    const pairs = [{ id: 'p', prompt: 'Tell.', chosen: 'It is red.', rejected: 'No.' }];
    await writeFile(join(folder, 'pairs.jsonl'), JSON.stringify(pairs[0]));
    const tasks = [
      { task: 'dynamics/states', dataset: 'mine', path: 'rows.jsonl' },
      { task: 'dynamics/ches', dataset: 'ours', path: 'pairs.jsonl' },
    ];
    const definition = (adapter: string, model: string) =>
      define(
        {
          benchmark: 'states',
          checkpoints: [{ id: 'm', adapter, model, promptFormat: 'raw', alignment: { method: 'none' } }],
          tasks,
          settings: { seed: 1 },
        },
        folder,
      );
    const first = await run(await definition('scripted', 'm'), join(folder, 'first'));
    const lines = await answersOf(first.folder);
    expect(lines).toHaveLength(10);
    const again = await run(await definition('replay', `${first.folder}#m`), join(folder, 'second'));
    const outcomes = async (of: string) =>
      // Answers come in any order, and so do outcomes.
      (await outcomesOf(of))
        .map(({ sample, outcome }) => ({ sample, outcome }))
        .sort((one, other) => (one.sample < other.sample ? -1 : 1));
    const [before, after] = [await outcomes(first.folder), await outcomes(again.folder)];
    expect(before.every(({ outcome }) => outcome.kind === 'scored')).toBe(true);
    expect(after).toEqual(before);
  });

  it('is no line that says less than it was asked', () => {
    const line = (request: object, vectors: unknown) =>
      parseLine(
        JSON.stringify({
          checkpoint: 'm',
          request: { identity: 'i', verb: 'embed', ...request },
          result: { status: 'answered', answer: { verb: 'embed', vectors } },
        }),
      ).kind;
    const asked = { prompt: { format: 'raw', text: 'Q' } };
    expect(line(asked, [[1, 2]])).toBe('exchanges');
    expect(
      line(asked, [
        [1, 2],
        [3, 4],
      ]),
    ).toBe('damaged');
    expect(line(asked, [])).toBe('damaged');
    expect(line({ ...asked, answer: 'A' }, [[1], [2]])).toBe('exchanges');
    expect(line({ ...asked, answer: 'A' }, [])).toBe('damaged');
    expect(line({ ...asked, answer: '' }, [[1]])).toBe('damaged');
    expect(line({ texts: ['a'] }, [[1], [2]])).toBe('damaged');
  });
});
