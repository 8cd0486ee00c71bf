/** A row as it was read, before anything is known of its shape. */
export interface PlacedRow {
  readonly row: unknown;
  /** Where a person finds it, for example `line 14`. */
  readonly place: string;
}

/** What a packed file may unpack to; a few kilobytes can hold terabytes. */
export const MOST_UNPACKED_BYTES = 2 ** 30;

/** `mine.jsonl:14` of a line, `mine.json, row 14` of anything else. */
export function whereIn(file: string, place: string): string {
  const line = /^line (\d+)$/.exec(place)?.[1];
  return line === undefined ? `${file}, ${place}` : `${file}:${line}`;
}
