import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeWithData, sharedData } from '../suites/shared-data.ts';
import { type Cli, openCli } from './cli.ts';

let cli: Cli;
beforeEach(async () => {
  cli = await openCli();
});
afterEach(() => cli.close());

function words(count: number, word = 'word'): string {
  return Array.from({ length: count }, () => word).join(' ');
}

/** Pairs of these lengths, preferred as given; two to a prompt. */
function pairs(
  rows: readonly (readonly [number, number, 'a' | 'b' | 'tie' | undefined, ('a' | 'b')?])[],
): string {
  return rows
    .map(([a, b, preference, vote], place) =>
      JSON.stringify({
        prompt: `Write ${Math.floor(place / 2)}.`,
        a: words(a, `a${place}`),
        b: words(b, `b${place}`),
        ...(preference === undefined ? {} : { preference }),
        ...(vote === undefined ? {} : { votes: { robot: vote } }),
      }),
    )
    .join('\n');
}

/** Worked example A: lengths and human preferences of eight pairs of four prompts. */
const EXAMPLE = pairs([
  [60, 40, 'a', 'a'],
  [55, 56, 'b', 'a'],
  [30, 70, 'a', 'b'],
  [80, 50, 'b', 'a'],
  [45, 90, 'b', 'b'],
  [65, 35, 'a', 'a'],
  [50, 75, 'tie', 'b'],
  [70, 20, 'a'],
]);

describe('factors FILE', () => {
  it('scores every rater and how far each agrees with the main label', async () => {
    await cli.write('in.jsonl', EXAMPLE);
    const { code, out, err } = await cli.run('factors', 'in.jsonl', '--json');
    expect([code, err]).toEqual([0, '']);
    const { raters, agreements, version, captions, rows, leftOut } = JSON.parse(out);
    expect([rows, leftOut]).toEqual([8, {}]);
    expect(version).toMatch(/^rules-/);
    expect(captions.join(' ')).toMatch(/after Oh et al\..*no number here is theirs/);
    expect(raters.map(({ rater }: { rater: object }) => rater)).toEqual([
      { kind: 'human', name: 'human' },
      { kind: 'vote', name: 'robot' },
    ]);
    const [human, robot] = raters.map(({ scores }: { scores: { factor: string }[] }) =>
      scores.find(({ factor }) => factor === 'length'),
    );
    // By hand: a is longer in pairs 1, 4, 6 and 8.
    expect(human).toMatchObject({ C: 5, D: 2, Tf: 0, Tp: 1, Tb: 0, missing: 0, prompts: 4, low: null });
    expect(human.tau14).toBeCloseTo(3 / 7, 12);
    expect(human.reason).toContain('too few prompts');
    expect(robot).toMatchObject({ C: 6, D: 1, Tf: 0, Tp: 0, Tb: 0 });
    // Both decided six pairs; they differ on pairs 2, 3 and 4.
    expect(agreements).toMatchObject([
      { one: { name: 'robot' }, other: { name: 'human' }, pairs: 7, decided: 6, equal: 3, agreement: 0.5 },
    ]);
    const strengths = raters[0].scores.map(({ tau14 }: { tau14: number | null }) => Math.abs(tau14 ?? -1));
    const present = strengths.filter((_: number, place: number) => raters[0].scores[place].tau14 !== null);
    expect(present).toEqual([...present].sort((one, other) => other - one));
    expect(raters[0].scores.at(-1).tau14).toBeNull();
  });

  it('prints a table for people, with what was counted and what is ours', async () => {
    await cli.write('in.jsonl', EXAMPLE);
    const { code, out } = await cli.run('factors', 'in.jsonl', '--factors', 'length,novel_ngram_1');
    expect(code).toBe(0);
    expect(out).toContain('8 rows, 8 pairs');
    expect(out).toMatch(/main label: 8 pairs of 4 prompts, 12\.5 % of them tied/);
    expect(out).toMatch(/\nlength +5 +2 +0 +1 +0 +0 \+\.43 +\+\.43 1\.00/);
    expect(out).toMatch(/\nnovel_ngram_1 +0 +0 +0 +0 +0 +8 none/);
    expect(out).toMatch(/rater robot: 7 pairs/);
    expect(out).toMatch(/robot +50\.0 \[[\d.]+, [\d.]+\] +6/);
    expect(out).toContain('too few prompts for an interval');
    expect(out).toContain('no pair has a value of: novel_ngram_1 (needs source)');
    expect(out.replaceAll('\n', ' ')).toContain('no number here is theirs');
    expect(out).not.toContain('NaN');
  });

  it('prints CSV in full precision, one rater where one is named', async () => {
    await cli.write('in.jsonl', EXAMPLE);
    const { out } = await cli.run('factors', 'in.jsonl', '--csv', '--rater', 'robot', '--factors', 'length');
    const [head = '', row = '', end] = out.split('\r\n');
    const cells = Object.fromEntries(head.split(',').map((name, place) => [name, row.split(',')[place]]));
    expect(cells).toMatchObject({ rater_kind: 'vote', rater: 'robot', factor: 'length', C: '6', D: '1' });
    expect(Number(cells['tau14'])).toBe(5 / 7);
    expect(end).toBe('');
  });

  it('gives the same numbers again, and whichever response is called a', async () => {
    const rows = Array.from({ length: 40 }, (_, place) => [
      5 + ((place * 7) % 23),
      5 + ((place * 11) % 19),
      place % 3 === 0 ? 'b' : 'a',
    ]) as [number, number, 'a' | 'b'][];
    await cli.write('in.jsonl', pairs(rows));
    const mirrored = pairs(rows)
      .split('\n')
      .map((line) => {
        const { a, b, preference, ...row } = JSON.parse(line);
        return JSON.stringify({ ...row, a: b, b: a, preference: preference === 'a' ? 'b' : 'a' });
      });
    await cli.write('mirrored.jsonl', mirrored.join('\n'));
    const [one, again, other] = await Promise.all(
      ['in.jsonl', 'in.jsonl', 'mirrored.jsonl'].map(
        async (file) => (await cli.run('factors', file, '--json')).out,
      ),
    );
    expect(one).toBe(again);
    const [straight, swapped] = [one, other].map((text) => JSON.parse(text ?? '').raters[0].scores);
    const scoresOf = (scores: { factor: string; tau14: number | null; C: number }[]) =>
      Object.fromEntries(scores.map(({ factor, tau14, C }) => [factor, [tau14, C]]));
    expect(scoresOf(swapped)).toEqual(scoresOf(straight));
  });

  it.each<readonly [string, readonly string[], number, RegExp]>([
    [
      'an unknown factor',
      ['--factors', 'lenght,sentences'],
      2,
      /unknown factor "lenght"[\s\S]*Did you mean length/,
    ],
    ['an unknown rater', ['--rater', 'nobody'], 3, /--rater: nobody is called "nobody"[\s\S]*human, robot/],
    ['two formats', ['--csv', '--json'], 2, /two formats/],
    ['an unknown source', ['--from', 'x'], 2, /unknown format "x"/],
  ])('refuses %s', async (_name, argv, exitCode, message) => {
    await cli.write('in.jsonl', EXAMPLE);
    const { code, out, err } = await cli.run('factors', 'in.jsonl', ...argv);
    expect(code).toBe(exitCode);
    expect(`${out}${err}`).toMatch(message);
  });

  it('says where nobody rated anything', async () => {
    await cli.write('in.jsonl', pairs([[1, 2, undefined]]));
    const { code, err } = await cli.run('factors', 'in.jsonl');
    expect([code, err]).toEqual([3, expect.stringContaining('pairs that nobody rated')]);
  });
});

const LLMBAR = join(sharedData, 'llmbar', 'Adversarial', 'Neighbor', 'dataset.json');
const PANDALM = join(sharedData, 'pandalm', 'testset-v1.json');

describeWithData('factors of real files', [LLMBAR, PANDALM], () => {
  it('τ14 is the strength of Feedback Forensics on the exported file', async () => {
    const found = await cli.run('factors', PANDALM, '--json', '--rater', 'human');
    const { scores } = JSON.parse(found.out).raters[0];
    await cli.run('pairs', PANDALM, '--to', 'annotated-pairs', '--with-factors', '--out', 'ff.json');
    const { readFile } = await import('node:fs/promises');
    const document = JSON.parse(await readFile(join(cli.folder, 'ff.json'), 'utf8'));
    let compared = 0;
    for (const { factor, tau14, tau13, relevance, missing, C, D, Tf } of scores) {
      // Their reader counts a missing vote as "not applicable"; here such a pair leaves the factor.
      if (missing > 0) continue;
      const strength = strengthOf(document, `factor ${factor}`);
      expect(C + D + Tf).toBeGreaterThanOrEqual(100);
      expect(tau14).toBeCloseTo(strength.strength, 12);
      expect(relevance).toBeCloseTo(strength.relevance, 12);
      if (tau13 !== null) expect(tau13).toBeCloseTo(strength.kappa, 12);
      compared++;
    }
    expect(compared).toBeGreaterThanOrEqual(6);
  });

  it('people prefer the shorter response in the adversarial pairs of LLMBar', async () => {
    const { out } = await cli.run('factors', LLMBAR, '--factors', 'length', '--json');
    expect(JSON.parse(out).raters[0].scores[0]).toMatchObject({ C: 17, D: 114, Tf: 3, Tp: 0, missing: 0 });
  });
});

interface Annotated {
  readonly metadata: { readonly default_annotator: string };
  readonly annotators: Readonly<Record<string, { readonly name: string }>>;
  readonly comparisons: readonly {
    readonly annotations: Readonly<Record<string, { readonly pref: string | null }>>;
  }[];
}

/** The formulas of their documentation: accuracy over applicable votes, κ = 2(accuracy − ½), strength = κ · relevance. */
function strengthOf({ metadata, annotators, comparisons }: Annotated, name: string) {
  const hash = Object.keys(annotators).find((one) => annotators[one]?.name === name) ?? '';
  let [agree, disagree, notApplicable] = [0, 0, 0];
  for (const { annotations } of comparisons) {
    const said = annotations[metadata.default_annotator]?.pref;
    if (said !== 'a' && said !== 'b') continue;
    const vote = annotations[hash]?.pref;
    if (vote !== 'a' && vote !== 'b') notApplicable++;
    else if (vote === said) agree++;
    else disagree++;
  }
  const accuracy = agree + disagree === 0 ? 0.5 : agree / (agree + disagree);
  const kappa = 2 * (accuracy - 0.5);
  const relevance = (agree + disagree) / (agree + disagree + notApplicable);
  return { kappa, relevance, strength: kappa * relevance };
}
