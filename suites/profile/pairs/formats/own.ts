import { nearest } from '../../../../core/nearest.ts';
import { unusableRow } from '../cells.ts';
import { pairRow } from '../pair.schema.ts';
import { pairOfOwnRow } from '../rows.ts';
import type { PairFormat } from './format.ts';

const COLUMNS = Object.keys(pairRow['properties'] as object);

/**
 * Rows as this program writes them: see `PairRow`. Unknown columns are mistakes, because a misspelt one would silently
 * say nothing; anything else belongs under `meta`.
 */
export async function ownFormat(): Promise<PairFormat> {
  const { Ajv2020 } = (await import('ajv/dist/2020.js')).default;
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, meta: false, validateSchema: false });
  const validate = ajv.compile(pairRow);
  return {
    name: 'pairs',
    title: 'pairs of this program',
    columns: ['prompt', 'a', 'b'],
    allColumns: COLUMNS,
    read: (row, where) => {
      const unknown = Object.keys(row).find((column) => !COLUMNS.includes(column));
      if (unknown !== undefined) {
        const [close] = nearest(unknown, COLUMNS);
        const meant = close === undefined ? '' : `Did you mean ${close}? `;
        throw unusableRow(
          where,
          unknown,
          'is no column of a pair',
          `${meant}Columns: ${COLUMNS.join(', ')}; anything else goes under meta.`,
        );
      }
      if (validate(row)) return pairOfOwnRow(row);
      const [error] = validate.errors ?? [];
      const field = error?.instancePath.slice(1).replaceAll('/', '.') ?? '';
      throw unusableRow(where, field, error?.message ?? 'does not fit the format');
    },
  };
}
