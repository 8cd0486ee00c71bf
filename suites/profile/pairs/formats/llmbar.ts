import { digestOf } from '../../../../core/digest.ts';
import type { JsonObject } from '../../../../core/json.ts';
import { textOf, unusableRow } from '../cells.ts';
import type { PairRow } from '../pair.ts';

/**
 * LLMBar (Zeng et al. 2024, arXiv 2310.07641): an instruction, two outputs, and `label`, 1 or 2, for the one that follows
 * the instruction. Rows have no id of their own.
 */
export function fromLlmbar(row: JsonObject, where: string): PairRow {
  const [prompt, a, b] = [
    textOf(row, 'input', where),
    textOf(row, 'output_1', where),
    textOf(row, 'output_2', where),
  ];
  const label = row['label'];
  if (label !== 1 && label !== 2) throw unusableRow(where, 'label', 'is neither 1 nor 2');
  return {
    id: digestOf({ prompt, a, b }).slice(0, 16),
    item: digestOf({ prompt }).slice(0, 16),
    prompt,
    a,
    b,
    preference: label === 1 ? 'a' : 'b',
  };
}
