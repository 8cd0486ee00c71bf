import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cachedByFiles } from '../../bin/serve/cached.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aligntrust-cache-'));
  await writeFile(join(folder, 'outcomes.jsonl'), 'one');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('what is kept of a folder', () => {
  it('is made once for any number of questions, at the same time too', async () => {
    let made = 0;
    const of = cachedByFiles(async () => ++made);
    expect(await Promise.all([of(folder), of(folder), of(folder)])).toEqual([1, 1, 1]);
    expect(await of(folder)).toBe(1);
  });

  it('is made anew when a file grows, is written again in the same size, comes or goes', async () => {
    let made = 0;
    const of = cachedByFiles(async () => ++made);
    const first = await of(folder);
    await writeFile(join(folder, 'outcomes.jsonl'), 'one and two');
    const second = await of(folder);
    await writeFile(join(folder, 'outcomes.jsonl'), 'two and one');
    await utimes(join(folder, 'outcomes.jsonl'), 1, 1);
    const third = await of(folder);
    await writeFile(join(folder, 'labels.jsonl'), '');
    const fourth = await of(folder);
    await rm(join(folder, 'labels.jsonl'));
    const fifth = await of(folder);
    expect(new Set([first, second, third, fourth, fifth]).size).toBe(5);
  });

  it('does not mind the files that a report itself writes', async () => {
    let made = 0;
    const of = cachedByFiles(async () => ++made);
    await of(folder);
    await writeFile(join(folder, 'report.html'), '<p>');
    await writeFile(join(folder, 'flips.jsonl'), '');
    expect(await of(folder)).toBe(1);
  });

  it('is tried again after a failure, and says so when there is no folder', async () => {
    let made = 0;
    const of = cachedByFiles(async () => {
      made += 1;
      if (made === 1) throw new Error('damaged');
      return made;
    });
    await expect(of(folder)).rejects.toThrow('damaged');
    expect(await of(folder)).toBe(2);
    await expect(of(join(folder, 'none'))).rejects.toThrow('ENOENT');
  });

  it('is forgotten for folders that were asked for long ago', async () => {
    let made = 0;
    const of = cachedByFiles(async () => ++made);
    const folders = await Promise.all(Array.from({ length: 9 }, () => mkdtemp(join(folder, 'run-'))));
    for (const each of folders) await of(each);
    expect(await of(folders[8] ?? '')).toBe(9);
    expect(await of(folders[0] ?? '')).toBe(10);
  });
});
