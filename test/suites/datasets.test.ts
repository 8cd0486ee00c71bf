import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sha256 } from '../../core/digest.ts';
import { UserError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { CATALOGUE } from '../../suites/datasets/catalogue/index.ts';
import type { DatasetFormat } from '../../suites/datasets/entry.ts';
import { datasetIds, describeDataset, loadDataset } from '../../suites/datasets/index.ts';
import { readRows } from '../../suites/datasets/read-rows.ts';
import { file, serve, status } from './file-server.ts';
import { describeWithData, TRUTHFULQA_790, TRUTHFULQA_817 } from './shared-data.ts';

let folder: string;
let lines: string[];
const notify = (line: string): void => {
  lines.push(line);
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aligntrust-datasets-'));
  lines = [];
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function failureOf(work: Promise<unknown>): Promise<UserError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!UserError.is(error)) throw new Error(`not a UserError: ${String(error)}`);
  return error;
}

describe('the catalogue', () => {
  it('names each dataset once and says what a person needs to know of it', () => {
    expect(new Set(datasetIds).size).toBe(datasetIds.length);
    for (const id of datasetIds) {
      const facts = describeDataset(id);
      expect(facts.licence).not.toBe('');
      expect(facts.citation).not.toBe('');
      if (facts.file.kind !== 'download') continue;
      expect(facts.file.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(facts.file.urls.length).toBeGreaterThan(0);
      for (const url of facts.file.urls) expect(new URL(url).protocol).toBe('https:');
      expect(facts.rows).toBeGreaterThan(0);
    }
  });

  it('suggests the nearest name for an unknown one, with exit code 2', async () => {
    const error = await failureOf(loadDataset('truthfulqa-871', { env: {}, notify }));
    expect(error.exitCode).toBe(2);
    expect(error.message).toMatch(/unknown dataset "truthfulqa-871"\n {3}did you mean "truthfulqa-817"/);
  });

  it('holds schemas that refuse a row with nothing in it', async () => {
    for (const entry of CATALOGUE) {
      const work = readRows(Buffer.from('[{}]'), { ...entry, format: 'json' }, 'x.json');
      await expect(work).rejects.toThrow(/missing/);
    }
  });
});

const SCHEMA: JsonObject = {
  type: 'object',
  required: ['question', 'best'],
  properties: { question: { type: 'string', minLength: 1 }, best: { type: 'string' } },
};

function read(
  content: string | Uint8Array,
  format: DatasetFormat,
  rows: number | null = null,
): Promise<unknown> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return readRows(bytes, { format, rows, rowSchema: SCHEMA }, 'set.x');
}

describe('reading rows', () => {
  const expected = [
    { question: 'Why, "then"?', best: 'two\nlines' },
    { question: 'é', best: '' },
  ];

  it.each<[DatasetFormat, string]>([
    ['csv', 'question,best\n"Why, ""then""?","two\nlines"\né,\n'],
    ['csv', '\uFEFFquestion,best\r\n"Why, ""then""?","two\nlines"\r\né,\r\n'],
    ['json', JSON.stringify(expected)],
    ['jsonl', expected.map((row) => JSON.stringify(row)).join('\n')],
    ['jsonl', `\uFEFF${expected.map((row) => `${JSON.stringify(row)}\r\n\n`).join('')}`],
  ])('takes %s, plain or packed', async (format, text) => {
    expect(await read(text, format, 2)).toEqual(expected);
    expect(await read(gzipSync(text), format, 2)).toEqual(expected);
  });

  it('takes tab-separated values, where quotes are letters', async () => {
    expect(await read('question\tbest\n"Why\tthen"\n', 'tsv', 1)).toEqual([
      { question: '"Why', best: 'then"' },
    ]);
  });

  it('takes plain lines', async () => {
    const entry = { format: 'lines', rows: 2, rowSchema: { type: 'object' } } as const;
    expect(await readRows(Buffer.from('one\r\n\n two\n'), entry, 'set.x')).toEqual([
      { line: 'one' },
      { line: ' two' },
    ]);
  });

  it.each([false, true])('gives columns names of our own (header: %s)', async (header) => {
    const columns = { names: ['a', 'b'], header };
    const entry = { format: 'csv', columns, rows: 1, rowSchema: { type: 'object' } } as const;
    const text = `${header ? 'odd,\n' : ''}1,2\n`;
    expect(await readRows(Buffer.from(text), entry, 'set.x')).toEqual([{ a: '1', b: '2' }]);
  });

  it.each<[string, DatasetFormat, string | Uint8Array, RegExp]>([
    [
      'a missing column',
      'csv',
      'question,answer\na,b\n',
      /^set\.x: the column "best" is missing; the file has "question", "answer"/,
    ],
    ['two missing columns', 'json', '[{"a":1}]', /the columns "question", "best" are missing/],
    ['a broken line', 'jsonl', '{"question":"a","best":"b"}\n{"question"\n', /^set\.x:2: is not valid JSON/],
    [
      'a field of the wrong type',
      'jsonl',
      '{"question":"a","best":"b"}\n{"question":"a","best":7}\n',
      /^set\.x:2 {2}best: 7 is not a text in quotes\n.*write a text in quotes/,
    ],
    [
      'a row without a field',
      'jsonl',
      '{"question":"a","best":"b"}\n{"question":"a"}\n',
      /^set\.x:2 {2}best: is missing\n.*add "best", or remove the row/,
    ],
    [
      'a row that is no object',
      'json',
      '[{"question":"a","best":"b"}, 3]',
      /^set\.x, row 2: 3 is not an object/,
    ],
    [
      'an empty field',
      'csv',
      'question,best\n,b\n',
      /^set\.x:2 {2}question: "" is too short: it needs 1 character at least/,
    ],
    ['no array', 'json', '{"question":"a"}', /is not a JSON array/],
    ['an unclosed quote', 'csv', 'question,best\n"a,b\n', /is not valid CSV/],
    ['a row of another width', 'csv', 'question,best\na,b,c\n', /is not valid CSV.*line 2/],
    ['no rows', 'csv', 'question,best\n', /holds no rows/],
    ['bytes that are no text', 'json', Uint8Array.from([0x5b, 0xff, 0x5d]), /is not UTF-8/],
    ['a cut archive', 'json', gzipSync('[]'.repeat(500)).subarray(0, 20), /cannot be unpacked/],
  ])('refuses %s', async (_name, format, content, message) => {
    const error = await failureOf(read(content, format));
    expect(error.exitCode).toBe(3);
    expect(error.message).toMatch(message);
  });

  it('refuses another number of rows', async () => {
    const error = await failureOf(read('question,best\na,b\n', 'csv', 2));
    expect(error.message).toBe('set.x: holds 1 rows instead of 2');
  });

  it('names several bad rows at once, but not thousands', async () => {
    const text = `{"question":"a","best":"b"}\n${'{"question":"a","best":7}\n'.repeat(5000)}`;
    expect((await failureOf(read(text, 'jsonl'))).problems).toHaveLength(5);
  });

  it('keeps a key called __proto__ a key', async () => {
    const rows = (await read(
      '[{"question":"a","best":"b","__proto__":{"best":"c"}}]',
      'json',
    )) as JsonObject[];
    expect(rows[0]?.['best']).toBe('b');
    expect(Object.getPrototypeOf(rows[0])).toBe(Object.prototype);
  });
});

describe("the zoo's items", () => {
  it('come with the package', async () => {
    const load = await loadDataset('zoo-truth', { env: {}, notify });
    expect(load.source).toBe('package');
    expect(load.rows).toBe(load.dataset.rows.length);
    expect(load.sha256).toBe(sha256(await readFile(load.file)));
    expect(load.dataset.rawForm).toEqual({
      before: 'User: ',
      after: '\nAssistant:\n',
      delimiter: '',
      stop: ['\n', 'User:'],
    });
  });

  it('can be read from a path, with every row checked', async () => {
    const path = join(folder, 'mine.jsonl');
    await writeFile(
      path,
      '{"id":"a","kind":"plain","cluster":"c","prompt":"?","best":"b","correct":[],"incorrect":["x"]}',
    );
    const error = await failureOf(loadDataset('zoo-truth', { path, env: {}, notify }));
    expect(error.message).toContain(`${path}:1  correct: [] is too short: it needs 1 entry at least`);
  });
});

describe('a path that the user gave', () => {
  it.each<[string, string, RegExp]>([
    [
      'a Git LFS pointer',
      'version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 9',
      /is a Git LFS pointer/,
    ],
    ['an HTML page', '<html></html>', /is an HTML page/],
    ['an empty file', '', /is empty/],
    ['a short file', '[]', /is truncated or another edition: 2 of 755456 bytes/],
  ])('is refused when it is %s', async (_name, content, message) => {
    const path = join(folder, 'truth_mc.json');
    await writeFile(path, content);
    const error = await failureOf(loadDataset('truthfulqa-817', { path, env: {}, notify }));
    expect(error.exitCode).toBe(3);
    expect(error.problems[0]?.where).toBe(path);
    expect(error.message).toMatch(message);
  });

  it('is refused when nothing is there', async () => {
    const path = join(folder, 'nowhere.json');
    const error = await failureOf(loadDataset('truthfulqa-817', { path, env: {}, notify }));
    expect(error.exitCode).toBe(3);
    expect(error.message).toContain(`${path}: there is no such file`);
  });

  it('is never replaced by a download', async () => {
    const server = await serve(status(200));
    const path = join(folder, 'nowhere.json');
    await failureOf(loadDataset('truthfulqa-817', { path, env: {}, notify, urls: [server.url] }));
    await server.close();
    expect(server.ranges).toEqual([]);
  });
});

describeWithData('TruthfulQA', [TRUTHFULQA_817, TRUTHFULQA_790], () => {
  it.each([
    ['truthfulqa-817', TRUTHFULQA_817, 817],
    ['truthfulqa-790', TRUTHFULQA_790, 790],
  ])('%s is read from a path', async (id, path, rows) => {
    const load = await loadDataset(id, { path, env: {}, notify });
    expect(load).toMatchObject({ rows, licence: 'Apache-2.0', source: 'path', file: path });
    expect(load.dataset.rows).toHaveLength(rows);
  });

  it('is fetched once into the cache folder and read from there afterwards', async () => {
    const server = await serve(file(await readFile(TRUTHFULQA_817)));
    const options = { env: { ALIGNTRUST_CACHE: folder }, notify, urls: [server.url] };
    const fetched = await loadDataset('truthfulqa-817', options);
    const cached = await loadDataset('truthfulqa-817', options);
    await server.close();
    expect(fetched).toMatchObject({ source: 'download', rows: 817 });
    expect(cached).toEqual({ ...fetched, source: 'cache' });
    expect(fetched.file).toBe(join(folder, 'datasets', 'truthfulqa-817', 'truth_mc.json'));
    expect(server.ranges).toHaveLength(1);
  });

  it('is fetched again when the cached copy has been damaged', async () => {
    const content = await readFile(TRUTHFULQA_790);
    const server = await serve(file(content));
    const options = { env: {}, cacheFolder: folder, notify, urls: [server.url] };
    const { file: cached } = await loadDataset('truthfulqa-790', options);
    const flipped = Buffer.from(content);
    flipped[1000] = (flipped[1000] ?? 0) ^ 1;
    await writeFile(cached, flipped);
    lines = [];
    expect((await loadDataset('truthfulqa-790', options)).source).toBe('download');
    await server.close();
    expect(lines[0]).toMatch(/^truthfulqa-790: the cached copy has the wrong .*; it is fetched again$/);
    expect(await readFile(cached)).toEqual(content);
  });

  it('of one size is not taken for the other', async () => {
    const error = await failureOf(loadDataset('truthfulqa-790', { path: TRUTHFULQA_817, env: {}, notify }));
    expect(error.message).toMatch(/holds 817 rows instead of 790/);
  });

  it('stops when it is aborted', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const work = loadDataset('truthfulqa-817', { path: TRUTHFULQA_817, env: {}, notify, signal });
    await expect(work).rejects.toThrow('enough');
  });
});
