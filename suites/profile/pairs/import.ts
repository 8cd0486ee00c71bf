import { EXIT, UserError } from '../../../core/errors.ts';
import type { JsonObject, JsonValue } from '../../../core/json.ts';
import { nearest } from '../../../core/nearest.ts';
import type { AnnotatedHeader } from './annotators.ts';
import { isRecord } from './cells.ts';
import type { ReadFileOptions } from './file-lines.ts';
import { annotatedParts, comparisonReader, KEPT, KEPT_HEADER } from './formats/annotated-pairs.ts';
import type { LeftOut, Noted, PairFormat } from './formats/format.ts';
import { ANNOTATED_PAIRS, formatOf, PAIR_FORMATS, rowFormat } from './formats/index.ts';
import { webgptRow } from './formats/webgpt.ts';
import { type JsonRow, jsonRows } from './json-rows.ts';
import type { PairRow } from './pair.ts';
import { Repeats } from './repeats.ts';

export interface ImportOptions extends ReadFileOptions {
  /** Name of the format; told by the first row's columns when left out. */
  readonly format?: string;
  /** Most pairs to keep. */
  readonly limit?: number;
  /** Least `strength`; pairs without one are left out. */
  readonly minStrength?: number;
  /** Whether every pair must have a prompt. */
  readonly needsPrompt?: boolean;
}

export interface ImportCounts {
  /** Rows that were read. */
  rows: number;
  /** Pairs that were kept. */
  pairs: number;
  /** Rows without a pair, by cause; causes that did not occur are absent. */
  readonly left: Partial<Record<LeftOut, number>>;
  readonly noted: Partial<Record<Noted, number>>;
}

/**
 * Pairs of responses from a file of any known format, as they stream by. Every row is kept, or counted under the cause
 * for which it was left out. Memory: some 100 bytes a pair, to know it again; a JSON array and annotated-pairs, which
 * are one value, are held as a whole.
 */
export class PairImport {
  readonly file: string;
  readonly counts: ImportCounts = { rows: 0, pairs: 0, left: {}, noted: {} };
  readonly #options: ImportOptions;
  readonly #repeats = new Repeats();
  #format: string | undefined;
  #header: AnnotatedHeader | undefined;

  /** @throws UserError (exit code 2) for an unknown format */
  constructor(file: string, options: ImportOptions = {}) {
    this.file = file;
    this.#options = options;
    if (options.format !== undefined) requireFormat(options.format);
    this.#format = options.format;
  }

  /** The format that was named or found; undefined before the first row. */
  get format(): string | undefined {
    return this.#format;
  }

  /** Of annotated-pairs, or of pairs that came from there; complete once the first pair was read. */
  get header(): AnnotatedHeader | undefined {
    return this.#header;
  }

  /** @throws UserError (exit code 3) with file and line for a row whose shape is not that of the format. */
  async *pairs(): AsyncGenerator<PairRow> {
    const { limit = Number.POSITIVE_INFINITY } = this.#options;
    for await (const read of this.#readings()) {
      this.counts.rows++;
      const kept = this.#accepted(read);
      if (kept === undefined) continue;
      this.counts.pairs++;
      yield kept;
      if (this.counts.pairs >= limit) return;
    }
  }

  async *#readings(): AsyncGenerator<PairRow | LeftOut> {
    let format: PairFormat | undefined;
    for await (const row of jsonRows(this.file, this.#options)) {
      const value = objectOf(row);
      this.#format ??= found(value, row.where);
      if (this.#format === ANNOTATED_PAIRS) {
        yield* this.#comparisons(value, row.where);
        return;
      }
      format ??= await rowFormat(this.#format);
      if (format === undefined) throw new TypeError(`no reader of ${this.#format}`);
      requireColumns(value, format, row.where);
      yield format.read(value, row.where);
    }
  }

  *#comparisons(document: JsonObject, where: string): Generator<PairRow> {
    requireColumns(document, formatNamed(ANNOTATED_PAIRS), where);
    const { header, comparisons } = annotatedParts(document, this.file);
    this.#header = header;
    const read = comparisonReader(header);
    for (const [index, comparison] of comparisons.entries()) {
      yield read(comparison, `${this.file}, comparison ${index + 1}`);
    }
  }

  #accepted(read: PairRow | LeftOut): PairRow | undefined {
    if (typeof read === 'string') return this.#leave(read);
    const pair = this.#withoutHeader(read);
    if (pair.a === pair.b) return this.#leave('self_pair');
    if (this.#options.needsPrompt === true && pair.prompt.trim() === '') return this.#leave('no_prompt');
    const { minStrength } = this.#options;
    if (minStrength !== undefined) {
      if (pair.strength === undefined) return this.#leave('no_strength');
      if (pair.strength < minStrength) return this.#leave('below_strength');
    }
    const again = this.#repeats.pairAgain(pair);
    if (again !== undefined) {
      if (again.labelDiffers) this.#note('label_differs');
      return this.#leave(again.mirrored ? 'mirrored' : 'duplicate');
    }
    if (pair.preference === 'tie') this.#note('tie');
    if (pair.preference === undefined) this.#note('no_label');
    if (pair.a.trim() === '' || pair.b.trim() === '') this.#note('empty_response');
    const id = this.#repeats.freeId(pair.id);
    if (id === pair.id) return pair;
    this.#note('id_repeated');
    return { ...pair, id };
  }

  /** A pairs file that came from annotated-pairs carries the header in one of its pairs. */
  #withoutHeader(pair: PairRow): PairRow {
    const kept = pair.meta?.[KEPT];
    if (!isRecord(kept) || !isRecord(kept[KEPT_HEADER])) return pair;
    const { [KEPT_HEADER]: header, ...others } = kept;
    this.#header ??= headerOf(header as JsonObject);
    return { ...pair, meta: { ...pair.meta, [KEPT]: others } };
  }

  #leave(cause: LeftOut): undefined {
    this.counts.left[cause] = (this.counts.left[cause] ?? 0) + 1;
  }

  #note(what: Noted): void {
    this.counts.noted[what] = (this.counts.noted[what] ?? 0) + 1;
  }
}

function headerOf({ metadata, annotators, more }: JsonObject): AnnotatedHeader | undefined {
  if (!isRecord(metadata) || !isRecord(annotators)) return undefined;
  return { metadata, annotators, more: isRecord(more) ? more : {} };
}

/** @throws UserError (exit code 2) */
export function requireFormat(name: string): void {
  const names = PAIR_FORMATS.map((format) => format.name);
  if (names.includes(name)) return;
  const [close] = nearest(name, names);
  const meant = close === undefined ? '' : ` Did you mean ${close}?`;
  throw new UserError({
    field: '--from',
    message: `unknown format "${name}"`,
    fix: `There are: ${names.join(', ')}.${meant}`,
  });
}

function formatNamed(name: string) {
  const format = PAIR_FORMATS.find((one) => one.name === name);
  if (format === undefined) throw new TypeError(`no format ${name}`);
  return format;
}

function objectOf({ value, where }: JsonRow): JsonObject {
  const row = webgptRow(value) ?? value;
  if (isRecord(row)) return row;
  throw unusable(where, undefined, 'is no object with columns');
}

function found(row: JsonObject, where: string): string {
  const format = formatOf(row);
  if (format !== undefined) return format.name;
  throw unusable(where, undefined, `is of no known format: it has ${columnsIn(row)}${closestTo(row)}`);
}

/** A format of which more is missing is no likely meaning. */
const CLOSE = 2 / 3;

/** The format of which a row lacks the smallest part. */
function closestTo(row: JsonObject): string {
  const [closest] = PAIR_FORMATS.map(({ name, columns }) => {
    const missing = columns.filter((column) => !Object.hasOwn(row, column));
    return { name, missing, share: missing.length / columns.length };
  })
    .filter(({ share }) => share <= CLOSE)
    .sort((one, other) => one.share - other.share);
  if (closest === undefined) return '';
  const names = closest.missing.map((column) => `"${column}"`).join(', ');
  return names === '' ? '' : `; closest is ${closest.name}, of which it lacks ${names}`;
}

function requireColumns(
  row: JsonObject,
  { name, title, columns }: Pick<PairFormat, 'name' | 'title' | 'columns'>,
  where: string,
): void {
  const missing = columns.filter((column) => !Object.hasOwn(row, column));
  if (missing.length === 0) return;
  const like = formatOf(row);
  const [names, verb] = [missing.map((column) => `"${column}"`).join(', '), missing.length > 1 ? 's' : ''];
  throw new UserError(
    {
      where,
      message: `is no row of ${title}: it lacks the column${verb} ${names} and has ${columnsIn(row)}`,
      fix:
        like === undefined || like.name === name
          ? `formats: ${PAIR_FORMATS.map((one) => one.name).join(', ')}`
          : `it looks like ${like.title}: try --from ${like.name}`,
    },
    EXIT.environment,
  );
}

const MOST_COLUMNS = 12;
const LONGEST_COLUMN = 40;

function columnsIn(row: JsonObject): string {
  const columns = Object.keys(row);
  if (columns.length === 0) return 'no columns';
  const shown = columns
    .slice(0, MOST_COLUMNS)
    .map((column) => JSON.stringify(column.slice(0, LONGEST_COLUMN)));
  return `${shown.join(', ')}${columns.length > MOST_COLUMNS ? ` and ${columns.length - MOST_COLUMNS} more` : ''}`;
}

function unusable(where: string, field: string | undefined, message: string): UserError {
  const fix = `formats: ${PAIR_FORMATS.map(({ name }) => name).join(', ')}`;
  return new UserError({ where, ...(field === undefined ? {} : { field }), message, fix }, EXIT.environment);
}

/** The same pair with the header of the file that it came from, for the first line of a pairs file. */
export function withHeader(pair: PairRow, header: AnnotatedHeader): PairRow {
  const kept = pair.meta?.[KEPT];
  const { metadata, annotators, more } = header;
  const carried: JsonValue = {
    ...(isRecord(kept) ? kept : {}),
    [KEPT_HEADER]: { metadata, annotators, more },
  };
  return { ...pair, meta: { ...pair.meta, [KEPT]: carried } };
}
