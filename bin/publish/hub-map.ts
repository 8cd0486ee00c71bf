import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { EXIT, messageOf, UserError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';

const FIELDS = ['id', 'task_id', 'revision', 'config', 'split'];
const HUB_ID = /^[A-Za-z0-9][\w.-]{0,95}(\/[A-Za-z0-9][\w.-]{0,95})?$/;

/**
 * Which dataset on the Hub stands for one of ours: a YAML file of `dataset: owner/name`, or of `dataset: { id, task_id,
 * revision, config, split }`. Keys are datasets, `task@dataset` or whole instruments.
 *
 * @throws UserError exit code 3 for a file that cannot be read, 2 for one of another shape.
 */
export async function readHubMap(path: string): Promise<Readonly<Record<string, JsonObject>>> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UserError(
      { where: path, message: `cannot be read: ${messageOf(error)}` },
      EXIT.environment,
      error,
    );
  });
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 0 });
  } catch (error) {
    throw new UserError({ where: path, message: `is no YAML: ${messageOf(error)}` }, EXIT.usage, error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UserError({
      where: path,
      message: 'must map datasets to ids on the Hub, for example `truthfulqa-817: owner/name`',
    });
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      entryOf(path, key, typeof entry === 'string' ? { id: entry } : entry),
    ]),
  );
}

function entryOf(where: string, field: string, entry: unknown): JsonObject {
  const fields =
    typeof entry === 'object' && entry !== null && !Array.isArray(entry) ? Object.entries(entry) : [];
  const stray = fields.find(([name, value]) => !FIELDS.includes(name) || typeof value !== 'string');
  if (stray !== undefined) {
    throw new UserError({
      where,
      field,
      message: `${stray[0]}: only ${FIELDS.join(', ')} may stand here, as text`,
    });
  }
  const found = Object.fromEntries(fields) as Record<string, string>;
  if (!HUB_ID.test(found['id'] ?? '')) {
    throw new UserError({
      where,
      field,
      message: `"${found['id'] ?? ''}" is no dataset id of the Hub (owner/name)`,
    });
  }
  return found;
}
