import { signed } from '../format.ts';
import type { Effect, SummaryMetric } from '../summary.ts';
import { texNumber } from './latex-text.ts';
import { hasDirection, WORDS } from './view.ts';

/** `better` and `worse` in bold, every other verdict upright. */
export function wordOf(effect: Pick<Effect, 'verdict'>): string {
  const word = WORDS[effect.verdict].toLowerCase();
  return hasDirection(effect) ? `\\textbf{${word}}` : word;
}

/** A signed difference in the unit that is printed. */
export function changed(delta: number, unit: SummaryMetric['unit']): string {
  return texNumber(signed(delta, unit));
}

/** An interval in small print. */
export function bracketed(low: string, high: string): string {
  return small(`[${texNumber(low)}, ${texNumber(high)}]`);
}

export function small(text: string): string {
  return `{\\footnotesize ${text}}`;
}
