import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import { renderJson } from '../../results/report/json.ts';
import { summarySchema } from '../../results/summary.schema.ts';
import { GALLERY } from './support/gallery.ts';

const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
const validate = ajv.compile<unknown>(summarySchema);

describe('the published schema of a summary', () => {
  it.each(Object.entries(GALLERY))('accepts %s', async (_, make) => {
    const json: unknown = JSON.parse(renderJson(await make()));
    const isValid = validate(json);
    expect(validate.errors ?? []).toEqual([]);
    expect(isValid).toBe(true);
  });

  it('refuses a field that it does not know, a missing one, and a word that is none of its own', async () => {
    const make = GALLERY['five-dimensions'] as (typeof GALLERY)[string];
    const damaged = (change: (summary: Mutable) => void): boolean => {
      const copy = structuredClone(summary);
      change(copy);
      return validate(copy) as boolean;
    };
    const summary = JSON.parse(renderJson(await make())) as Mutable;
    const first = (of: Mutable, list: string): Mutable => (of[list] as Mutable[])[0] as Mutable;
    expect(damaged(() => {})).toBe(true);
    expect(damaged((copy) => Object.assign(first(copy, 'cells'), { surprise: 1 }))).toBe(false);
    expect(damaged((copy) => delete first(copy, 'effects')['pAdjusted'])).toBe(false);
    expect(damaged((copy) => Object.assign(first(copy, 'effects'), { verdict: 'better' }))).toBe(false);
    expect(damaged((copy) => Object.assign(first(copy, 'effects'), { p: 1.5 }))).toBe(false);
    expect(damaged((copy) => Object.assign(copy, { schemaVersion: 2 }))).toBe(false);
  });

  it('describes every field', () => {
    const bare: string[] = [];
    const visit = (schema: JsonValue, path: string): void => {
      const fields = (schema as JsonObject)['properties'];
      for (const [name, field] of Object.entries((fields ?? {}) as JsonObject)) {
        const { description } = field as { description?: string };
        if (description === undefined || description.length < 5) bare.push(`${path}.${name}`);
        visit(field, `${path}.${name}`);
      }
    };
    visit(summarySchema, '');
    for (const [name, schema] of Object.entries(summarySchema['$defs'] as JsonObject)) visit(schema, name);
    expect(bare).toEqual([]);
  });

  it('orders the keys of the JSON, whatever order they were made in', async () => {
    const summary = await (GALLERY['nothing-to-compare'] as (typeof GALLERY)[string])();
    const backwards = Object.fromEntries(Object.entries(summary).reverse()) as unknown as typeof summary;
    const text = renderJson(backwards);
    expect(text).toBe(renderJson(summary));
    expect(text.endsWith('}\n')).toBe(true);
    expect(Object.keys(JSON.parse(text) as object)).toEqual(
      // This run asked nothing about factors, and has no series.
      Object.keys(summarySchema['properties'] as object).filter((key) => !OPTIONAL.includes(key)),
    );
  });
});

const OPTIONAL = ['profile', 'series', 'dynamics'];

type Mutable = Record<string, unknown>;
