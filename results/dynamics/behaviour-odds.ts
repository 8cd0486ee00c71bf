import { separation } from '../statistics/dynamics-separation.ts';
import { missingClass } from './behaviour-states.ts';
import type { Collected } from './collect.ts';
import type { BehaviourOdds } from './dynamics-summary.ts';
import type { OddsTable } from './tables.ts';

/**
 * Separation of the two classes of one behaviour by log-odds of Yes. A bound has a rank and no value: with one among them
 * there is an AUC and no mean.
 */
export function behaviourOdds({
  instrument,
  checkpoint,
  behaviour,
  table,
}: Collected<OddsTable>): BehaviourOdds {
  const { classes, censored, mass, matching } = table;
  const counts = { positive: classes.positive.length, negative: classes.negative.length };
  const n = counts.positive + counts.negative;
  const missing = missingClass(counts);
  const found = missing === null ? separation(classes) : null;
  const bounds = censored > 0 ? `${censored} of ${n} log-odds are bounds, which no mean may hold` : null;
  return {
    checkpoint,
    task: instrument,
    behaviour,
    ...counts,
    auc: found?.auc ?? null,
    dPrime: bounds === null ? (found?.dPrime ?? null) : null,
    matchingLogOdds: bounds === null ? meanLean(classes) : null,
    matching,
    mass,
    censored: n === 0 ? 0 : censored / n,
    reason: missing ?? bounds,
  };
}

/** Mean log-odds of the matching answer: those of Yes where it matches, of No elsewhere. */
function meanLean({ positive, negative }: OddsTable['classes']): number | null {
  const n = positive.length + negative.length;
  if (n === 0) return null;
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return (sum(positive) - sum(negative)) / n;
}
