import type { JsonObject } from '../../../../core/json.ts';
import type { PairFormat } from './format.ts';
import { hhRlhf } from './hh-rlhf.ts';
import { fromLlmbar } from './llmbar.ts';
import { fromPandalm } from './pandalm.ts';
import { shp } from './shp.ts';
import { tldr } from './tldr.ts';
import { webgpt } from './webgpt.ts';
import { fromZoo } from './zoo.ts';

export const ANNOTATED_PAIRS = 'annotated-pairs';
export const OWN_PAIRS = 'pairs';

const pandalm: PairFormat = {
  name: 'pandalm',
  title: 'PandaLM test set',
  columns: ['instruction', 'response1', 'response2', 'annotator1'],
  read: fromPandalm,
};

const llmbar: PairFormat = {
  name: 'llmbar',
  title: 'LLMBar',
  columns: ['input', 'output_1', 'output_2', 'label'],
  read: fromLlmbar,
};

const zoo: PairFormat = {
  name: 'zoo',
  title: "pairs of the zoo's world",
  columns: ['id', 'prompt', 'factor', 'more', 'less'],
  read: fromZoo,
};

/** Columns that tell a format, by which a wrong one is named; formats that need loading are told by their columns alone. */
export interface KnownFormat {
  readonly name: string;
  readonly title: string;
  readonly columns: readonly string[];
}

const ROW_FORMATS: readonly PairFormat[] = [tldr, shp, webgpt, pandalm, llmbar, hhRlhf, zoo];

/** In the order of the documentation. */
export const PAIR_FORMATS: readonly KnownFormat[] = [
  ...ROW_FORMATS,
  {
    name: ANNOTATED_PAIRS,
    title: 'Feedback Forensics annotated-pairs',
    columns: ['annotators', 'comparisons'],
  },
  { name: OWN_PAIRS, title: 'pairs of this program', columns: ['prompt', 'a', 'b'] },
];

/** The format whose columns a row has; undefined for an unknown one. */
export function formatOf(row: JsonObject): KnownFormat | undefined {
  return PAIR_FORMATS.find(({ columns }) => columns.every((column) => Object.hasOwn(row, column)));
}

/** What reads the rows of a format, but for the one that is a document of its own. */
export async function rowFormat(name: string): Promise<PairFormat | undefined> {
  if (name === OWN_PAIRS) return (await import('./own.ts')).ownFormat();
  return ROW_FORMATS.find((format) => format.name === name);
}
