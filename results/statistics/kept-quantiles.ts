import { studentQuantile } from './distributions.ts';

const kept = new Map<string, number>();
const MOST = 4_000;

/** `studentQuantile`, which is asked for again and again at the levels of a few families: what was found is kept. */
export function keptStudentQuantile(p: number, df: number): number {
  const key = `${p} ${df}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  if (kept.size >= MOST) kept.clear();
  const found = studentQuantile(p, df);
  kept.set(key, found);
  return found;
}
