import type { Journal } from './journal.ts';

const MOST_LINES = 5;

/**
 * Which lines of answers.jsonl cannot be trusted, in words; empty where every line is whole, so that what is missing was
 * never written or cut off between two lines.
 */
export function whereBroken({ damaged, torn }: Pick<Journal, 'damaged' | 'torn'>, path: string): string {
  const [first, ...more] = damaged.map(({ line }) => line);
  const others = more.slice(0, MOST_LINES).join(', ');
  const rest = more.length > MOST_LINES ? ` and ${more.length - MOST_LINES} more` : '';
  const parts = [
    ...(first === undefined ? [] : [`${path}:${first}: is damaged: its checksum is wrong`]),
    ...(others === '' ? [] : [`so are lines ${others}${rest}`]),
    ...(torn === undefined ? [] : [`${path}:${torn.line}: breaks off in the middle of the line`]),
  ];
  return parts.join('; ');
}
