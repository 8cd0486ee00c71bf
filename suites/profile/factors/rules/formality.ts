import { perText } from '../per-text.ts';
import type { Text } from '../text.ts';
import { countWhere } from './rule.ts';

/** "©", "®" and "™" are pictographs to Unicode, and signs of plain prose. */
const PICTURE = /(?![©®™])\p{Extended_Pictographic}/gu;
const BEYOND_ASCII = /\P{ASCII}/u;

/**
 * Formality in [0, 1]: the mean of four parts that need no norms. Null without words. Summed in whole numbers, so that equal
 * texts by this measure are equal to the last bit.
 */
export const formalityOf = perText((text: Text): number | null => {
  const { facts, normal } = text;
  const words = facts.length;
  if (words === 0) return null;
  const contractions = countWhere(facts, ({ isContraction }) => isContraction);
  const persons = countWhere(facts, ({ isFirstOrSecondPerson }) => isFirstOrSecondPerson);
  const casual = countWhere(facts, ({ isSlang }) => isSlang) + loudMarks(normal);
  const long = countWhere(facts, ({ isLong }) => isLong);
  return (3 * words - contractions - persons - Math.min(words, casual) + long) / (4 * words);
});

/** Exclamation marks and pictures. */
function loudMarks(normal: string): number {
  const pictures = BEYOND_ASCII.test(normal) ? (normal.match(PICTURE)?.length ?? 0) : 0;
  return pictures + (normal.match(/!/g)?.length ?? 0);
}
