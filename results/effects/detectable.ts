import type { MetricSpec } from '../../suites/task.ts';
import { isBinary } from '../outcomes/values.ts';
import { MINIMUM_CLUSTERS, POWER } from '../settings.ts';
import { detectableFromError, smallestDetectableChange } from '../statistics/detectable.ts';
import { clopperPearsonInterval } from '../statistics/proportion.ts';
import type { Draft } from './families.ts';
import { possible } from './intervals.ts';

type Measured = Pick<Draft, 'delta' | 'error' | 'n' | 'clusters' | 'gained' | 'lost' | 'obstacle'>;

/**
 * The smallest true difference that a comparison like this one finds with 80 % power at a level, in the metric's unit.
 * Of values of 0 and 1 by McNemar's power at the discordance that was seen, of others by their standard error. Where no
 * sample differs the discordance is the largest that as many clusters do not exclude (Clopper-Pearson), and each sample
 * that differs does so by the whole range, which is the hardest to see of all ways to make up a mean. Null where nothing
 * was compared, or no possible difference would be found.
 */
export function detectableOf(measured: Measured, spec: MetricSpec, level: number): number | null {
  const { delta, error = null, clusters, gained, lost, obstacle } = measured;
  if (delta === null || clusters < MINIMUM_CLUSTERS) return null;
  const width = spec.range[1] - spec.range[0];
  const isQuiet = gained + lost === 0 && delta === 0;
  const bySamples = spec.fold === 'mean' && (isQuiet ? obstacle === null : isBinary(spec));
  if (bySamples && Number.isFinite(width)) {
    const change = smallestDetectableChange({ ...designOf(measured), alpha: level, power: POWER });
    return change === null ? null : possible(change * width, spec);
  }
  if (error === null || error === 0) return null;
  return possible(detectableFromError(error, level, POWER, clusters - 1), spec);
}

/** As many independent pairs as the samples are worth, and how many of them differ. */
function designOf({ delta, error, n, clusters, gained, lost }: Measured) {
  const discordance = (gained + lost) / n;
  if (discordance === 0) return { n: clusters, discordance: clopperPearsonInterval(0, clusters).high };
  const independent = (discordance - (delta ?? 0) ** 2) / (n - 1);
  const designEffect = independent > 0 ? Math.max(1, (error ?? 0) ** 2 / independent) : n / clusters;
  return {
    n,
    discordance,
    designEffect,
    ...(clusters < n ? { degreesOfFreedom: clusters - 1 } : {}),
  };
}
