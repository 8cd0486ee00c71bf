import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Cli, openCli } from './cli.ts';

let cli: Cli;
beforeEach(async () => {
  cli = await openCli();
});
afterEach(() => cli.close());

const ROWS = [
  { id: '1', item: 'x', prompt: 'Name a tree.', a: 'An oak.', b: 'A large and old oak.', preference: 'a' },
  { id: '2', item: 'x', prompt: 'Name a tree.', a: 'A large and old oak.', b: 'An oak.', preference: 'b' },
  {
    id: '3',
    item: 'y',
    prompt: 'Name a stone.',
    a: 'Flint.',
    b: 'Slate.',
    preference: 'tie',
    votes: { me: 'b' },
  },
];

function jsonl(rows: readonly unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

async function written(name: string): Promise<string> {
  return readFile(join(cli.folder, name), 'utf8');
}

describe('pairs FILE', () => {
  it('writes pairs to the standard output and says beside it what became of the rows', async () => {
    await cli.write('in.jsonl', jsonl(ROWS));
    const { code, out, err } = await cli.run('pairs', 'in.jsonl');
    expect(code).toBe(0);
    expect(out).toBe(jsonl([ROWS[0], ROWS[2]]));
    expect(err).toContain('pairs of this program (pairs), 3 rows, 2 pairs');
    expect(err).toMatch(/left out +1 {2}the same pair again, mirrored/);
    expect(err).toMatch(/of them +1 {2}tied/);
  });

  it('writes annotated-pairs to a file, counts as JSON, and reads its own file back', async () => {
    await cli.write('in.jsonl', jsonl(ROWS));
    const { code, out, err } = await cli.run(
      'pairs',
      'in.jsonl',
      '--to',
      'annotated-pairs',
      '--out',
      'out.json',
      '--json',
    );
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toMatchObject({
      format: 'pairs',
      to: 'annotated-pairs',
      rows: 3,
      pairs: 2,
      leftOut: { mirrored: 1 },
      noted: { tie: 1 },
    });
    const document = JSON.parse(await written('out.json'));
    expect(document.metadata).toMatchObject({ version: '2.0', dataset_name: 'in.jsonl' });
    expect(document.metadata.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(document.comparisons).toHaveLength(2);
    await cli.run('pairs', 'out.json', '--out', 'back.jsonl');
    const again = await cli.run(
      'pairs',
      'back.jsonl',
      '--to',
      'annotated-pairs',
      '--out',
      'again.json',
      '--quiet',
    );
    expect([again.code, again.out]).toEqual([0, '']);
    expect(JSON.parse(await written('again.json'))).toEqual(document);
    expect((await readdir(cli.folder)).sort()).toEqual(['again.json', 'back.jsonl', 'in.jsonl', 'out.json']);
  });

  it('adds a vote of every factor for the response that has more of it', async () => {
    await cli.write('in.jsonl', jsonl(ROWS));
    await cli.run('pairs', 'in.jsonl', '--to', 'annotated-pairs', '--with-factors', '--out', 'out.json');
    const { annotators, comparisons } = JSON.parse(await written('out.json'));
    const hashOf = (name: string) =>
      Object.keys(annotators).find((hash) => annotators[hash].name === `factor ${name}`) ?? '';
    expect(annotators[hashOf('length')]).toMatchObject({ type: 'principle' });
    expect(comparisons[0].annotations[hashOf('length')]).toEqual({ pref: 'b' });
    expect(comparisons[1].annotations[hashOf('length')]).toEqual({ pref: null, no_pref_reason: 'tie' });
    // Nothing has a source, so nobody votes on what needs one.
    expect(hashOf('novel_ngram_1')).toBe('');
  });

  it.each<readonly [string, readonly string[], number, RegExp]>([
    ['an unknown format', ['--from', 'shpp'], 2, /--from: unknown format "shpp"[\s\S]*Did you mean shp/],
    ['an unknown target', ['--to', 'csv'], 2, /--to: unknown format "csv"/],
    ['the wrong format', ['--from', 'llmbar'], 3, /in\.jsonl:1: is no row of LLMBar[\s\S]*try --from pairs/],
    ['a limit', ['--limit', '0'], 2, /--limit: "0" is not a whole number above 0/],
    ['a strength', ['--min-strength', '7'], 2, /--min-strength: "7" is not a number from 0 to 1/],
    ['counts in the way', ['--json'], 2, /prints counts where the pairs would go/],
    ['its own file', ['--out', 'in.jsonl'], 2, /--out: is the file that is read/],
    ['no pair', ['--min-strength', '.1', '--out', 'x.jsonl'], 3, /gives no pair \(3: no strength/],
    ['a folder that is not there', ['--out', 'no/where.jsonl'], 3, /where\.jsonl/],
  ])('refuses %s', async (_name, argv, exitCode, message) => {
    await cli.write('in.jsonl', jsonl(ROWS));
    const { code, out, err } = await cli.run('pairs', 'in.jsonl', ...argv);
    expect(code).toBe(exitCode);
    expect(`${out}${err}`).toMatch(message);
    expect(await written('in.jsonl')).toBe(jsonl(ROWS));
    expect(await readdir(cli.folder)).toEqual(['in.jsonl']);
  });

  it('a broken row leaves no half of a file behind', async () => {
    await cli.write('in.jsonl', `${jsonl(ROWS)}{"prompt": 1}\n`);
    const { code, err } = await cli.run('pairs', 'in.jsonl', '--out', 'out.jsonl');
    expect(code).toBe(3);
    expect(err).toMatch(/in\.jsonl:4: is no row/);
    expect(existsSync(join(cli.folder, 'out.jsonl'))).toBe(false);
    const none = await cli.run('pairs', 'none.jsonl');
    expect([none.code, none.err]).toEqual([3, expect.stringContaining('there is no such file')]);
  });
});

const CHOICES = `benchmark: choices
defaults: { adapter: scripted, promptFormat: raw }
checkpoints:
  - id: base
    model: base
    alignment: { method: none }
    options:
      rules:
        - { match: { contains: "Say 5." }, reply: { text: "I could not say." } }
        - { match: { contains: "[Response A]\\nLong" }, reply: { text: A } }
        - { reply: { text: B } }
  - id: dpo
    model: dpo
    alignment: { method: dpo, parent: base }
    options: { rules: [{ reply: { text: A } }] }
tasks: [{ task: profile/evaluation, dataset: mine, path: mine.jsonl }]
`;

describe('pairs RUN', () => {
  it('exports what checkpoints chose beside people and factors', async () => {
    const rows = Array.from({ length: 6 }, (_, place) => ({
      id: `pair ${place}`,
      prompt: `Say ${place}.`,
      a: `Short ${place}.`,
      b: `Long ${place}, and that is all there is.`,
      preference: place % 2 === 0 ? 'a' : 'b',
      votes: { ann: 'b' },
    }));
    await cli.write('mine.jsonl', jsonl(rows));
    await cli.write('mine.yaml', CHOICES);
    expect((await cli.run('run', 'mine.yaml', '--json')).code).toBe(0);
    const [run = ''] = await readdir(join(cli.folder, 'runs'));
    const { code, err, out } = await cli.run('pairs', run, '--to', 'annotated-pairs', '--out', 'votes.json');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('6 pairs, 2 raters');
    const { metadata, annotators, comparisons } = JSON.parse(await written('votes.json'));
    expect(metadata.dataset_name).toBe(run);
    const said = (name: string) => {
      const hash = Object.keys(annotators).find((one) => annotators[one].name === name) ?? '';
      return comparisons.map(
        ({ annotations }: { annotations: Record<string, { pref: string | null }> }) =>
          annotations[hash]?.pref,
      );
    };
    // The long one in both orders; no letter for the last pair; always the first one, whatever it is.
    expect(said('base profile/evaluation')).toEqual(['b', 'b', 'b', 'b', 'b', undefined]);
    expect(said('dpo profile/evaluation')).toEqual([null, null, null, null, null, null]);
    expect(said('preferred_text')).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
    expect(said('ann')).toEqual(Array(6).fill('b'));
    expect(said('factor length').slice(0, 5)).toEqual(Array(5).fill('b'));
    expect(comparisons[0]).toMatchObject({ prompt: 'Say 0.', response_a: { text: 'Short 0.' } });
    const again = await cli.run('factors', 'votes.json', '--factors', 'length', '--json');
    const { raters } = JSON.parse(again.out);
    const scoreOf = (name: string) =>
      raters.find(({ rater }: { rater: { name: string } }) => rater.name === name)?.scores[0];
    expect(scoreOf('human')).toMatchObject({ C: 3, D: 3 });
    expect(scoreOf('base profile/evaluation')).toMatchObject({ C: 5, D: 0, tau14: 1 });
    expect(scoreOf('dpo profile/evaluation')).toMatchObject({ C: 0, D: 0, Tp: 6, tau14: null });
  });

  it('says where a run holds no pairs, and what is for files alone', async () => {
    const from = await cli.run('pairs', 'nothing', '--from', 'shp');
    expect([from.code, from.err]).toEqual([2, expect.stringContaining('--from: is for files')]);
    const none = await cli.run('pairs', 'nothing');
    expect([none.code, none.err]).toEqual([3, expect.stringContaining('no such run')]);
  });
});
