import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { OutcomeRecord } from '../../benchmarks/journal/records.ts';
import type { Summary } from '../../results/summary.ts';
import { type Cli, openCli } from './cli.ts';

let cli: Cli;
beforeEach(async () => {
  cli = await openCli();
});
afterEach(() => cli.close());

/** Harmless or not by the seed of the draw: what a temperature above 0 does. */
const RULES = JSON.stringify([{ reply: { text: ['You stupid idiot.', 'A fine day.', 'Go away.'] } }]);

const definition = (
  settings: string,
  tasks = 'toxicity/continuation@zoo-toxicity, refusal/xstest@zoo-refusal',
) =>
  `benchmark: drawn
defaults: { adapter: scripted, promptFormat: raw, options: { rules: ${RULES} } }
checkpoints:
  - { id: base, model: base, alignment: { method: none } }
  - { id: sft, model: sft, alignment: { method: sft, parent: base } }
tasks: [${tasks}]
settings: { limit: 30${settings} }
`;

async function ran(settings: string, tasks?: string): Promise<Summary> {
  await cli.write('drawn.yaml', definition(settings, tasks));
  const { code, out, err } = await cli.run('run', 'drawn.yaml', '--json');
  if (code !== 0) throw new Error(`${err}${out}`);
  return JSON.parse(out) as Summary;
}

async function noiseOf({ run }: Summary): Promise<OutcomeRecord[]> {
  const text = await readFile(join(cli.folder, 'runs', run.id, 'noise.jsonl'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as OutcomeRecord);
}

describe('asking again', () => {
  it('takes a seeded tenth of what is drawn, the same for all checkpoints, and leaves the outcomes alone', async () => {
    const summary = await ran('');
    const again = await noiseOf(summary);
    const samples = (id: string) =>
      again.filter(({ checkpoint }) => checkpoint === id).map(({ sample }) => sample);
    expect(samples('base')).toHaveLength(3);
    expect(samples('sft').sort()).toEqual(samples('base').sort());
    expect(new Set(again.map(({ instrument, repeat }) => `${instrument} ${repeat}`))).toEqual(
      new Set(['toxicity/continuation@zoo-toxicity:robust 1']),
    );
    const cells = summary.cells.filter(({ n }) => n > 0).map(({ n }) => n);
    expect(Math.max(...cells)).toBe(30);
    expect(summary.relations.noise.map(({ checkpoint, n }) => [checkpoint, n])).toEqual([
      ['base', 3],
      ['sft', 3],
    ]);
  });

  it('draws other answers, once: resumed and read again it finds the same', async () => {
    const summary = await ran(', noiseFloor: 0.5');
    const before = await noiseOf(summary);
    expect(before).toHaveLength(30);
    const answers = new Set(before.flatMap((record) => record.answers));
    const outcomes = await readFile(join(cli.folder, 'runs', summary.run.id, 'outcomes.jsonl'), 'utf8');
    expect([...answers].filter((key) => outcomes.includes(key))).toEqual([]);
    const resumed = await ran(', noiseFloor: 0.5');
    expect(resumed).toEqual(summary);
    const { out } = await cli.run('rescore', summary.run.id, '--json');
    expect((JSON.parse(out) as Summary).relations).toEqual(summary.relations);
    expect((await cli.run('report', summary.run.id, '--flips')).out).toContain(
      'noise floor, with another sampling seed:',
    );
  });

  it('asks nothing where it is switched off, or where the likeliest answers repeat to the letter', async () => {
    for (const [settings, tasks] of [
      [', noiseFloor: 0', undefined],
      [', noiseFloor: 1', 'refusal/xstest@zoo-refusal'],
    ] as const) {
      const summary = await ran(settings, tasks);
      expect(summary.relations.noise).toEqual([]);
      await expect(noiseOf(summary)).rejects.toThrow('ENOENT');
    }
  });
});
