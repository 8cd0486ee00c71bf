/** Sums of the same numbers in another order differ in their last bits. */
const ROUNDING = 1e-9;

/** Whether an interval has both ends in one place: where all resamples agree it would read as certainty. */
export function hasNoWidth(low: number | null, high: number | null): boolean {
  return low !== null && high !== null && Math.abs(high - low) <= ROUNDING;
}
