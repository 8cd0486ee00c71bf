import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Sensitivity } from '../../bin/plan/sensitivity.ts';
import { type Cli, openCli, scriptedDefinition } from './cli.ts';

let cli: Cli;
beforeEach(async () => {
  cli = await openCli();
});
afterEach(() => cli.close());

interface Printed {
  readonly requests: number;
  readonly cost: number | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly tests: number;
  readonly level: number;
  readonly headlineTasks: readonly string[];
  readonly earlierRun: string | null;
  readonly sensitivity: readonly Sensitivity[];
  readonly tokenBasis: readonly { readonly basis: string }[];
}

async function planned(...argv: string[]): Promise<Printed> {
  const { out, code } = await cli.run('plan', 'mine.yaml', '--json', ...argv);
  expect(code).toBe(0);
  return JSON.parse(out) as Printed;
}

describe('plan', () => {
  it('says what it would ask and what it could see, by assumption, and asks nothing', async () => {
    await cli.write('mine.yaml', scriptedDefinition());
    const { out, code } = await cli.run('plan', 'mine.yaml');
    expect(code).toBe(0);
    expect(out).toContain('3 checkpoints · 240 requests');
    expect(out).toContain('no price given');
    expect(out).toContain('estimated at 4 characters a token (no tokenizer at hand)');
    expect(out).toContain('80 % power at .05/2');
    expect(out).toContain('(2 primary tests = 1 headline task × 2 parent-child stages, corrected together)');
    expect(out).toContain('assumed: 30 % of samples differ');
    expect(out).toContain('truthfulness/mc-generate °');
    expect(await readdir(cli.folder)).toEqual(['mine.yaml']);
  });

  it('corrects for one headline task a dimension', async () => {
    await cli.write('mine.yaml', scriptedDefinition());
    const { tests, level, headlineTasks } = await planned();
    expect(headlineTasks).toEqual(['truthfulness/mc1@zoo-truth:robust']);
    expect([tests, level]).toEqual([2, 0.025]);
  });

  it('says how many samples a wanted effect needs, and how many there are', async () => {
    await cli.write('mine.yaml', scriptedDefinition());
    const { out } = await cli.run('plan', 'mine.yaml', '--detect', '0.05');
    expect(out).toMatch(
      /To see 5 points in truthfulness\/mc1 you need 1,\d{3} samples \(you have 40; the dataset holds 520\)\./,
    );
    const { sensitivity } = await planned('--detect', '0.5');
    // The pairs that are needed for the smallest effect that 40 samples show are 40.
    const [mc1] = (await planned('--detect', String(sensitivity[0]?.smallest))).sensitivity;
    expect(mc1?.needed).toBeGreaterThanOrEqual(39);
    expect(mc1?.needed).toBeLessThanOrEqual(41);
  });

  it.each(['', 'five', '0', '-1', '0,05'])('refuses --detect "%s"', async (text) => {
    await cli.write('mine.yaml', scriptedDefinition());
    const { code, err } = await cli.run('plan', 'mine.yaml', `--detect=${text}`);
    expect(code).toBe(2);
    expect(err).toContain('--detect 0.05 is 5 points of a share');
  });

  it('refuses an effect that no task can show, and says what was meant', async () => {
    await cli.write('mine.yaml', scriptedDefinition());
    const { code, err } = await cli.run('plan', 'mine.yaml', '--detect', '5');
    expect(code).toBe(2);
    expect(err).toContain('no effect of these tasks can be 5: the largest change there can be is 1');
    expect(err).toContain('5 points are 0.05 of a share');
    expect((await cli.run('plan', 'mine.yaml', '--detect', '1')).code).toBe(0);
  });

  it('takes the spread from the newest finished run, or from the one named', async () => {
    await cli.write('mine.yaml', scriptedDefinition());
    await cli.run('run', 'mine.yaml');
    const [id = ''] = await readdir(join(cli.folder, 'runs'));
    const after = await planned();
    expect(after.earlierRun).toBe(id);
    const [mc1] = after.sensitivity;
    expect(mc1?.measuredOn).not.toBeNull();
    expect(mc1?.designEffect).toBeGreaterThanOrEqual(1);
    expect((await planned('--like', id)).sensitivity).toEqual(after.sensitivity);
    const { out } = await cli.run('plan', 'mine.yaml');
    expect(out).toContain(`from: run ${id}`);
    const { code, err } = await cli.run('plan', 'mine.yaml', '--like', 'nowhere');
    expect([code, err]).toEqual([3, expect.stringContaining('no such run')]);
  });

  it('plans the mean where a method has three training seeds, with their spread once a run measured it', async () => {
    const seeds = [1, 2, 3].map(
      (seed) =>
        `  - { id: sft-${seed}, model: m-${seed}, alignment: { method: sft, parent: base, seed: ${seed} } }\n`,
    );
    const single = / {2}- \{ id: (sft|dpo).*\n/g;
    await cli.write(
      'mine.yaml',
      scriptedDefinition()
        .replace(single, '')
        .replace('tasks:', `${seeds.join('')}tasks:`),
    );
    const before = await planned();
    // Three seeds are one comparison.
    expect(before.tests).toBe(1);
    expect(before.sensitivity[0]).toMatchObject({ seeds: 3, seedSpread: { deviation: 0.02, runs: null } });
    const { out } = await cli.run('plan', 'mine.yaml');
    expect(out).toContain('3, ±2.0*');
    expect(out).toContain('the mean over so many training runs is tested');
    expect(out).toContain('* assumed: training seeds differ');
    await cli.run('run', 'mine.yaml');
    const [after] = (await planned()).sensitivity;
    expect(after).toMatchObject({ measuredOn: { to: 'sft-1' }, seeds: 3, seedSpread: { runs: 3 } });
    expect(after?.designEffect).toBeGreaterThanOrEqual(1);
    expect((await cli.run('plan', 'mine.yaml')).out).toContain('measured on 3 runs and so uncertain');
  });

  it('multiplies tokens by prices, of those checkpoints that have one', async () => {
    const price = 'price: { promptPerMillion: 10, completionPerMillion: 100 }, ';
    await cli.write('mine.yaml', scriptedDefinition().replace('{ id: dpo, ', `{ id: dpo, ${price}`));
    const { cost, inputTokens, outputTokens } = await planned();
    // One of three equal checkpoints pays; counts are rounded up for each of them.
    expect(cost).toBeCloseTo((inputTokens / 3) * 1e-5 + (outputTokens / 3) * 1e-4, 6);
    const { out } = await cli.run('plan', 'mine.yaml');
    expect(out).toContain('in the currency of the prices');
  });

  it('says at the start of a run what it can see', async () => {
    await cli.write('mine.yaml', scriptedDefinition());
    const first = await cli.run('run', 'mine.yaml');
    expect(first.err.replace(/\s+/g, ' ')).toMatch(
      /can see effects of at least \(80 % power, 2 tests, spread assumed\): truthfulness \d+(\.\d)? points/,
    );
    const again = await cli.run('run', 'mine.yaml', '--new');
    expect(again.err).toContain('by run 20');
  });
});

describe('plan of factors of preference', () => {
  const both = `benchmark: mine
defaults: { adapter: scripted, promptFormat: raw }
checkpoints:
  - { id: base, model: base, alignment: { method: none } }
  - { id: sft, model: sft, alignment: { method: sft, parent: base } }
  - { id: dpo, model: dpo, alignment: { method: dpo, parent: sft } }
tasks: [profile/generation@zoo-profile, profile/levels@zoo-profile, truthfulness/mc1@zoo-truth]
settings: { limit: 40 }
`;

  it('counts their tests apart from those of trust, as the report does', async () => {
    await cli.write('mine.yaml', both);
    const { out, code } = await cli.run('plan', 'mine.yaml');
    expect(code).toBe(0);
    expect(out).toContain('(2 primary tests = 1 headline task × 2 parent-child stages, corrected together)');
    expect(out).toContain(
      'profile, apart: at .05/120 (at most 120 tests = 60 factors of 2 tasks × 2 parent-child stages',
    );
    expect(out).toContain('profile: of length alone');
    expect(out).not.toContain('°');
  });

  it('gives their tasks the level of their own family, and trust its own', async () => {
    await cli.write('mine.yaml', both);
    const { tests, level, headlineTasks, sensitivity } = await planned();
    expect([tests, level, headlineTasks]).toEqual([2, 0.025, ['truthfulness/mc1@zoo-truth:robust']]);
    await cli.write(
      'mine.yaml',
      both.replace('profile/generation@zoo-profile, profile/levels@zoo-profile, ', ''),
    );
    const alone = await planned();
    const truth = (found: Printed) => found.sensitivity.find(({ dimension }) => dimension === 'truthfulness');
    expect(truth({ ...alone, sensitivity })?.smallest).toBe(truth(alone)?.smallest);
  });

  it('has no primary test without a task of trust', async () => {
    await cli.write('mine.yaml', both.replace(', truthfulness/mc1@zoo-truth', ''));
    const { out } = await cli.run('plan', 'mine.yaml');
    expect(out).not.toContain('primary test');
    expect(out).toContain('profile, apart: at .05/120');
  });
});
