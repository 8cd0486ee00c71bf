import { grouped } from '../../results/format.ts';
import { LEFT_OUT, type LeftOut, NOTED, type Noted } from '../../suites/profile/pairs/formats/format.ts';
import { PAIR_FORMATS } from '../../suites/profile/pairs/formats/index.ts';
import type { PairImport } from '../../suites/profile/pairs/import.ts';
import { printable } from '../format.ts';

/** What became of the rows of a file, as JSON. */
export function countsJson({ file, format, counts }: PairImport) {
  const { rows, pairs, left, noted } = counts;
  return { file, format: format ?? null, rows, pairs, leftOut: left, noted };
}

/** The same for people: a line for the file and one for each cause. */
export function countsText({ file, format, counts }: PairImport): string {
  const title = PAIR_FORMATS.find(({ name }) => name === format)?.title ?? '';
  const causes = [
    ...Object.entries(counts.left).map(
      ([cause, count]) => `left out ${line(count, LEFT_OUT[cause as LeftOut])}`,
    ),
    ...Object.entries(counts.noted).map(([what, count]) => `of them   ${line(count, NOTED[what as Noted])}`),
  ];
  const head = `${printable(file)}: ${title} (${format ?? 'unknown'}), ${grouped(counts.rows)} rows, ${grouped(counts.pairs)} pairs`;
  return `${[head, ...causes].join('\n')}\n`;
}

function line(count: number, words: string): string {
  return `${grouped(count).padStart(7)}  ${words}`;
}

/** Why no pair was kept, most frequent cause first. */
export function causesOf({ counts }: PairImport): string {
  return Object.entries(counts.left)
    .sort(([, one], [, other]) => other - one)
    .map(([cause, count]) => `${grouped(count)}: ${LEFT_OUT[cause as LeftOut]}`)
    .join('; ');
}
