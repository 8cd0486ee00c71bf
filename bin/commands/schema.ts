import { EXIT, UserError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import type { CommandAction } from '../command.ts';

const SCHEMAS: Readonly<Record<string, () => Promise<object>>> = {
  comparison: async () => (await import('../../results/compare/comparison.schema.ts')).comparisonSchema,
  definition: async () => (await import('../../benchmarks/definition/definition.schema.ts')).definitionSchema,
  gate: async () => (await import('../../results/gate/gate.schema.ts')).gateSchema,
  leaderboard: async () =>
    (await import('../../results/leaderboard/leaderboard.schema.ts')).leaderboardSchema,
  summary: async () => (await import('../../results/summary.schema.ts')).summarySchema,
};

export const schema: CommandAction = async ([name = ''], _options, io) => {
  const load = Object.hasOwn(SCHEMAS, name) ? SCHEMAS[name] : undefined;
  if (load === undefined) {
    const [close] = nearest(name, Object.keys(SCHEMAS));
    throw new UserError({
      message: `no schema "${name}"`,
      fix: `There are: ${Object.keys(SCHEMAS).join(', ')}.${close === undefined ? '' : ` Did you mean ${close}?`}`,
    });
  }
  io.out(`${JSON.stringify(await load(), undefined, 2)}\n`);
  return EXIT.fine;
};
