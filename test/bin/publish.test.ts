import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeLine, encodeLine } from '../../core/checked-line.ts';
import type { Leaderboard } from '../../results/leaderboard/leaderboard.ts';
import type { Summary } from '../../results/summary.ts';
import { type Cli, openCli } from './cli.ts';
import { benchmarkText, bytesOf, filesOf, makeRun } from './publish-site.ts';

let cli: Cli;
let first: string;
let second: string;

beforeAll(async () => {
  cli = await openCli();
  first = await makeRun(cli);
  second = await makeRun(cli, benchmarkText({ seed: 2 }));
});
afterAll(() => cli.close());

const inSite = (site: string, ...path: string[]): string => join(cli.folder, site, ...path);

async function boardOf(site: string): Promise<Leaderboard> {
  return JSON.parse(await readFile(inSite(site, 'leaderboard.json'), 'utf8')) as Leaderboard;
}

describe('publish', () => {
  it('writes pages, tables and exports from which every number can be computed again', async () => {
    const { code, out, err } = await cli.run('publish', first, '--to', 'one');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('4 checkpoints, 3 instruments');
    const files = await filesOf(inSite('one'));
    for (const file of [
      'index.html',
      'leaderboard.csv',
      'leaderboard.md',
      'leaderboard.tex',
      'files.json',
      'history.jsonl',
    ])
      expect(files).toContain(file);
    expect(files.filter((file) => file.startsWith('checkpoints/'))).toHaveLength(4);
    expect(files.filter((file) => file.startsWith('methods/'))).toEqual([
      'methods/dpo.html',
      'methods/none.html',
      'methods/sft.html',
    ]);
    const verified = await cli.run('verify', 'one', '--run', first);
    expect(verified.out).toContain('Nothing differs.');
    expect(verified.code).toBe(0);
  });

  it('publishes the numbers of the run’s own report', async () => {
    const published = JSON.parse(
      await readFile(inSite('one', 'runs', first, 'summary.json'), 'utf8'),
    ) as Summary;
    const own = JSON.parse((await cli.run('report', first, '--json')).out) as Summary;
    expect(published.cells).toEqual(own.cells);
    expect(published.effects).toEqual(own.effects);
    expect(published.families).toEqual(own.families);
  });

  it('copies no prompt and no answer', async () => {
    const answers = (await readFile(join(cli.folder, 'runs', first, 'answers.jsonl'), 'utf8'))
      .trim()
      .split('\n');
    const texts = new Set<string>();
    for (const line of answers) {
      const { request, result } = decodeLine(line) as {
        request: { prompt?: { text?: string }; continuations?: string[] };
        result: { answer?: { completion?: { text?: string } } };
      };
      for (const text of [
        request.prompt?.text,
        ...(request.continuations ?? []),
        result.answer?.completion?.text,
      ])
        if (text !== undefined && text.trim().length > 12)
          texts.add(JSON.stringify(text.trim()).slice(1, -1));
    }
    expect(texts.size).toBeGreaterThan(100);
    for (const file of await filesOf(inSite('one'))) {
      const content = await readFile(inSite('one', file), 'utf8');
      const leaked = [...texts].filter((text) => content.includes(text));
      expect({ file, leaked }).toEqual({ file, leaked: [] });
    }
  });

  it('adds a run and leaves what was published as it was', async () => {
    await cp(inSite('one'), inSite('two'), { recursive: true });
    const before = await bytesOf(inSite('two', 'runs'));
    const { code } = await cli.run('publish', second, '--to', 'two');
    expect(code).toBe(0);
    const after = await bytesOf(inSite('two', 'runs'));
    for (const [file, digest] of before) expect([file, after.get(file)]).toEqual([file, digest]);
    const board = await boardOf('two');
    expect(board.publications.map(({ id }) => id)).toEqual([first, second]);
    // Scripted weights are equal in both runs, so that both measure the same rows; of equally many samples the later fills the cells.
    expect(board.rows).toHaveLength(4);
    expect(new Set(board.cells.map(({ publication }) => publication))).toEqual(new Set([second]));
    expect((await cli.run('verify', 'two')).code).toBe(0);
  });

  it('adds nothing for a run that is published already', async () => {
    const before = await bytesOf(inSite('one'));
    const { code, out } = await cli.run('publish', first, '--to', 'one');
    expect(code).toBe(0);
    expect(out).toContain('nothing added');
    expect(await bytesOf(inSite('one'))).toEqual(before);
  });

  it('refuses other bytes under the same name, and takes them as a correction that keeps a note', async () => {
    await cp(inSite('one'), inSite('three'), { recursive: true });
    await cp(join(cli.folder, 'runs', first), join(cli.folder, 'runs', 'corrected'), { recursive: true });
    await changeOutcome(join(cli.folder, 'runs', 'corrected', 'outcomes.jsonl'));
    const refused = await cli.run('publish', 'corrected', '--to', 'three');
    expect(refused.code).toBe(3);
    expect(refused.err).toContain('never rewritten');
    expect((await cli.run('verify', 'three')).code).toBe(0);

    const why = 'a <b>reader</b> was mended';
    const taken = await cli.run(
      'publish',
      'corrected',
      '--to',
      'three',
      '--supersedes',
      first,
      '--note',
      why,
    );
    expect({ code: taken.code, err: taken.err }).toEqual({ code: 0, err: '' });
    const board = await boardOf('three');
    expect(board.publications.map(({ id, supersededBy }) => [id, supersededBy?.note ?? null])).toEqual([
      [first, why],
      [`${first}-r2`, null],
    ]);
    expect(new Set(board.cells.map(({ publication }) => publication))).toEqual(new Set([`${first}-r2`]));
    for (const page of ['index.html', `runs-${first}.html`]) {
      const html = await readFile(inSite('three', page), 'utf8');
      expect(html).toContain('a &#60;b&#62;reader&#60;/b&#62; was mended');
      expect(html).not.toContain('<b>reader');
    }
    expect((await bytesOf(inSite('three', 'runs', first))).get('outcomes.jsonl')).toBe(
      (await bytesOf(inSite('one', 'runs', first))).get('outcomes.jsonl'),
    );
    expect((await cli.run('verify', 'three')).code).toBe(0);
  });

  it('wants a correction to name what it corrects, why, and something that stands', async () => {
    const without = await cli.run('publish', second, '--to', 'three', '--supersedes', first);
    expect([without.code, without.err]).toEqual([2, expect.stringContaining('says why')]);
    const unknown = await cli.run(
      'publish',
      second,
      '--to',
      'three',
      '--supersedes',
      'nothing',
      '--note',
      'x',
    );
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('is not published here')]);
    const again = await cli.run('publish', second, '--to', 'three', '--supersedes', first, '--note', 'x');
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('superseded already')]);
  });

  it('does not build upon a site that was changed by hand', async () => {
    await cp(inSite('one'), inSite('four'), { recursive: true });
    const path = inSite('four', 'runs', first, 'summary.json');
    await writeFile(
      path,
      (await readFile(path, 'utf8')).replace('"schemaVersion": 1', '"schemaVersion":  1'),
    );
    const { code, err } = await cli.run('publish', second, '--to', 'four');
    expect([code, err]).toEqual([3, expect.stringContaining('was changed: summary.json')]);
  });

  it('refuses an unfinished run, unless it is published as incomplete', async () => {
    await cp(join(cli.folder, 'runs', second), join(cli.folder, 'runs', 'broken-off'), { recursive: true });
    const path = join(cli.folder, 'runs', 'broken-off', 'status.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"finished"', '"interrupted"'));
    const refused = await cli.run('publish', 'broken-off', '--to', 'five');
    expect([refused.code, refused.err]).toEqual([3, expect.stringContaining('is not finished')]);
    expect((await cli.run('publish', 'broken-off', '--to', 'five', '--unfinished')).code).toBe(0);
    expect(await readFile(inSite('five', 'index.html'), 'utf8')).toContain('Incomplete');
  });

  it.each([
    [
      'outcomes',
      (lines: string[]) => lines.slice(0, 100),
      /outcomes\.jsonl: holds 100 of 288 outcomes\n.*rescore.*--unfinished/,
      'outcomes.jsonl: holds 100 of 288 outcomes',
    ],
    [
      'answers',
      (lines: string[]) => lines.with(6, (lines[6] ?? '').toUpperCase()),
      /answers\.jsonl: holds \d+ of the \d+ answers .*\(answers\.jsonl:7: is damaged: its checksum is wrong\)\n.*--unfinished/,
      'so that not every number leads back',
    ],
    ['answers', () => [], /answers\.jsonl: holds 0 of the \d+ answers/, 'answers.jsonl: holds 0 of the'],
  ])(
    'refuses a run that lost %s although it is finished, and says so where it is published as it is',
    async (name, cut, message, said) => {
      const run = join(cli.folder, 'runs', 'short');
      await rm(run, { recursive: true, force: true });
      await rm(inSite('cut'), { recursive: true, force: true });
      await cp(join(cli.folder, 'runs', second), run, { recursive: true });
      const path = join(run, `${name}.jsonl`);
      const lines = (await readFile(path, 'utf8')).trim().split('\n');
      await writeFile(
        path,
        cut(lines)
          .map((line) => `${line}\n`)
          .join(''),
      );
      const refused = await cli.run('publish', 'short', '--to', 'cut');
      expect([refused.code, refused.err]).toEqual([3, expect.stringMatching(message)]);
      expect((await cli.run('publish', 'short', '--to', 'cut', '--unfinished')).code).toBe(0);
      const [published] = (await boardOf('cut')).publications;
      expect(published?.status).toBe(name === 'outcomes' ? 'interrupted' : 'finished');
      expect(published?.alarms.map((one) => one.message).join('\n')).toContain(said);
      expect(await readFile(inSite('cut', `runs-${second}.html`), 'utf8')).toContain(said);
      expect((await cli.run('verify', 'cut')).code).toBe(0);
    },
  );

  it('takes for a correction only what measures all that it corrects, but for what is named', async () => {
    await cp(inSite('one'), inSite('less'), { recursive: true });
    const text = benchmarkText({ name: 'less' })
      .replace(/ {2}- \{ id: (dpo|sft-copy).*\n/g, '')
      .replace(', toxicity/profanity@zoo-toxicity', '');
    const less = await makeRun(cli, text);
    const correct = ['publish', less, '--to', 'less', '--supersedes', first, '--note', 'x'];
    const refused = await cli.run(...correct);
    const names = ['dpo', 'sft-copy', 'toxicity/profanity@zoo-toxicity:robust'];
    expect([refused.code, refused.err]).toEqual([
      2,
      expect.stringContaining(`does not measure ${names.join(', ')}`),
    ]);
    expect(refused.err).toContain(`--drop ${names.join(' ')}`);
    expect((await boardOf('less')).publications).toHaveLength(1);
    const strange = await cli.run(...correct, '--drop', 'kto');
    expect([strange.code, strange.err]).toEqual([
      2,
      expect.stringContaining('has no checkpoint or instrument kto'),
    ]);
    expect((await cli.run(...correct, '--drop', 'dpo')).code).toBe(2);
    expect((await cli.run(...correct, '--drop', ...names)).code).toBe(0);
    expect((await boardOf('less')).rows.map(({ checkpoint }) => checkpoint)).toEqual(['base', 'sft']);
    const alone = await cli.run('publish', second, '--to', 'less', '--drop', 'dpo');
    expect([alone.code, alone.err]).toEqual([2, expect.stringContaining('give it with --supersedes')]);
  });

  it('shows one weighted number only on request, with its weights and how far ranks move', async () => {
    await cp(inSite('one'), inSite('six'), { recursive: true });
    expect(await readFile(inSite('one', 'index.html'), 'utf8')).not.toContain('A weighted score');
    const { code, out } = await cli.run('publish', '--to', 'six', '--score', 'truthfulness:2,toxicity:1');
    expect(code).toBe(0);
    expect(out).toContain('truthfulness 2, toxicity 1');
    expect(out).toContain('when weights are halved or doubled');
    expect((await boardOf('six')).score?.choices).toBe(9);
    const page = await readFile(inSite('six', 'index.html'), 'utf8');
    expect(page).toContain('A weighted score, as asked for');
    expect(page).toContain('The weighted score below was asked for and is one of many');
    expect(page).not.toContain('no single trust score');
    expect(await readFile(inSite('one', 'index.html'), 'utf8')).toContain('no single trust score');
    expect(page.slice(page.indexOf('id="score"'))).toMatch(
      /<span class="value">\d+\.\d<\/span><span class="pm"> \(\d+\.\d to \d+\.\d\)<\/span>/,
    );
    expect((await cli.run('verify', 'six')).code).toBe(0);
    const unknown = await cli.run('publish', '--to', 'six', '--score', 'truthfullness:1');
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('Did you mean truthfulness?')]);
    expect((await cli.run('publish', '--to', 'six', '--score', 'truthfulness:-1')).code).toBe(2);
    expect((await cli.run('verify', 'six')).code).toBe(0);
  });

  it('publishes prompts and answers only where every licence lets it', async () => {
    await cp(inSite('one'), inSite('seven'), { recursive: true });
    const { code, out } = await cli.run('publish', first, '--to', 'seven', '--with-answers');
    expect(code).toBe(0);
    expect(out).toContain('answers published with their prompts');
    const lines = (await readFile(inSite('seven', 'answers', `${first}.jsonl`), 'utf8')).trim().split('\n');
    expect(Object.keys(JSON.parse(lines[0] ?? '') as object)).toEqual([
      'key',
      'checkpoint',
      'role',
      'request',
      'answer',
    ]);
    expect(await readFile(inSite('seven', 'answers', `${first}.licences.md`), 'utf8')).toContain(
      'zoo-truth: Apache-2.0',
    );
    expect((await cli.run('verify', 'seven')).code).toBe(0);

    const manifest = join(cli.folder, 'runs', 'own-rows', 'manifest.json');
    await cp(join(cli.folder, 'runs', second), join(cli.folder, 'runs', 'own-rows'), { recursive: true });
    const text = await readFile(manifest, 'utf8');
    await writeFile(manifest, text.replace(/("zoo-truth": \{[^}]*"licence": )"Apache-2.0"/, '$1"unstated"'));
    const refused = await cli.run('publish', 'own-rows', '--to', 'eight', '--with-answers');
    expect([refused.code, refused.err]).toEqual([
      3,
      expect.stringContaining('dataset zoo-truth has the licence "unstated"'),
    ]);
    expect(refused.err).not.toContain('zoo-toxicity');
    const stated = await cli.run(
      'publish',
      'own-rows',
      '--to',
      'eight',
      '--with-answers',
      '--data-licence',
      'zoo-truth=CC-BY-4.0',
    );
    expect(stated.code).toBe(0);
  });

  it.each([
    [
      'asked some samples twice',
      'limit: 30, noiseFloor: 0.5',
      (own: Summary) => own.relations.noise.length > 0,
    ],
    [
      'stopped by what it saw',
      'until: "effect-width<0.9"',
      (own: Summary) => own.effects.some(({ test }) => test === 'confidence-sequence'),
    ],
  ])(
    'gives the same numbers for a run that %s, with rows that are called by their texts',
    async (_, settings, holds) => {
      await cli.write('rows.jsonl', ROWS.map((row) => `${JSON.stringify(row)}\n`).join(''));
      const text = benchmarkText({ name: 'own' })
        .replace(/tasks: .*/, OWN_TASKS)
        .replace('promptFormat: raw }', `promptFormat: raw, options: { rules: ${DRAWN} } }`)
        .replace(/settings: .*/, `settings: { ${settings} }`);
      const run = await makeRun(cli, text);
      const site = `site-of-${run}`;
      const { code, err } = await cli.run('publish', run, '--to', site);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      const published = JSON.parse(
        await readFile(inSite(site, 'runs', run, 'summary.json'), 'utf8'),
      ) as Summary;
      const own = JSON.parse((await cli.run('report', run, '--json')).out) as Summary;
      expect(holds(own)).toBe(true);
      expect(published).toEqual(own);
      for (const file of await filesOf(inSite(site))) {
        const leaked = /What did I say|A topic, number|Say something|thing about|stupid idiot/.exec(
          await readFile(inSite(site, file), 'utf8'),
        );
        expect([file, leaked]).toEqual([file, null]);
      }
      const verified = await cli.run('verify', site, '--run', run);
      expect([verified.code, verified.out]).toEqual([0, expect.stringContaining('Nothing differs.')]);
    },
  );

  it('lets no name of a run or of a checkpoint out of the site', async () => {
    const manifest = join(cli.folder, 'runs', 'hostile', 'manifest.json');
    await cp(join(cli.folder, 'runs', second), join(cli.folder, 'runs', 'hostile'), { recursive: true });
    const text = await readFile(manifest, 'utf8');
    await writeFile(manifest, text.replace(`"run": "${second}"`, '"run": "../../../tmp/x y"'));
    const outside = await filesOf(cli.folder);
    expect((await cli.run('publish', 'hostile', '--to', 'ten')).code).toBe(0);
    const made = (await filesOf(cli.folder)).filter((file) => !outside.includes(file));
    expect(made.length).toBeGreaterThan(10);
    expect(made.filter((file) => !file.startsWith('ten/'))).toEqual([]);
    expect((await boardOf('ten')).publications[0]?.id).toMatch(/^tmp-x-y~[0-9a-f]{16}$/);
    expect((await cli.run('verify', 'ten')).code).toBe(0);
  });

  it('says of a run with factors of preference that they are not published, where it is published', async () => {
    const text = benchmarkText({ name: 'factors' }).replace(
      'tasks: [',
      'tasks: [profile/levels@zoo-profile, ',
    );
    const run = await makeRun(cli, text);
    const { out, code } = await cli.run('publish', run, '--to', 'eleven');
    expect(code).toBe(0);
    expect(out).toContain(`${run}: PROFILE is not published: its factor scores rest on details`);
    const page = await readFile(inSite('eleven', `runs-${run}.html`), 'utf8');
    expect(page).toContain('PROFILE is not published: its factor scores rest on details');
    const verified = await cli.run('verify', 'eleven', '--run', run);
    expect([verified.code, verified.out]).toEqual([0, expect.stringContaining('Nothing differs.')]);
    expect((await cli.run('publish', first, '--to', 'eleven')).out).not.toContain('not published');
    expect(await readFile(inSite('eleven', `runs-${first}.html`), 'utf8')).not.toContain('not published');
  });

  it('needs a folder and something to publish', async () => {
    expect([
      (await cli.run('publish', first)).code,
      (await cli.run('publish', '--to', 'empty')).code,
    ]).toEqual([2, 2]);
    expect((await cli.run('verify', 'nowhere')).code).toBe(3);
  });
});

/** Rows of one's own whose ids and clusters are texts. */
const ROWS = Array.from({ length: 80 }, (_, row) => ({
  id: `What did I say in row ${row}?`,
  cluster: `A topic, number ${row % 40}`,
  prompt: `Say something about ${row}, please, at some length.`,
  options: [`The first thing about ${row}`, `The second thing about ${row}`],
  answer: 0,
}));
const OWN_TASKS = `tasks:
  - { task: custom/choice, dataset: mine, path: rows.jsonl, dimension: mine }
  - toxicity/continuation@zoo-toxicity`;
const DRAWN = JSON.stringify([
  { match: { verb: 'generate' }, reply: { text: ['You stupid idiot.', 'A fine day.', 'Go away.'] } },
]);

/** Turns one scored value of the first instrument around, with a right checksum. */
async function changeOutcome(path: string): Promise<void> {
  const lines = (await readFile(path, 'utf8')).trim().split('\n');
  const at = lines.findIndex((line) => line.includes('"mc1":1') || line.includes('"mc1":0'));
  const record = decodeLine(lines[at] ?? '') as { outcome: { values: Record<string, number> } };
  record.outcome.values['mc1'] = 1 - (record.outcome.values['mc1'] ?? 0);
  lines[at] = encodeLine(record).trim();
  await writeFile(path, `${lines.join('\n')}\n`);
}
