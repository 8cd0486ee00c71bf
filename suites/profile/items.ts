import { digestOf } from '../../core/digest.ts';
import { EXIT, UserError } from '../../core/errors.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import { type LoadedDataset, type RawForm, whereOf } from '../task.ts';
import type { ItemText } from './factors/factor.ts';
import type { PairRow } from './pairs/pair.ts';
import { isPairRow, pairOfRow } from './pairs/rows.ts';

/** A prompt that responses are written to. */
export interface PromptItem extends ItemText {
  readonly id: string;
}

/**
 * The pairs of a dataset.
 *
 * @throws UserError (exit code 3) for a row that is no pair, the same pair twice, its mirror image, or one response twice
 */
export function* pairItems(dataset: LoadedDataset): Generator<PairRow> {
  const places = new Map<string, string>();
  const ids = new Set<string>();
  for (const [index, row] of dataset.rows.entries()) {
    const where = whereOf(dataset, index);
    const pair = pairOfRow(row, where);
    if (ids.has(pair.id))
      throw unusable(where, 'id', `"${pair.id}" occurs twice`, 'give every pair an id of its own');
    ids.add(pair.id);
    if (pair.a === pair.b)
      throw unusable(where, 'b', 'is the same text as a', 'remove the pair: nothing differs in it');
    const [one, other] = [pair.a, pair.b].sort();
    const content = digestOf({ item: pair.item, one: one ?? '', other: other ?? '', models: modelsOf(pair) });
    const earlier = places.get(content);
    if (earlier !== undefined) {
      const message = `holds the two responses of ${earlier}, as they stand there or mirrored`;
      throw unusable(where, 'a', message, 'remove one of them: a pair counts once');
    }
    places.set(content, where);
    yield pair;
  }
}

/** The prompts of a dataset, each once, with the text that they speak about. */
export function* promptItems(dataset: LoadedDataset): Generator<PromptItem> {
  const seen = new Set<string>();
  for (const [index, row] of dataset.rows.entries()) {
    const item = isPairRow(row) ? itemOf(pairOfRow(row, whereOf(dataset, index))) : ownItem(row);
    if (seen.has(item.id)) continue;
    seen.add(item.id);
    yield item;
  }
}

function modelsOf({ modelA = '', modelB = '' }: PairRow): string {
  return [modelA, modelB].sort().join(' ');
}

function itemOf({ item, prompt, source, quotes, reference }: PairRow): PromptItem {
  return { id: item, ...textsOf({ prompt, source, quotes, reference }) };
}

function ownItem(row: JsonObject): PromptItem {
  const prompt = textOf(row['prompt']) ?? '';
  const source = textOf(row['source']);
  const quotes = Array.isArray(row['quotes'])
    ? row['quotes'].filter((quote) => typeof quote === 'string')
    : undefined;
  const reference = textOf(row['reference']);
  const texts = textsOf({ prompt, source, quotes, reference });
  return {
    id: textOf(row['item']) ?? textOf(row['id']) ?? digestOf({ prompt, source: source ?? '' }).slice(0, 16),
    ...texts,
  };
}

/** Only what is there: a part that is absent stays absent in JSON too. */
export function textsOf(parts: {
  readonly prompt: string;
  readonly source?: string | undefined;
  readonly quotes?: readonly string[] | undefined;
  readonly reference?: string | undefined;
}): ItemText {
  const { prompt, source, quotes, reference } = parts;
  return {
    prompt,
    ...(source === undefined ? {} : { source }),
    ...(quotes === undefined ? {} : { quotes }),
    ...(reference === undefined ? {} : { reference }),
  };
}

function textOf(value: JsonValue | undefined): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value);
  return text.trim() === '' ? undefined : text;
}

function unusable(where: string, field: string, message: string, fix: string): UserError {
  return new UserError({ where, field, message, fix }, EXIT.environment);
}

/** Whether the prompts of the zoo's tiny world are put, which knows but a few forms of question. */
export function isZoo({ id }: Pick<LoadedDataset, 'id'>): boolean {
  return id.startsWith('zoo-');
}

/** A turn as raw text. */
export function rawOf(turn: string, { before, after }: RawForm): string {
  return `${before}${turn}${after}`;
}
