import { methodOf } from '../effects/relations/shown.ts';
import { counted } from '../format.ts';
import type { Effect, Summary } from '../summary.ts';

const SIDES = { improved: 'better', worsened: 'worse', raised: 'raised', lowered: 'lowered' } as const;

type Directed = keyof typeof SIDES;

/**
 * The verdict that each training run behind a mean has of its own although the mean has none; undefined otherwise. The
 * mean of a few seeds reaches far to both sides: every run may have moved, and the method still be open.
 */
export function verdictOfEachRun(summary: Summary, effect: Effect): Directed | undefined {
  const over = methodOf(effect, summary.relations.methods);
  if (over?.verdict !== 'no detectable change') return undefined;
  const verdicts = over.seeds.map((seed) => verdictOf(summary, effect, seed));
  const [first] = verdicts;
  return first !== undefined && isDirected(first) && verdicts.every((each) => each === first)
    ? first
    : undefined;
}

/** `each of 3 runs better`; null where nothing of the kind can be said. */
export function eachRunNote(summary: Summary, effect: Effect): string | null {
  const verdict = verdictOfEachRun(summary, effect);
  const runs = methodOf(effect, summary.relations.methods)?.seeds.length ?? 0;
  return verdict === undefined ? null : `each of ${counted(runs, 'run')} ${SIDES[verdict]}`;
}

/** Of the same comparison and metric, for another training seed. */
function verdictOf(
  { effects }: Summary,
  { kind, task, metric }: Effect,
  seed: { readonly from: string; readonly to: string },
): Effect['verdict'] | undefined {
  return effects.find(
    (each) =>
      each.kind === kind &&
      each.task === task &&
      each.metric === metric &&
      each.from === seed.from &&
      each.to === seed.to,
  )?.verdict;
}

function isDirected(verdict: Effect['verdict']): verdict is Directed {
  return verdict in SIDES;
}
