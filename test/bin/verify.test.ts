import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeLine, encodeLine } from '../../core/checked-line.ts';
import { type Cli, openCli, type Printed } from './cli.ts';
import { cover, filesOf, makeRun } from './publish-site.ts';

let cli: Cli;
let run: string;
let files: string[];

beforeAll(async () => {
  cli = await openCli();
  run = await makeRun(cli);
  await cli.run('publish', run, '--to', 'site');
  files = await filesOf(join(cli.folder, 'site'));
});
afterAll(() => cli.close());

interface Verified {
  readonly code: number;
  readonly differences: readonly { readonly file: string; readonly message: string }[];
}

function read({ code, out }: Printed): Verified {
  return { code, differences: (JSON.parse(out) as Verified).differences };
}

async function freshSite(): Promise<string> {
  await rm(join(cli.folder, 'copy'), { recursive: true, force: true });
  await cp(join(cli.folder, 'site'), join(cli.folder, 'copy'), { recursive: true });
  return join(cli.folder, 'copy');
}

/** Changes a file of a copied site, makes all digests fit, and verifies. */
async function forged(path: string, change: (text: string) => string): Promise<Verified> {
  const site = await freshSite();
  const file = join(site, path);
  const before = await readFile(file, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  await writeFile(file, after);
  await cover(site);
  return read(await cli.run('verify', 'copy', '--json'));
}

describe('verify', () => {
  it('finds nothing in a site as it was published, nor in a copy of it', async () => {
    await freshSite();
    expect(read(await cli.run('verify', 'copy', '--json'))).toEqual({ code: 0, differences: [] });
  });

  it('finds one changed byte in every file of the site', async () => {
    const site = await freshSite();
    expect(files.length).toBeGreaterThan(25);
    const seals = ['files.json', 'history.jsonl'];
    for (const file of files.filter((each) => !seals.includes(each))) await flip(join(site, file));
    const { code, differences } = read(await cli.run('verify', 'copy', '--json'));
    expect(code).toBe(4);
    for (const file of files)
      expect([file, differences.some((one) => one.file === file)]).toEqual([file, !seals.includes(file)]);
    for (const file of seals) {
      await flip(join(await freshSite(), file));
      const found = read(await cli.run('verify', 'copy', '--json'));
      expect([found.code, found.differences.some((one) => one.file === file)]).toEqual([4, true]);
    }
  });

  it('finds a changed byte wherever it stands in outcomes, summary and board', async () => {
    const site = await freshSite();
    const targets = [
      `runs/${run}/outcomes.jsonl`,
      `runs/${run}/summary.json`,
      'leaderboard.json',
      'files.json',
      'history.jsonl',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...targets),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        async (file, share) => {
          const path = join(site, file);
          const bytes = await readFile(path);
          await writeFile(path, flipped(bytes, Math.floor(share * bytes.length)));
          try {
            expect((await cli.run('verify', 'copy')).code).toBe(4);
          } finally {
            await writeFile(path, bytes);
          }
        },
      ),
      { numRuns: 12, seed: 5 },
    );
  });

  it('finds a file that is missing and one too many', async () => {
    const site = await freshSite();
    await rm(join(site, 'leaderboard.csv'));
    await writeFile(join(site, 'more.html'), 'hello');
    const { code, differences } = read(await cli.run('verify', 'copy', '--json'));
    expect(code).toBe(4);
    expect(differences.filter(({ file }) => file === 'leaderboard.csv')).toEqual([
      { file: 'leaderboard.csv', message: 'is missing' },
    ]);
    expect(differences).toContainEqual({
      file: 'more.html',
      message: expect.stringContaining('not part of the site'),
    });
  });
});

describe('verify, where a run cannot be computed again', () => {
  it('counts it out, and names what is wrong without the way out of a run', async () => {
    await forged(`runs/${run}/outcomes.jsonl`, (text) => text.replace('"mc1":1', '"mc1":0'));
    const { code, out } = await cli.run('verify', 'copy');
    expect(code).toBe(4);
    expect(out).toContain('0 numbers of 0 of 1 published run computed again');
    expect(out).toMatch(/cannot be computed again: outcomes\.jsonl:\d+: is damaged: its checksum is wrong\n/);
    expect(out).not.toContain('rescore');
  });
});

describe('verify, when somebody made every digest fit', () => {
  it('finds an outcome that the summary does not rest on', async () => {
    const { code, differences } = await forged(`runs/${run}/outcomes.jsonl`, (text) => {
      const lines = text.trim().split('\n');
      const at = lines.findIndex((line) => line.includes('"mc1":'));
      const record = decodeLine(lines[at] ?? '') as { outcome: { values: Record<string, number> } };
      record.outcome.values['mc1'] = 1 - (record.outcome.values['mc1'] ?? 0);
      lines[at] = encodeLine(record).trim();
      return `${lines.join('\n')}\n`;
    });
    expect(code).toBe(4);
    const summary = differences.filter(({ file }) => file === `runs/${run}/summary.json`);
    expect(
      summary.some(({ message }) => /cells › .*mc1.* › value: published .*, recomputed/.test(message)),
    ).toBe(true);
  });

  it('finds a summary that its outcomes do not give', async () => {
    const { code, differences } = await forged(`runs/${run}/summary.json`, (text) => {
      const summary = JSON.parse(text) as { cells: { value: number | null }[] };
      const cell = summary.cells.find(({ value }) => value !== null) as { value: number };
      cell.value += 0.01;
      return `${JSON.stringify(summary, undefined, 2)}\n`;
    });
    expect(code).toBe(4);
    expect(
      differences.some(
        ({ file, message }) => file.endsWith('summary.json') && message.includes('› value: published'),
      ),
    ).toBe(true);
  });

  it('finds a number in a page that says it is by another version, and leaves its words alone', async () => {
    const site = await freshSite();
    const edit = async (path: string, change: (text: string) => string): Promise<void> => {
      const before = await readFile(join(site, path), 'utf8');
      const after = change(before);
      expect(after).not.toBe(before);
      await writeFile(join(site, path), after);
    };
    await edit('leaderboard.json', (text) => text.replace(/("aligntrust": ")[^"]*/, '$10.0.9'));
    await edit('index.html', (text) =>
      text.replace('<h1', '<p>Other words, 3 of them, in version 0.0.9</p><h1'),
    );
    await cover(site);
    expect(read(await cli.run('verify', 'copy', '--json'))).toEqual({ code: 0, differences: [] });
    await edit('index.html', (text) =>
      text.replace(/<span class="value">[\d.]+/, '<span class="value">99.9'),
    );
    await edit('leaderboard.md', (text) => text.replace(/\d+\.\d(?= ±)/, '77.7'));
    await cover(site);
    const { code, differences } = read(await cli.run('verify', 'copy', '--json'));
    expect(code).toBe(4);
    expect(differences).toEqual([
      { file: 'index.html', message: 'published 99.9, recomputed no such number' },
      { file: 'leaderboard.md', message: 'published 77.7, recomputed no such number' },
    ]);
  });

  it('finds a rank, an effect and a page that the board does not give', async () => {
    const rank = await forged('leaderboard.json', (text) =>
      text.replace(/"low": 1,(\s+"high": \d+,\s+"of")/, '"low": 2,$1'),
    );
    expect(
      rank.differences.some(({ message }) => message.includes('rank › low: published 2, recomputed 1')),
    ).toBe(true);
    const page = await forged('index.html', (text) =>
      text.replace(/<span class="value">[\d.]+/, '<span class="value">99.9'),
    );
    expect(page).toEqual({
      code: 4,
      differences: [{ file: 'index.html', message: 'is not what the published numbers give' }],
    });
    const model = files.find((file) => file.endsWith('model-index.yaml')) ?? '';
    expect((await forged(model, (text) => text.replace(/value: \d/, 'value: 9'))).code).toBe(4);
    const samples = files.find((file) => file.endsWith('_samples.jsonl')) ?? '';
    expect((await forged(samples, (text) => text.replace('"score":1', '"score":0'))).code).toBe(4);
  });

  it('survives files that are no files of ours', async () => {
    for (const [path, content] of [
      [`runs/${run}/manifest.json`, '{"schemaVersion":1,"run":"x","models":{},"tasks":{}}'],
      [`runs/${run}/manifest.json`, '[]'],
      [`runs/${run}/summary.json`, '{"cells":7}'],
      [`runs/${run}/publication.json`, 'null'],
      ['leaderboard.json', '{"columns":[{}],"rows":[null]}'],
      ['site.json', '{"score":"nothing:1"}'],
    ] as const) {
      const { code, differences } = await forged(path, () => content);
      expect({ path, code }).toEqual({ path, code: 4 });
      expect(differences.length).toBeGreaterThan(0);
    }
    const site = await freshSite();
    for (const content of ['null', '{}', '{"files":7}', 'nonsense']) {
      await writeFile(join(site, 'files.json'), content);
      expect((await cli.run('verify', 'copy')).code).toBe(4);
    }
    await writeFile(join(site, 'history.jsonl'), '{"publication":"../../../etc","run":"x"}\n');
    expect((await cli.run('verify', 'copy')).code).toBe(4);
  });
});

describe('verify --run', () => {
  it('finds one changed byte in the answers', async () => {
    await cp(join(cli.folder, 'runs', run), join(cli.folder, 'runs', 'changed'), { recursive: true });
    const path = join(cli.folder, 'runs', 'changed', 'answers.jsonl');
    const bytes = await readFile(path);
    for (const share of [0.001, 0.37, 0.999]) {
      await writeFile(path, flipped(bytes, Math.floor(share * bytes.length)));
      const { code, differences } = read(await cli.run('verify', 'site', '--run', 'changed', '--json'));
      expect(code).toBe(4);
      expect(differences.every(({ file }) => file.includes('changed'))).toBe(true);
    }
    await writeFile(path, bytes);
    expect((await cli.run('verify', 'site', '--run', 'changed')).code).toBe(0);
    const { out } = await cli.run('verify', 'site', '--run', 'changed', run);
    expect(out).toContain('2 runs read again from their answers');
  });

  it('says which outcomes other answers would give, although their checksums are right', async () => {
    const path = join(cli.folder, 'runs', 'changed', 'answers.jsonl');
    const text = await readFile(path, 'utf8');
    await writeFile(
      path,
      text
        .trim()
        .split('\n')
        .map((line) => {
          const record = decodeLine(line) as {
            result: { answer?: { verb: string; scores?: { logprob: number }[] } };
          };
          const { answer } = record.result;
          // The first alternative, which is the true answer, becomes the likeliest of all.
          if (answer?.verb === 'score' && answer.scores?.[0] !== undefined) answer.scores[0].logprob = -1e-6;
          return encodeLine(record).trim();
        })
        .join('\n')
        .concat('\n'),
    );
    const { code, differences } = read(await cli.run('verify', 'site', '--run', 'changed', '--json'));
    expect(code).toBe(4);
    expect(
      differences.some(({ message }) =>
        /mc1@zoo-truth:robust, sample .*: published .*"mc1":0.*, from the answers .*"mc1":1/.test(message),
      ),
    ).toBe(true);
    expect((await cli.run('rescore', 'changed', '--quiet')).code).toBe(0);
  });

  it('changes nothing in the run', async () => {
    const before = await readFile(join(cli.folder, 'runs', run, 'outcomes.jsonl'), 'utf8');
    await cli.run('verify', 'site', '--run', run);
    expect(await readFile(join(cli.folder, 'runs', run, 'outcomes.jsonl'), 'utf8')).toBe(before);
    expect((await filesOf(join(cli.folder, 'runs', run))).filter((file) => /lock|new/.test(file))).toEqual(
      [],
    );
  });
});

/** Changes one byte somewhere in a file. */
async function flip(path: string): Promise<void> {
  const bytes = await readFile(path);
  const [at] = fc.sample(fc.nat(bytes.length - 1), { numRuns: 1, seed: bytes.length });
  await writeFile(path, flipped(bytes, at ?? 0));
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
