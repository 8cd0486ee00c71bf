import { MINIMUM_SEEDS } from '../../statistics/seed-variance.ts';
import type { Effect, MethodEffect, Verdict } from '../../summary.ts';
import type { EffectInput, Estimated } from '../effects.ts';

/** What relations are computed from: every effect, and the instruments behind them. */
export interface RelationInput {
  readonly inputs: readonly EffectInput[];
  readonly estimated: readonly Estimated[];
}

/** An effect as the overview shows it: the mean over training seeds where there are enough, else the main seed. */
export interface Shown {
  readonly delta: number | null;
  readonly verdict: Verdict;
}

export function shownOf(effect: Effect, methods: readonly MethodEffect[]): Shown {
  const method = methodOf(effect, methods);
  return method === undefined ? effect : { delta: method.mean, verdict: method.verdict };
}

/** The effect of the method that stands for a main effect; undefined with too few training seeds. */
export function methodOf(
  { kind, from, to, task, metric }: Pick<Effect, 'kind' | 'from' | 'to' | 'task' | 'metric'>,
  methods: readonly MethodEffect[],
): MethodEffect | undefined {
  return methods.find(
    (each) =>
      each.seeds.length >= MINIMUM_SEEDS &&
      each.kind === kind &&
      each.from === from &&
      each.to === to &&
      each.task === task &&
      each.metric === metric,
  );
}

/** Under the metric that stands for its instrument. */
export function isHeadline({ effect }: Estimated, inputs: readonly EffectInput[]): boolean {
  return inputs.some(({ task }) => task.task === effect.task && task.headline === effect.metric);
}

/** Of one instrument. */
export function inputOf(inputs: readonly EffectInput[], task: string): EffectInput {
  const input = inputs.find((each) => each.task.task === task);
  if (input === undefined) throw new Error(`no instrument ${task}`);
  return input;
}
