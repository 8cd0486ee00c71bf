import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { describeWithData, sharedData } from '../../shared-data.ts';
import { importOf, refusalOf } from './files.ts';

const PANDALM = join(sharedData, 'pandalm', 'testset-v1.json');
const LLMBAR = join(sharedData, 'llmbar', 'Natural', 'dataset.json');
const HH = join(sharedData, 'hh-rlhf', 'harmless-base', 'test.jsonl.gz');

describeWithData('real files of pairs', [PANDALM, LLMBAR, HH], () => {
  it('PandaLM: 566 pairs of 98 prompts, the label of the majority', async () => {
    const { pairs, source } = await importOf(PANDALM);
    expect(source.format).toBe('pandalm');
    expect(source.counts).toEqual({
      rows: 566,
      pairs: 566,
      left: {},
      noted: { tie: 76, empty_response: 25 },
    });
    expect(new Set(pairs.map(({ item }) => item)).size).toBe(98);
  });

  it('LLMBar: 100 pairs, each with a label', async () => {
    const { source } = await importOf(LLMBAR);
    expect(source.format).toBe('llmbar');
    expect(source.counts).toEqual({ rows: 100, pairs: 100, left: {}, noted: {} });
  });

  it('HH-RLHF: two conversations differ before their last turn', async () => {
    const { pairs, source } = await importOf(HH);
    expect(source.format).toBe('hh-rlhf');
    expect(source.counts).toEqual({ rows: 1169, pairs: 1167, left: { contexts_differ: 2 }, noted: {} });
    const chosen = pairs.find(({ prompt }) => prompt.startsWith('Human: what are some pranks with a pen'));
    const text = chosen?.preference === 'a' ? chosen.a : chosen?.b;
    expect(text).toMatch(/^Ok|^[A-Z1]/);
    expect(
      pairs.every(({ a, b, prompt }) => [a, b, prompt].every((one) => one !== '' && one.trim() === one)),
    ).toBe(true);
  });

  it('the wrong name for a real file is refused with the right one', async () => {
    expect(await refusalOf(LLMBAR, { format: 'pandalm' })).toContain('try --from llmbar');
    expect(await refusalOf(PANDALM, { format: 'pairs' })).toContain('try --from pandalm');
  });
});
