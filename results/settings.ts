/** Level of every test, after correction. */
export const ALPHA = 0.05;
/** Power behind "smallest effect that could have been seen". */
export const POWER = 0.8;
/** Below this many clusters no clustered interval and no test is worth printing (Cameron & Miller 2015, §VI). */
export const MINIMUM_CLUSTERS = 10;
/** Below this many clusters intervals are flagged: they may be too narrow (docs/statistics.md). */
export const RELIABLE_CLUSTERS = 30;
/** Share of failed, empty, truncated or unparsed answers above which a reader is warned. */
export const UNUSUAL_SHARE = 0.05;
/**
 * Most draws of an exploratory test that recomputes a whole statistic for each of them; primary ones take as many as any
 * other sampled test.
 */
export const EXPLORATORY_SWAPS = 5_000;
