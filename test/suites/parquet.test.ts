import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { UserError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { readRows } from '../../suites/datasets/read-rows.ts';

const ROW: JsonObject = {
  type: 'object',
  required: ['id', 'question', 'options', 'best'],
  properties: {
    id: { type: 'string' },
    question: { type: 'string' },
    options: { type: 'array', items: { type: 'string' } },
    best: { type: 'integer' },
  },
};

function fixture(name: string): Promise<Buffer> {
  return readFile(fileURLToPath(new URL(`../fixtures/datasets/${name}.parquet`, import.meta.url)));
}

function read(bytes: Uint8Array, rowSchema = ROW): Promise<readonly JsonObject[]> {
  return readRows(bytes, { format: 'parquet', rows: null, rowSchema }, 'set.parquet');
}

describe('parquet files that pyarrow wrote', () => {
  it.each(['none', 'snappy', 'zstd', 'gzip', 'brotli'])('are read with %s compression', async (codec) => {
    const rows = await read(await fixture(`six-${codec}`));
    expect(rows).toHaveLength(6);
    expect(rows[3]).toEqual({
      id: 'item-3',
      question: 'What is 3 + 3? é 東京',
      options: ['6', '7'],
      best: 3,
      large: '4611686018427387907',
      at: '2026-01-04T00:00:00.000Z',
    });
    expect(rows[4]).toMatchObject({ note: 'even', best: 4 });
  });

  it('are checked against the schema, by row', async () => {
    const rowSchema = { ...ROW, required: ['best'], properties: { best: { type: 'integer', maximum: 4 } } };
    await expect(read(await fixture('six-zstd'), rowSchema)).rejects.toThrow(
      /set\.parquet, row 6\s+best: 5 must be <= 4/,
    );
  });

  it('are refused when a column holds bytes', async () => {
    await expect(read(await fixture('bytes'), { type: 'object' })).rejects.toThrow(/bytes that are not text/);
  });

  it('are refused in words when they are something else, cut short or damaged anywhere', async () => {
    await expect(read(Buffer.from('id,question\n'))).rejects.toThrow(/not a parquet file/);
    const sound = await fixture('six-snappy');
    await expect(read(sound.subarray(0, 900))).rejects.toThrow(/not a parquet file/);
    await fc.assert(
      fc.asyncProperty(fc.nat(sound.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const damaged = Buffer.from(sound);
        damaged[at] = (damaged[at] ?? 0) ^ by;
        try {
          await read(damaged);
        } catch (error) {
          expect(UserError.is(error)).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });
});
