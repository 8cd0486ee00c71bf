import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readHistory } from '../../../results/leaderboard/history.ts';
import { safeName } from '../../../results/leaderboard/safe-name.ts';
import { stableUuid } from '../../../results/leaderboard/stable-uuid.ts';

const SAFE = /^[a-z0-9](?:[a-z0-9_~-]|\.(?=[a-z0-9_~-]))*$/;
const HOSTILE = [
  '../../x',
  '..',
  '.',
  '',
  'a/b',
  'a\\b',
  'a b',
  'A',
  'a',
  'a.',
  'con',
  'CON.txt',
  'nul',
  '\u0000',
  'ä',
  '日本',
  '.htaccess',
  'x'.repeat(300),
  'a:b',
  'C:\\x',
  '%2e%2e',
  '~',
  'a~b',
  '-rf',
  '<script>',
  'a\n',
];

describe('file names', () => {
  it('stay as they are where they are plain', () => {
    for (const name of ['dpo', 'sft-s2', '2026-11-22-tiny-2bc241', 'llama_3.1'])
      expect(safeName(name)).toBe(name);
  });

  it('are safe on every file system, whatever a checkpoint is called', () => {
    const names = HOSTILE.map(safeName);
    for (const name of names) expect(name).toMatch(SAFE);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(HOSTILE.length);
  });

  it('never collide, also with a text that imitates the name of another', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 80 }),
        fc.string({ unit: 'binary', maxLength: 80 }),
        (a, b) => {
          expect(safeName(a)).toMatch(SAFE);
          expect(safeName(a).length).toBeLessThanOrEqual(60);
          if (a !== b) expect(safeName(a).toLowerCase()).not.toBe(safeName(b).toLowerCase());
          expect(safeName(safeName(a))).toBe(safeName(a).includes('~') ? safeName(safeName(a)) : safeName(a));
        },
      ),
    );
    expect(safeName(safeName('../../x'))).not.toBe(safeName('../../x'));
  });

  it('gives a UUID of version 4 for a digest', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f]{64}$/), (digest) => {
        expect(stableUuid(digest)).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
      }),
    );
  });
});

describe('a history', () => {
  const entry = (publication: string, files: Record<string, string> = {}): string =>
    JSON.stringify({
      previous: '0'.repeat(64),
      at: '',
      aligntrust: '',
      publication,
      run: 'r',
      supersedes: null,
      files,
      source: { answers: null },
    });

  it('lets no path out of its folder', () => {
    const digest = 'a'.repeat(64);
    for (const name of ['..', '../x', 'a/b', '/etc', '', 'a..b', 'A\\B', '.new-1']) {
      expect([name, readHistory(entry(name)).entries]).toEqual([name, []]);
    }
    for (const path of ['../x', '/etc/passwd', 'a/../../b', '', 'a//b', '..', './a', 'a\\b']) {
      expect([path, readHistory(entry('run', { [path]: digest })).entries]).toEqual([path, []]);
    }
    expect(readHistory(entry('run', { 'a/b~c.json': digest })).entries).toHaveLength(1);
  });

  it('names lines that do not follow on the line before', () => {
    expect(readHistory(`${entry('one')}\n${entry('two')}\n`).broken).toEqual([2]);
    expect(readHistory('[]\nnull\n7\n{').broken).toEqual([1, 2, 3, 4]);
  });
});
