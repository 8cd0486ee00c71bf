import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../../benchmarks/journal/records.ts';
import {
  listRuns,
  makeRunFolder,
  readManifest,
  writeManifest,
} from '../../../benchmarks/journal/run-folder.ts';
import { UserError } from '../../../core/errors.ts';
import { temporaryFolders } from '../../fixtures/folders.ts';

const folder = temporaryFolders();

function manifest(run: string, createdAt: string): Manifest {
  return {
    schemaVersion: 1,
    run,
    fingerprint: 'f',
    createdAt,
    definition: { benchmark: 'b' },
    definitionDigest: 'd',
    versions: { aligntrust: '0.1.0', node: 'v20', platform: 'linux x64' },
    git: null,
    models: {},
    datasets: {},
    tasks: {},
  };
}

async function runWith(content: string): Promise<string> {
  const place = await folder();
  await writeFile(join(place, 'manifest.json'), content);
  return place;
}

async function refusal(promise: Promise<unknown>): Promise<UserError> {
  const error = await promise.catch((thrown: unknown) => thrown);
  if (!UserError.is(error)) throw new Error(`expected a refusal, got ${String(error)}`);
  return error;
}

describe('the manifest', () => {
  it('comes back as it was written', async () => {
    const place = await folder();
    await writeManifest(place, manifest('r', '2026-01-01'));
    expect(await readManifest(place)).toEqual(manifest('r', '2026-01-01'));
  });

  it.each([
    ['', 'it is empty'],
    ['{', 'it is no JSON'],
    ['[]', 'it holds [] and no object'],
    ['{"schemaVersion":7,"run":"r"}', 'schemaVersion is 7, and this version of aligntrust reads 1'],
    ['{"run":"r"}', 'schemaVersion is missing'],
    ['{"schemaVersion":1,"run":4}', 'run is 4 and no text'],
    ['{"schemaVersion":1,"run":"r","models":null}', 'models is null and no object'],
    ['{"schemaVersion":1,"run":"r","models":{},"tasks":"x"}', 'tasks is "x" and no object'],
  ])('is refused with the field, its value and a way out: %j', async (content, message) => {
    const error = await refusal(readManifest(await runWith(content)));
    expect(error.exitCode).toBe(3);
    expect(error.problems).toEqual([
      expect.objectContaining({
        where: expect.stringMatching(/manifest\.json$/),
        message: expect.stringContaining(message),
        fix: expect.stringContaining('copy of the run'),
      }),
    ]);
  });

  it.each([
    '',
    '{',
    'null',
    '[]',
    '{"schemaVersion":1}',
    '{"schemaVersion":2,"run":"r","models":{},"tasks":{}}',
    '{"schemaVersion":1,"run":"r","models":null,"tasks":{}}',
    '\u0000\u0000',
  ])('is refused when it is damaged or of another version: %j', async (content) => {
    const error = await refusal(readManifest(await runWith(content)));
    expect(error.exitCode).toBe(3);
    expect(error.message).toMatch(/manifest\.json: is damaged or of another version/);
  });

  it('is refused when it was cut anywhere', async () => {
    const place = await folder();
    await writeManifest(place, manifest('r', '2026-01-01'));
    const whole = await readFile(join(place, 'manifest.json'), 'utf8');
    for (let length = 0; length < whole.length - 2; length += 11)
      expect((await refusal(readManifest(await runWith(whole.slice(0, length))))).exitCode).toBe(3);
  });

  it('is missed in a folder that is no run', async () => {
    expect((await refusal(readManifest(await folder()))).message).toMatch(/is not a run/);
    expect((await refusal(readManifest(join(await runWith(''), 'manifest.json')))).message).toMatch(
      /is not a run/,
    );
  });
});

describe('listRuns', () => {
  it('gives the newest first, and passes over folders that are no runs', async () => {
    const runs = await folder();
    for (const [name, createdAt] of [
      ['a', '2026-01-02T00:00:00Z'],
      ['b', '2026-01-03T00:00:00Z'],
      ['c', '2026-01-01T00:00:00Z'],
    ] as const) {
      await mkdir(join(runs, name));
      await writeManifest(join(runs, name), manifest(name, createdAt));
    }
    await mkdir(join(runs, 'empty'));
    await writeFile(join(runs, 'file'), '');
    expect((await listRuns(runs)).map(({ manifest: { run } }) => run)).toEqual(['b', 'a', 'c']);
  });

  it('tells of runs whose manifest is damaged, so that nobody wonders where their answers went', async () => {
    const runs = await folder();
    await mkdir(join(runs, 'broken'));
    await writeFile(join(runs, 'broken', 'manifest.json'), '{"schemaVersion":1');
    await mkdir(join(runs, 'not-a-run'));
    const damaged: string[] = [];
    expect(await listRuns(runs, (one) => damaged.push(one))).toEqual([]);
    expect(damaged).toEqual([join(runs, 'broken')]);
  });

  it('is empty where there is no folder', async () => {
    expect(await listRuns(join(await folder(), 'absent'))).toEqual([]);
  });
});

describe('makeRunFolder', () => {
  it('makes a folder below folders, and does not mind one that is there', async () => {
    const place = join(await folder(), 'a', 'b');
    await makeRunFolder(place);
    await makeRunFolder(place);
    expect(await listRuns(place)).toEqual([]);
  });

  it('says what is in the way', async () => {
    const place = await runWith('x');
    const error = await refusal(makeRunFolder(join(place, 'manifest.json', 'below')));
    expect(error.exitCode).toBe(3);
    expect(error.message).toMatch(/--runs/);
  });
});
