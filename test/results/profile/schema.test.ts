import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { JsonObject, JsonValue } from '../../../core/json.ts';
import { profileSchema } from '../../../results/profile/profile-summary.schema.ts';
import { checkpoint, EVALUATION, factor, GENERATION, record, summaryOf } from './records.ts';

const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
const validate = ajv.compile<unknown>(profileSchema);
const KEYS = ['length', 'b', 'c', 'd', 'e', 'f'];

/** Twenty prompts, two checkpoints in both settings, people and a vote; the last factor is never known. */
async function profile(): Promise<JsonObject> {
  const hash = (...parts: number[]): number =>
    (parts.reduce((mixed, part) => Math.imul(mixed ^ part, 0x9e3779b1) ^ (mixed >>> 15), 7) >>> 0) / 2 ** 32;
  const values = (who: number, prompt: number, n: number): JsonObject =>
    Object.fromEntries(
      KEYS.map((key, index) => [
        key,
        Array.from({ length: n }, (_, response) =>
          index === 5 ? null : Math.round(20 * hash(who, prompt, index, response)),
        ),
      ]),
    );
  const records = Array.from({ length: 20 }, (_, prompt) =>
    ['sft', 'dpo'].flatMap((id, who) => [
      record(id, EVALUATION, `p${prompt}`, `q${prompt}`, {
        setting: 'evaluation',
        status: 'ok',
        preference: hash(who, prompt) < 0.5 ? 1 : -1,
        human: hash(9, prompt) < 0.5 ? 1 : -1,
        votes: { ann: hash(8, prompt) < 0.5 ? 1 : 0 },
        factors: values(0, prompt, 2),
      }),
      record(id, GENERATION, `q${prompt}`, `q${prompt}`, {
        setting: 'generation',
        scores: [1, 2, 3, 4, 5],
        factors: values(who + 1, prompt, 5),
      }),
    ]),
  ).flat();
  const summary = await summaryOf(records, {
    factors: KEYS.map((key) => factor(key, `group of ${key}`)),
    checkpoints: [checkpoint('sft', { method: 'sft' }), checkpoint('dpo', { method: 'dpo', parent: 'sft' })],
  });
  return JSON.parse(JSON.stringify(summary)) as JsonObject;
}

const whole = await profile();

describe('the published schema of a profile', () => {
  it('accepts a profile that has everything, and one that has nothing', async () => {
    const parts = ['tables', 'alignments', 'gaps', 'shifts', 'agreements', 'factors'];
    for (const part of parts) expect((whole[part] as JsonValue[]).length).toBeGreaterThan(0);
    const empty = await summaryOf([], { factors: [], checkpoints: [] });
    for (const one of [whole, JSON.parse(JSON.stringify(empty)) as JsonObject]) {
      validate(one);
      expect(validate.errors ?? []).toEqual([]);
    }
  });

  it('refuses a field too many, one too few, and a number out of range', () => {
    const damaged = (change: (row: Record<string, JsonValue>) => void): boolean => {
      const copy = structuredClone(whole) as unknown as { tables: { scores: Record<string, JsonValue>[] }[] };
      change(copy.tables[0]?.scores[0] ?? {});
      return validate(copy) as boolean;
    };
    expect(damaged(() => {})).toBe(true);
    expect(damaged((row) => Object.assign(row, { surprise: 1 }))).toBe(false);
    expect(damaged((row) => delete row['tau14'])).toBe(false);
    expect(damaged((row) => Object.assign(row, { tau14: 1.5 }))).toBe(false);
  });

  it('describes every field, and has no definition that nothing refers to', () => {
    const bare: string[] = [];
    const visit = (schema: JsonValue, path: string): void => {
      for (const [name, field] of Object.entries(
        ((schema as JsonObject)['properties'] ?? {}) as JsonObject,
      )) {
        const { description } = field as { description?: string };
        if (description === undefined || description.length < 5) bare.push(`${path}.${name}`);
        visit(field, `${path}.${name}`);
      }
    };
    const defs = profileSchema['$defs'] as JsonObject;
    for (const [name, schema] of Object.entries(defs)) visit(schema, name);
    expect(bare).toEqual([]);
    const text = JSON.stringify(profileSchema);
    expect(Object.keys(defs).filter((name) => !text.includes(`"#/$defs/${name}"`))).toEqual([]);
  });
});
