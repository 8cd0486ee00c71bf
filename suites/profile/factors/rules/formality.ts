import { perText } from '../per-text.ts';
import type { Text } from '../text.ts';

/** "©", "®" and "™" are pictographs to Unicode, and signs of plain prose. */
const PICTURE = /\p{Extended_Pictographic}/gu;
const SIGNS = /[©®™]/g;
const BEYOND_ASCII = /[\u0080-\uffff]/;

/**
 * Formality in [0, 1]: the mean of four parts that need no norms. Null without words. Summed in whole numbers, so that equal
 * texts by this measure are equal to the last bit.
 */
export const formalityOf = perText((text: Text): number | null => {
  const { facts, normal } = text;
  const words = facts.length;
  if (words === 0) return null;
  let points = 3 * words;
  let casual = loudMarks(normal);
  for (const { isContraction, isFirstOrSecondPerson, isSlang, isLong } of facts) {
    if (isContraction) points--;
    if (isFirstOrSecondPerson) points--;
    if (isSlang) casual++;
    if (isLong) points++;
  }
  return (points - Math.min(words, casual)) / (4 * words);
});

/** Exclamation marks and pictures. */
function loudMarks(normal: string): number {
  const pictures = BEYOND_ASCII.test(normal) ? hits(normal, PICTURE) - hits(normal, SIGNS) : 0;
  return pictures + hits(normal, /!/g);
}

function hits(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
