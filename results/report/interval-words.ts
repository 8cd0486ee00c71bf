import type { Summary } from '../summary.ts';

/** Whether the run stopped by what it saw, so that its effects carry confidence sequences and no pointwise intervals. */
export function isSequential({ effects }: Pick<Summary, 'effects'>): boolean {
  return effects.some(({ test }) => test === 'confidence-sequence');
}

/** What the interval of an effect is called: `pointwise 95 % interval`, or `95 % confidence sequence`. */
export function intervalInWords(summary: Pick<Summary, 'effects'>): string {
  return isSequential(summary) ? '95 % confidence sequence' : 'pointwise 95 % interval';
}
