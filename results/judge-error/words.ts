import { signed, withSide } from '../format.ts';
import type { Effect, SummaryMetric } from '../summary.ts';

/**
 * What an effect is after the errors of the scorer behind it, as one line without its full stop; null where nothing is
 * known of them. Hostile names (a checkpoint's id, a file's name) are in it: escape it for the format.
 */
export function judgeLine(
  { judge, direction, verdict }: Pick<Effect, 'judge' | 'direction' | 'verdict'>,
  { unit }: Pick<SummaryMetric, 'unit'>,
): string | null {
  if (judge === null) return null;
  const { estimator, labels, delta, low, high, note } = judge;
  const isCorrected = estimator === 'difference';
  const name = isCorrected ? `corrected by ${labels} human labels` : 'sensitivity to the scorer';
  if (delta === null) return `${name}: ${note}`;
  const interval =
    low === null || high === null
      ? 'no interval'
      : `95 % interval ${signed(low, unit)} to ${signed(high, unit)}`;
  const isOpen = low !== null && high !== null && low <= 0 && high >= 0;
  const isMeasured = verdict === 'improved' || verdict === 'worsened';
  const doubt = isOpen && isMeasured ? ', so that the verdict does not outlast the errors of the scorer' : '';
  return `${name}: ${withSide(delta, unit, direction)}, ${interval}${doubt}; ${note}`;
}
