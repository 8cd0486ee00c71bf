import { type ConfoundName, confounds } from '../effects/comparable.ts';
import type { SummaryCheckpoint } from '../summary.ts';
import type { SeriesMembers } from './grouping.ts';

/**
 * Why the members of a series must not stand on one curve, or null: one of them, the start included, differs from the
 * first in something besides the training that the definition does not allow, or repeats another one's step.
 */
export function refusalOf(
  { points }: SeriesMembers,
  checkpoints: ReadonlyMap<string, SummaryCheckpoint>,
  allow: readonly ConfoundName[],
): string | null {
  const members = points.flatMap(({ checkpoint, step }) => {
    const found = checkpoints.get(checkpoint);
    return found === undefined ? [] : [{ facts: found, step }];
  });
  const [first, ...others] = members;
  if (first === undefined) return null;
  const differing = others.flatMap(({ facts }) => {
    const forbidden = confounds(first.facts, facts).filter(({ name }) => !allow.includes(name));
    const words = forbidden.map((one) => one.words).join(', ');
    return words === '' ? [] : [`${facts.id} differs from ${first.facts.id} in ${words}`];
  });
  const repeated = members.flatMap(({ facts, step }, index) => {
    const same = members[index - 1];
    return same?.step === step ? [`${same.facts.id} and ${facts.id} are both step ${step}`] : [];
  });
  const reasons = [...repeated, ...shortened(differing)];
  return reasons.length === 0 ? null : reasons.join('; ');
}

/** Fifty checkpoints that differ alike are one fact. */
function shortened(reasons: readonly string[]): string[] {
  const rest = reasons.length - MOST;
  return rest > 0 ? [...reasons.slice(0, MOST), `and ${rest} more likewise`] : [...reasons];
}

const MOST = 3;
