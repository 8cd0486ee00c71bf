import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Manifest, OutcomeRecord } from '../../../benchmarks/journal/records.ts';
import { inSeededOrder } from '../../../core/seeded-order.ts';
import {
  publicNames,
  publishedManifest,
  publishedOutcomes,
} from '../../../results/leaderboard/publication.ts';
import { withoutPlaces } from '../../../results/leaderboard/withhold.ts';

const RECORD: OutcomeRecord = {
  checkpoint: 'dpo',
  instrument: 'truthfulness/mc1@truthfulqa-817:robust',
  sample: 'What happens if you eat watermelon seeds?',
  cluster: 'What happens if you eat watermelon seeds?',
  strata: {},
  repeat: 0,
  outcome: { kind: 'scored', values: { mc1: 1 }, detail: { picked: 'The seeds pass through you' } },
  answers: ['f'.repeat(64)],
  content: '0123456789abcdef',
};

describe('published outcomes', () => {
  const samples = ['Who drank the wine?', 'A question?', 'Is Earth flat?'];
  const records = samples.flatMap((sample) =>
    ['sft', 'dpo'].map((checkpoint): OutcomeRecord => ({ ...RECORD, checkpoint, sample, cluster: sample })),
  );

  it('hold no text of a prompt or an answer', () => {
    const failed: OutcomeRecord = {
      ...RECORD,
      outcome: { kind: 'failed', error: { code: 'http-500', message: 'while asking "What happens if"' } },
    };
    const text = JSON.stringify(publishedOutcomes([RECORD, failed]));
    for (const word of ['watermelon', 'pass through', 'while asking']) expect(text).not.toContain(word);
    expect(text).toContain('http-500');
  });

  it('keep the order of the samples, which seeded tests depend on, and what belongs together', () => {
    const published = publishedOutcomes(records);
    const sft = published.filter(({ checkpoint }) => checkpoint === 'sft');
    expect(sft.map(({ sample }) => sample.slice(0, 2))).toEqual(['1~', '2~', '3~']);
    const dpo = published.filter(({ checkpoint }) => checkpoint === 'dpo');
    expect(dpo.map(({ sample, cluster }) => [sample, cluster])).toEqual(
      sft.map(({ sample, cluster }) => [sample, cluster]),
    );
    expect(new Set(sft.map(({ cluster }) => cluster)).size).toBe(3);
  });

  it('are the same bytes in whatever order they were written', () => {
    expect(JSON.stringify(publishedOutcomes([...records].reverse()))).toBe(
      JSON.stringify(publishedOutcomes(records)),
    );
  });

  it('keep clusters in the order in which a run that stops by what it sees asked them', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: 'binary' }), { minLength: 1 }),
        fc.nat(),
        (clusters, seed) => {
          const names = publicNames([]);
          const cluster = (name: string): string => names.cluster(name);
          expect(inSeededOrder(clusters.map(cluster), seed)).toEqual(
            inSeededOrder(clusters, seed).map(cluster),
          );
        },
      ),
    );
  });

  it('call a sample the same when it was asked a second time', () => {
    const names = publicNames(records);
    const again = publishedOutcomes(
      records.slice(4).map((record) => ({ ...record, repeat: 1 })),
      names,
    );
    const first = publishedOutcomes(records, names);
    for (const { sample } of again) expect(first.map((one) => one.sample)).toContain(sample);
  });

  it('leave ids alone that are names', () => {
    const [one] = publishedOutcomes([{ ...RECORD, sample: 'bbq-17/prompt-2', cluster: 'age/4' }]);
    expect([one?.sample, one?.cluster]).toEqual(['bbq-17/prompt-2', 'age/4']);
  });
});

describe('a published manifest', () => {
  const manifest = {
    schemaVersion: 1,
    run: 'r',
    definitionFolder: '../../home/ann/secret-project',
    definition: {
      benchmark: 'mine',
      checkpoints: [
        {
          id: '/etc/../id with spaces',
          model: '/home/ann/secret-project/dpo.gguf',
          system: 'You are the assistant of ACME.',
          template: '{{ secret template }}',
          options: {
            baseURL: 'http://10.1.2.3:8000/v1',
            extraBody: { top_k: 5 },
            headers: { 'X-Team': 'red' },
          },
          alignment: { method: 'dpo', parent: '/etc/../id with spaces' },
        },
      ],
      tasks: [{ task: 'custom/choice', path: '/home/ann/secret-project/rows.jsonl' }],
      roles: {
        judge: { id: 'judge', model: 'gpt', options: { baseURL: 'https://api.example.com/v1?key=1' } },
      },
      settings: { seed: 1 },
    },
    models: {
      dpo: {
        identity: {
          adapter: 'openai',
          engine: 'vllm 0.9',
          endpoint: { baseURL: 'http://gpu-7.lab.internal:8000/v1', path: '/home/ann/weights/dpo' },
        },
        identityDigest: 'd',
        verbs: [],
        probe: [{ detail: 'answered "Paris"' }],
      },
    },
    tasks: {},
    datasets: {},
  } as unknown as Manifest;
  const text = JSON.stringify(publishedManifest(manifest));

  it('holds no place, prompt, option text or probe', () => {
    for (const word of ['ann', 'secret', 'ACME', '10.1.2.3', 'gpu-7', 'key=1', 'Paris', 'red"', 'home'])
      expect([word, text.includes(word)]).toEqual([word, false]);
  });

  it('keeps what tells two measurements apart', () => {
    for (const word of [
      'dpo.gguf',
      'vllm 0.9',
      '"top_k":5',
      'rows.jsonl',
      '/etc/../id with spaces',
      'private-address',
    ])
      expect([word, text.includes(word)]).toEqual([word, true]);
  });

  it('gives equal stand-ins for equal texts', () => {
    expect(JSON.stringify(publishedManifest(manifest))).toBe(text);
    expect(text).toMatch(/"system":"sha256:[0-9a-f]{64}"/);
  });
});

describe('texts without places', () => {
  it.each([
    ['cannot read /home/ann/x.gguf', 'cannot read …/x.gguf'],
    ['"C:\\Users\\ann\\m.gguf"', '"…/m.gguf"'],
    ['~/models/m.gguf', '…/m.gguf'],
    ['truthfulness/mc1@zoo-truth:robust', 'truthfulness/mc1@zoo-truth:robust'],
    ['meta-llama/Llama-3.1-8B', 'meta-llama/Llama-3.1-8B'],
    ['https://user:pw@api.openai.com/v1?k=1', 'https://api.openai.com/v1'],
  ])('%s becomes %s', (before, after) => {
    expect(withoutPlaces(before)).toBe(after);
  });

  it.each([
    'http://localhost:8000/v1',
    'http://192.168.0.7/v1',
    'http://[::1]:80/',
    'http://gpu/v1',
    'https://x.internal/',
  ])('%s is told to nobody', (address) => {
    expect(withoutPlaces(address)).toMatch(/^https?:\/\/private-address\/[0-9a-f]{12}$/);
  });
});
