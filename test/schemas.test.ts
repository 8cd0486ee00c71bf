import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { adapterNames, loadAdapter } from '../adapters/registry.ts';
import * as replaySchemas from '../adapters/replay/records.schema.ts';
import { definitionSchema } from '../benchmarks/definition/definition.schema.ts';
import type { JsonObject } from '../core/json.ts';
import { comparisonSchema } from '../results/compare/comparison.schema.ts';
import { gateSchema } from '../results/gate/gate.schema.ts';
import { leaderboardSchema } from '../results/leaderboard/leaderboard.schema.ts';
import { summarySchema } from '../results/summary.schema.ts';
import { CATALOGUE } from '../suites/datasets/catalogue/index.ts';

/** Where they are used they are compiled without this check, because it takes longer than all of them together. */
const ajv = new Ajv2020({ strict: false });

async function schemas(): Promise<[string, unknown][]> {
  const adapters = await Promise.all(
    adapterNames.map(
      async (name): Promise<[string, unknown]> => [name, (await loadAdapter(name))?.optionsSchema],
    ),
  );
  return [
    ['definition', definitionSchema],
    ['summary', summarySchema],
    ['leaderboard', leaderboardSchema],
    ['comparison', comparisonSchema],
    ['gate', gateSchema],
    ...adapters.map(([name, schema]): [string, unknown] => [`options of ${name}`, schema]),
    ...CATALOGUE.map(({ id, rowSchema }): [string, unknown] => [`rows of ${id}`, rowSchema]),
    ...Object.entries(replaySchemas).map(([name, schema]): [string, unknown] => [`replay ${name}`, schema]),
  ];
}

describe('every JSON Schema of ours', () => {
  it('is one by the meta-schema of 2020-12', async () => {
    const all = await schemas();
    expect(all.length).toBeGreaterThan(10);
    for (const [name, schema] of all) {
      expect([name, typeof schema]).toEqual([name, 'object']);
      const valid = ajv.validateSchema(schema as JsonObject);
      expect([name, valid, valid === true ? null : ajv.errorsText(ajv.errors)]).toEqual([name, true, null]);
    }
  });

  it('would be found out if it were none', () => {
    expect(ajv.validateSchema({ type: 'strnig' })).toBe(false);
  });
});
