import { partsOfInstrument } from '../../../suites/task.ts';
import { gainSign } from '../../direction.ts';
import type { Agreement, Effect, MethodEffect, TradeOff } from '../../summary.ts';
import { inputOf, isHeadline, type RelationInput, shownOf } from './shown.ts';

/** Effects of the overview under their headline metrics: main comparisons, controls apart. */
export function mainEffects({ estimated, inputs }: RelationInput): Effect[] {
  return estimated
    .filter((each) => each.comparison.main && each.comparison.kind !== 'control' && isHeadline(each, inputs))
    .map(({ effect }) => effect);
}

/**
 * For every main comparison and dimension: how many of its tasks moved to the side of its headline task. Several prompts and
 * judges of one task are one task here; readings.ts counts them.
 */
export function agreements(input: RelationInput, methods: readonly MethodEffect[]): Agreement[] {
  return grouped(mainEffects(input), ({ from, to, dimension }) => [from, to, dimension]).flatMap((group) => {
    const comparable = group.filter(({ verdict, delta }) => verdict !== 'not comparable' && delta !== null);
    const headline = comparable.find(({ task }) => inputOf(input.inputs, task).task.primary);
    if (headline === undefined) return [];
    const { from, to, dimension } = headline;
    const side = sideOf(headline, methods);
    const tasks = oneReadingEach(comparable, headline);
    const sameSign = tasks.filter((effect) => sideOf(effect, methods) === side).length;
    return [{ from, to, dimension, tasks: tasks.length, sameSign }];
  });
}

/** Main comparisons in which the headline task of one dimension improved and that of another worsened. */
export function tradeOffs(input: RelationInput, methods: readonly MethodEffect[]): TradeOff[] {
  const primaries = mainEffects(input).filter(({ task }) => inputOf(input.inputs, task).task.primary);
  return grouped(primaries, ({ from, to }) => [from, to]).flatMap((group) => {
    const moved = (verdict: Effect['verdict']): string[] =>
      group
        .filter((effect) => shownOf(effect, methods).verdict === verdict)
        .map(({ dimension }) => dimension);
    const [improved, worsened] = [moved('improved'), moved('worsened')];
    const { from, to } = group[0] as Effect;
    return improved.length === 0 || worsened.length === 0 ? [] : [{ from, to, improved, worsened }];
  });
}

/** Of the effects of one task on one dataset the headline, else the first. */
function oneReadingEach(effects: readonly Effect[], headline: Effect): Effect[] {
  return grouped(effects, ({ task }) => {
    const parts = partsOfInstrument(task);
    return parts === null ? [task] : [parts.task, parts.dataset];
  }).map((group) => (group.includes(headline) ? headline : (group[0] as Effect)));
}

/** 1 better, −1 worse, 0 neither. */
export function sideOf(effect: Effect, methods: readonly MethodEffect[]): number {
  const delta = shownOf(effect, methods).delta ?? 0;
  return Math.sign(delta * gainSign(effect.direction)) + 0;
}

function grouped(effects: readonly Effect[], keyOf: (effect: Effect) => readonly string[]): Effect[][] {
  const groups = new Map<string, Effect[]>();
  for (const effect of effects) {
    const key = JSON.stringify(keyOf(effect));
    groups.set(key, [...(groups.get(key) ?? []), effect]);
  }
  return [...groups.values()];
}
