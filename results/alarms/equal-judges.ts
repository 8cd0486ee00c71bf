import type { Alarm } from '../summary.ts';

/** A judge as far as its verdicts depend on it. */
export interface NamedJudge {
  readonly id: string;
  readonly identityDigest: string;
  readonly promptFormat: string;
  readonly system: string | null;
}

/** Judges that are one model under several names agree with each other whatever is true: they count once. */
export function equalJudgesAlarms(judges: readonly NamedJudge[]): Alarm[] {
  const groups = new Map<string, string[]>();
  for (const { id, identityDigest, promptFormat, system } of judges) {
    const key = JSON.stringify([identityDigest, promptFormat, system]);
    groups.set(key, [...(groups.get(key) ?? []), id]);
  }
  return [...groups.values()]
    .filter(({ length }) => length > 1)
    .map((ids) => ({
      kind: 'equal-judges',
      checkpoint: null,
      task: null,
      message: `the judges ${ids.join(', ')} are one model under several names: that they agree says nothing`,
    }));
}
