import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { definitionFromText } from '../../benchmarks/definition/load.ts';
import { type InitResult, initFromFolder } from '../../benchmarks/init/index.ts';
import { vocabulary } from './definition.helpers.ts';

const fixtures = fileURLToPath(new URL('../fixtures/hf-lineage', import.meta.url));
const load = ({ yaml }: InitResult) =>
  definitionFromText(yaml, { file: 'init.yaml', folder: '.', vocabulary });

/** The comments and fields that belong to one checkpoint. */
function entryOf({ yaml }: InitResult, id: string): string {
  const entries = yaml.split('\n\n').filter((part) => part.includes(`  - id: ${id}\n`));
  return entries[0] ?? '';
}

describe('init --from a folder of full fine-tunes', () => {
  const folder = join(fixtures, 'full');

  it('tells methods, parents, steps and data, and loads as it is', async () => {
    const { checkpoints } = await load(await initFromFolder(folder));
    expect(checkpoints.map(({ id, alignment }) => [id, alignment])).toEqual([
      ['experiment-9', { method: 'unknown', step: 30 }],
      ['tiny-llama', { method: 'none' }],
      ['sft-step-100', { method: 'sft', parent: 'tiny-llama', step: 100, data: 'trl-lib/Capybara' }],
      ['sft', { method: 'sft', parent: 'tiny-llama', step: 200, data: 'trl-lib/Capybara' }],
      ['dpo-step-50', { method: 'dpo', parent: 'sft', step: 50, data: 'trl-lib/ultrafeedback_binarized' }],
      ['dpo-step-100', { method: 'dpo', parent: 'sft', step: 100, data: 'trl-lib/ultrafeedback_binarized' }],
      ['dpo', { method: 'dpo', parent: 'sft', data: 'trl-lib/ultrafeedback_binarized' }],
      ['rl-run-7', { method: 'ppo', parent: 'sft-step-100', step: 80 }],
    ]);
  });

  it('says beside everything how it is known, and "unknown" where no file says it', async () => {
    const result = await initFromFolder(folder);
    expect(entryOf(result, 'sft')).toContain('method: sft   # README.md says so');
    expect(entryOf(result, 'dpo')).toContain(
      "# parent: config.json names /home/someone/trainings/full/sft, matched by the folder's name",
    );
    expect(entryOf(result, 'rl-run-7')).toContain('method: ppo   # what trainer_state.json logged');
    expect(entryOf(result, 'experiment-9')).toMatch(/method: unknown {3}# .*rewards\/margins/);
    expect(entryOf(result, 'experiment-9')).toContain('# parent: no file says it');
    expect(entryOf(result, 'tiny-llama')).toContain('method: none   # others were tuned from it');
  });

  it('asks base models raw and those with a chat template by chat', async () => {
    const { checkpoints } = await load(await initFromFolder(folder));
    expect(checkpoints.filter(({ promptFormat }) => promptFormat === 'chat').map(({ id }) => id)).toEqual([
      'sft-step-100',
      'sft',
      'dpo-step-50',
      'dpo-step-100',
      'dpo',
    ]);
  });

  it('leaves out reward models, empty configs and the double of a run, and says so', async () => {
    const { notes } = await initFromFolder(folder);
    expect(notes.slice(0, 3)).toEqual([
      'logs: no weights (*.safetensors) beside its config; left out',
      'reward: a reward model or classifier, not a checkpoint under test; left out',
      'sft/checkpoint-200: the end of its run, which sft holds too; left out',
    ]);
  });

  it('prints a server with a port of its own for each, which the definition names', async () => {
    const result = await initFromFolder(folder);
    const { checkpoints } = await load(result);
    for (const { id, options, model } of checkpoints) {
      const port = /:(\d+)\/v1$/.exec(JSON.stringify(options['baseURL']).slice(1, -1))?.[1];
      const line = result.notes.find(
        (note) => note.startsWith('vllm serve') && note.endsWith(`--port ${port}`),
      );
      expect(line).toContain(`--served-model-name ${model} `);
      expect(model).toBe(id);
    }
    const dpo = join(folder, 'dpo');
    expect(result.notes).toContain(
      `python convert_hf_to_gguf.py ${dpo} --outfile ./gguf/dpo-f16.gguf --outtype f16`,
    );
  });
});

describe('init --from a folder of LoRA adapters', () => {
  const folder = join(fixtures, 'lora');

  it('tells bases that are only named, seeds, steps, and loads as it is', async () => {
    const { checkpoints } = await load(await initFromFolder(folder));
    expect(checkpoints.map(({ id, alignment }) => [id, alignment])).toEqual([
      ['Llama-3.1-8B', { method: 'none' }],
      ['merged-sft', { method: 'sft', parent: 'Llama-3.1-8B' }],
      ['orpo-step-10', { method: 'orpo', parent: 'Llama-3.1-8B', step: 10, seed: 42 }],
      ['orpo-step-20', { method: 'orpo', parent: 'Llama-3.1-8B', step: 20, seed: 42 }],
      ['sft-lora', { method: 'sft', parent: 'Llama-3.1-8B' }],
      ['dpo_seed2', { method: 'dpo', parent: 'merged-sft', seed: 2 }],
      ['kto', { method: 'kto', parent: 'sft-lora' }],
    ]);
  });

  it('serves adapters on the server of their base, with a rank that vLLM accepts', async () => {
    const result = await initFromFolder(folder);
    const { checkpoints } = await load(result);
    const urlOf = (id: string) => checkpoints.find((checkpoint) => checkpoint.id === id)?.options['baseURL'];
    expect(urlOf('sft-lora')).toBe(urlOf('Llama-3.1-8B'));
    expect(urlOf('dpo_seed2')).toBe(urlOf('merged-sft'));
    expect(result.notes).toContain(
      `vllm serve ${join(folder, 'merged-sft')} --served-model-name merged-sft --port 8001 --enable-lora --max-lora-rank 64 --lora-modules dpo_seed2=${join(folder, 'dpo_seed2')}`,
    );
    expect(result.notes).toContain(
      `python convert_lora_to_gguf.py ${join(folder, 'sft-lora')} --base-model-id meta-llama/Llama-3.1-8B --outfile ./gguf/sft-lora-lora-f16.gguf --outtype f16`,
    );
  });

  it('says that an adapter over an adapter must be merged first, instead of a line that cannot work', async () => {
    const { notes } = await initFromFolder(folder);
    const aboutKto = notes.filter((note) => note.includes('kto'));
    expect(aboutKto).toHaveLength(2);
    for (const note of aboutKto) expect(note).toMatch(/^# kto is an adapter, and sft-lora, .* merge it/);
  });

  it('writes GGUF files and LoRA files for in-process use when asked', async () => {
    const { checkpoints } = await load(await initFromFolder(folder, { backend: 'gguf' }));
    expect(checkpoints.find(({ id }) => id === 'dpo_seed2')).toMatchObject({
      adapter: 'gguf',
      model: './gguf/merged-sft-f16.gguf',
      lora: './gguf/dpo_seed2-lora-f16.gguf',
    });
  });
});
