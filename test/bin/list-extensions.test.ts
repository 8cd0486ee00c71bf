import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Cli, openCli } from './cli.ts';

const EXAMPLE = fileURLToPath(new URL('../fixtures/example-suite/', import.meta.url));
const DEFINITION = `benchmark: brief
extensions: [./suite/brevity.mjs]
checkpoints:
  - { id: base, adapter: parrot, model: polly, alignment: { method: none }, options: { times: 9 } }
tasks: [brevity/short-answers]
`;

let cli: Cli;
beforeEach(async () => {
  cli = await openCli();
  await cp(EXAMPLE, join(cli.folder, 'suite'), { recursive: true });
  await cli.write('brief.yaml', DEFINITION);
});
afterEach(() => cli.close());

interface Named {
  readonly name?: string;
  readonly id?: string;
}

describe('extensions of a benchmark', () => {
  it('are listed beside what is installed, and only when asked for', async () => {
    const names = async (what: string, ...more: string[]) => {
      const { code, out } = await cli.run('list', what, ...more, '--json');
      expect(code).toBe(0);
      return (JSON.parse(out) as Record<string, Named[]>)[what]?.map(({ name, id }) => name ?? id) ?? [];
    };
    for (const [what, name] of [
      ['tasks', 'brevity/short-answers'],
      ['datasets', 'brevity-12'],
      ['adapters', 'parrot'],
    ] as const) {
      const [plain, extended] = [await names(what), await names(what, '--benchmark', 'brief.yaml')];
      expect(plain).not.toContain(name);
      expect(extended).toEqual([...plain, name]);
    }
    expect((await cli.run('list', '--benchmark', 'brief.yaml')).out).toContain('brevity/short-answers');
  });

  it('bring adapters that probe finds', async () => {
    const { out, err } = await cli.run(
      'probe',
      'parrot',
      'polly',
      '--benchmark',
      'brief.yaml',
      '--option',
      'times=2',
      '--json',
    );
    expect(err).toBe('');
    expect(JSON.parse(out)).toMatchObject({ verbs: expect.arrayContaining(['generate']) });
  });

  it('that cannot be read are said with their place', async () => {
    await cli.write('broken.yaml', DEFINITION.replace('brevity.mjs', 'missing.mjs'));
    const { code, err } = await cli.run('list', 'tasks', '--benchmark', 'broken.yaml');
    expect(code).toBeGreaterThan(1);
    expect(err).toContain('missing.mjs');
  });
});
