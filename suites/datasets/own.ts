import { sha256 } from '../../core/digest.ts';
import { EXIT, UserError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { LoadedDataset, RawForm } from '../task.ts';
import type { DatasetFormat } from './entry.ts';
import { readOrExplain } from './file-bytes.ts';
import { readPlacedRows } from './read-rows.ts';

/** A file of the user's own under a name of their choice. */
export interface OwnDataset {
  /** Part of the instrument's name. */
  readonly id: string;
  readonly path: string;
  /** JSON Schema of a row, from the task that reads it. */
  readonly rowSchema: JsonObject;
  readonly rawForm: RawForm;
}

/** What the ending of a file's name says of its format; each but parquet may also end in `.gz`. */
const FORMATS: Readonly<Record<string, DatasetFormat>> = {
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  json: 'json',
  csv: 'csv',
  tsv: 'tsv',
  parquet: 'parquet',
};

/**
 * Reads a user's own file; its rows must fit the task's schema and have ids that differ, where they have any.
 *
 * @throws UserError (exit code 3) that names file, line and field
 */
export async function loadOwnDataset({ id, path, rowSchema, rawForm }: OwnDataset): Promise<{
  readonly dataset: LoadedDataset;
  readonly sha256: string;
  readonly rows: number;
  readonly licence: string;
}> {
  const format = formatOf(path);
  const bytes = await readOrExplain(path, 'correct `path`; it starts at the folder of the definition');
  const placed = await readPlacedRows(bytes, { format, rows: null, rowSchema, uniqueField: 'id' }, path);
  const [rows, places] = [placed.map(({ row }) => row), placed.map(({ where }) => where)];
  return {
    dataset: { id, rows, rawForm, places },
    sha256: sha256(bytes),
    rows: rows.length,
    licence: 'unstated',
  };
}

function formatOf(path: string): DatasetFormat {
  const ending = /\.(\w+)(?:\.gz)?$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  const format = Object.hasOwn(FORMATS, ending) ? FORMATS[ending] : undefined;
  if (format !== undefined) return format;
  const fix = `name it .${Object.keys(FORMATS).join(', .')}, by what it is`;
  throw new UserError({ where: path, message: 'has no ending that says its format', fix }, EXIT.environment);
}
