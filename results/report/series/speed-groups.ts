import type { DistinguishabilitySpeed } from '../../dynamics/dynamics-summary.ts';
import type { Summary } from '../../summary.ts';

/** What one instrument told apart at the start of a series, against the speed of one metric: every way to measure both. */
export interface SpeedGroup {
  readonly series: string;
  /** The first of them says what all have in common. */
  readonly first: DistinguishabilitySpeed;
  readonly relations: readonly DistinguishabilitySpeed[];
}

export function speedGroups({ dynamics }: Summary): SpeedGroup[] {
  const groups = new Map<string, DistinguishabilitySpeed[]>();
  for (const one of dynamics?.relations ?? []) {
    const key = JSON.stringify([one.series, one.task, one.speedOf.task, one.speedOf.metric]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((relations) => {
    const [first] = relations;
    return first === undefined ? [] : [{ series: first.series, first, relations }];
  });
}
