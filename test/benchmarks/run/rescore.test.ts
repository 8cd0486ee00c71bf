import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { OutcomeRecord } from '../../../benchmarks/journal/records.ts';
import { readManifest, writeManifest } from '../../../benchmarks/journal/run-folder.ts';
import { rescore } from '../../../benchmarks/run/rescore.ts';
import { summariseRun } from '../../../bin/summarise-run.ts';
import { decodeLine, encodeLine } from '../../../core/checked-line.ts';
import { EXIT } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { runTypeScript } from '../../fixtures/child.ts';
import { temporaryFolders } from '../../fixtures/folders.ts';
import { define, outcomesOf, refusalOf, run, scripted, sortedOutcomes } from './support.ts';

const folder = temporaryFolders();
const context = { env: {}, notify: () => {} };

/** Both tasks on two checkpoints, of which one cannot score, one sometimes fails, and each is asked twice. */
const everything: JsonObject = scripted(
  [
    {
      id: 'base',
      options: { rules: [{ match: { share: 0.2 }, reply: { error: { status: 400, message: 'no' } } }] },
    },
    { id: 'sft', parent: 'base', options: { verbs: ['generate'] } },
    { id: 'chat', parent: 'base', promptFormat: 'chat' },
  ],
  {
    tasks: [
      { task: 'truthfulness/mc1', dataset: 'zoo-truth' },
      { task: 'truthfulness/binary', dataset: 'zoo-truth' },
      { task: 'truthfulness/mc-generate', dataset: 'zoo-truth' },
    ],
    settings: { seed: 3, limit: 12, repeats: 2 },
  },
);

describe('rescore', () => {
  it('reads the very same outcomes from the answers, skipped and failed ones too, and asks nothing', async () => {
    const { folder: place } = await run(await define(everything), await folder(), { skipMissing: true });
    const before = await sortedOutcomes(place);
    const answers = await readFile(join(place, 'answers.jsonl'));
    const kinds = new Set((await outcomesOf(place)).map(({ outcome }) => outcome.kind));
    expect(kinds).toEqual(new Set(['scored', 'unscored', 'failed', 'skipped']));
    const { samples, unanswered, changed } = await rescore(place, '/', context);
    expect({ samples, unanswered, changed }).toEqual({ samples: 3 * 3 * 12 * 2, unanswered: 0, changed: 0 });
    expect(await sortedOutcomes(place)).toEqual(before);
    expect(await readFile(join(place, 'answers.jsonl'))).toEqual(answers);
  });

  it('makes outcomes that were lost or damaged anew', async () => {
    const { folder: place } = await run(await define(scripted([{ id: 'base' }])), await folder());
    const before = await sortedOutcomes(place);
    await writeFile(join(place, 'outcomes.jsonl'), 'damaged');
    expect(await rescore(place, '/', context)).toMatchObject({ changed: null });
    expect(await sortedOutcomes(place)).toEqual(before);
    await rm(join(place, 'outcomes.jsonl'));
    await rescore(place, '/', context);
    expect(await sortedOutcomes(place)).toEqual(before);
  });

  it('counts the outcomes that are read in another way', async () => {
    const { folder: place } = await run(await define(scripted([{ id: 'base' }])), await folder());
    const [first = '', ...rest] = (await readFile(join(place, 'outcomes.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n');
    const other = { ...(decodeLine(first) as OutcomeRecord), outcome: { kind: 'unscored', reason: 'empty' } };
    await writeFile(join(place, 'outcomes.jsonl'), `${[encodeLine(other).trimEnd(), ...rest].join('\n')}\n`);
    expect(await rescore(place, '/', context)).toMatchObject({ changed: 1 });
    expect(await rescore(place, '/', context)).toMatchObject({ changed: 0 });
  });

  it('says with which version of its tasks a run was read', async () => {
    const { folder: place } = await run(await define(scripted([{ id: 'base' }])), await folder());
    const written = await readManifest(place);
    const older = Object.entries(written.tasks).map(([name, facts]) => [name, { ...facts, version: 0 }]);
    await writeManifest(place, { ...written, tasks: Object.fromEntries(older) });
    await expect(summariseRun(place)).rejects.toThrow('version 0');
    const { manifest } = await rescore(place, '/', context);
    expect(manifest).toEqual(written);
    expect(await readManifest(place)).toEqual(written);
    expect((await summariseRun(place)).tasks).toHaveLength(Object.keys(written.tasks).length);
  });

  it('counts what the run never answered, and makes nothing of it', async () => {
    const settings = { seed: 1, limit: 20, maxRequests: 15 };
    const { folder: place } = await run(
      await define(scripted([{ id: 'base' }], { settings })),
      await folder(),
    );
    const { samples, unanswered } = await rescore(place, '/', context);
    expect({ samples, unanswered }).toEqual({ samples: 20, unanswered: 5 });
    const missing = (await outcomesOf(place)).filter(({ outcome }) => outcome.kind === 'failed');
    expect(missing.map(({ outcome }) => outcome.kind === 'failed' && outcome.error.code)).toEqual(
      Array.from({ length: 5 }, () => 'not-answered'),
    );
  });

  it('reads a run that was killed before the first answer', async () => {
    const { folder: place } = await run(await define(scripted([{ id: 'base' }])), await folder());
    await rm(join(place, 'answers.jsonl'));
    await rm(join(place, 'outcomes.jsonl'));
    expect(await rescore(place, '/', context)).toMatchObject({ samples: 40, unanswered: 40 });
  });

  describe('of a run whose answers are damaged', () => {
    const files = ['outcomes.jsonl', 'noise.jsonl', 'manifest.json'];
    const contentOf = (place: string) =>
      Promise.all(files.map((name) => readFile(join(place, name), 'utf8').catch(() => '')));

    it.each([
      ['cut within a line', (text: string) => text.slice(0, -700), /answers\.jsonl:\d+: breaks off/],
      [
        'cut between lines',
        (text: string) => linesOf(text).slice(0, 9).join(''),
        /answers\.jsonl: ends after line 9/,
      ],
      ['with one byte flipped', (text: string) => flippedIn(text, 7), /answers\.jsonl:7: is damaged/],
      ['without its answers', () => '', /answers\.jsonl: holds no answers/],
    ])('keeps every outcome, %s, and says where the answers are lost', async (_, damage, where) => {
      const { folder: place } = await run(await define(scripted([{ id: 'base' }])), await folder());
      const before = await contentOf(place);
      const answers = join(place, 'answers.jsonl');
      const text = await readFile(answers, 'utf8');
      await writeFile(answers, damage(text));
      const refusal = await refusalOf(rescore(place, '/', context));
      expect(refusal.exitCode).toBe(EXIT.environment);
      expect(refusal.message).toMatch(where);
      expect(refusal.message).toMatch(/\d+ outcomes? rests? on (?:an answer|answers) that/);
      expect(refusal.message).toContain('run the same definition again');
      expect(await contentOf(place)).toEqual(before);
      expect((await readdir(place)).filter((name) => name.endsWith('.new'))).toEqual([]);
      // The way out that it names leads there.
      await run(await define(scripted([{ id: 'base' }])), join(place, '..'));
      expect(await rescore(place, '/', context)).toMatchObject({ unanswered: 0, changed: 0 });
    });

    it('keeps those of samples that were asked a second time', async () => {
      const definition = await define(
        scripted([{ id: 'base' }], {
          tasks: [{ task: 'toxicity/continuation', dataset: 'zoo-toxicity' }],
          settings: { seed: 1, limit: 20, noiseFloor: 0.5 },
        }),
      );
      const { folder: place } = await run(definition, await folder());
      const before = await contentOf(place);
      expect(before[1]).not.toBe('');
      const answers = join(place, 'answers.jsonl');
      // They are asked last.
      const lines = linesOf(await readFile(answers, 'utf8'));
      await writeFile(answers, lines.slice(0, -1).join(''));
      expect((await refusalOf(rescore(place, '/', context))).message).toContain(
        '1 outcome rests on an answer',
      );
      expect(await contentOf(place)).toEqual(before);
    });

    it('lets a line go that nothing rests on any more', async () => {
      const { folder: place } = await run(await define(scripted([{ id: 'base' }])), await folder());
      const answers = join(place, 'answers.jsonl');
      const text = await readFile(answers, 'utf8');
      await writeFile(answers, `${flippedIn(text, 7)}${linesOf(text)[6] ?? ''}`);
      expect(await rescore(place, '/', context)).toMatchObject({ unanswered: 0, changed: 0 });
    });

    it('protects what is left of damaged outcomes', async () => {
      const { folder: place } = await run(await define(scripted([{ id: 'base' }])), await folder());
      const [outcomes, answers] = [join(place, 'outcomes.jsonl'), join(place, 'answers.jsonl')];
      await writeFile(outcomes, flippedIn(await readFile(outcomes, 'utf8'), 1));
      await writeFile(
        answers,
        linesOf(await readFile(answers, 'utf8'))
          .slice(0, 9)
          .join(''),
      );
      expect((await refusalOf(rescore(place, '/', context))).exitCode).toBe(EXIT.environment);
    });
  });

  it('keeps out of a run that another process writes', async () => {
    const { folder: place } = await run(await define(scripted([{ id: 'base' }])), await folder());
    const before = await sortedOutcomes(place);
    const holder = runTypeScript(new URL('../../fixtures/hold-lock.ts', import.meta.url), [place]);
    await holder.says(/held/);
    expect((await refusalOf(rescore(place, '/', context))).exitCode).toBe(EXIT.environment);
    holder.process.kill('SIGKILL');
    await holder.ended;
    expect(await sortedOutcomes(place)).toEqual(before);
  });

  it('refuses a folder that is no run', async () => {
    expect((await refusalOf(rescore(await folder(), '/', context))).exitCode).toBe(EXIT.environment);
  });
});

/** Each with its newline. */
function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/);
}

/** One character of a line, counted from 1, is another. */
function flippedIn(text: string, number: number): string {
  return linesOf(text)
    .map((line, index) =>
      index === number - 1 ? line.replace(/[a-z]/, (letter) => letter.toUpperCase()) : line,
    )
    .join('');
}
