import { askedName, partsOfInstrument } from '../../../suites/task.ts';
import { haveEqualWeights } from '../../alarms/weights.ts';
import type { Effect, MethodEffect, ReadingAgreement, SummaryCheckpoint } from '../../summary.ts';
import { mainEffects, sideOf } from './agreements.ts';
import { type RelationInput, shownOf } from './shown.ts';

/**
 * Where one task was put in several prompts (presets, formats) or its answers were read by several judges: on which side the
 * effect lies in each reading. A count, never a test: the readings share their samples, and judges also their answers.
 */
export function readingAgreements(
  input: RelationInput,
  methods: readonly MethodEffect[],
  checkpoints: readonly SummaryCheckpoint[],
): ReadingAgreement[] {
  const effects = mainEffects(input);
  const first = firstReadings(input.inputs.map(({ task }) => task.task));
  const judges = groupsOf(effects, haveOtherJudge);
  const prompts = groupsOf(
    effects.filter(({ task }) => first.has(task)),
    (a, b) => haveOtherPrompt(a, b, checkpoints),
  );
  return [
    ...judges.flatMap((group) => agreementOf('judges', group, methods)),
    ...prompts.flatMap((group) => agreementOf('prompts', group, methods)),
  ];
}

/** Of every instrument that several judges read, the first judge's. */
function firstReadings(instruments: readonly string[]): ReadonlySet<string> {
  const first = new Map<string, string>();
  for (const one of instruments) if (!first.has(askedName(one))) first.set(askedName(one), one);
  return new Set(first.values());
}

/** Effects that are readings of one thing, in the order of the definition; two at least. */
function groupsOf(effects: readonly Effect[], isSame: (a: Effect, b: Effect) => boolean): Effect[][] {
  const groups: Effect[][] = [];
  for (const effect of effects) {
    const group = groups.find(
      ([one]) => one !== undefined && one.kind === effect.kind && isSame(one, effect),
    );
    if (group === undefined) groups.push([effect]);
    else group.push(effect);
  }
  return groups.filter(({ length }) => length > 1);
}

function haveOtherJudge(a: Effect, b: Effect): boolean {
  return a.from === b.from && a.to === b.to && askedName(a.task) === askedName(b.task);
}

function haveOtherPrompt(a: Effect, b: Effect, checkpoints: readonly SummaryCheckpoint[]): boolean {
  const same = (one: string, other: string): boolean =>
    one === other || isInOtherFormat(checkpoints, one, other);
  return questionOf(a.task) === questionOf(b.task) && same(a.from, b.from) && same(a.to, b.to);
}

function questionOf(instrument: string): string {
  const parts = partsOfInstrument(instrument);
  return parts === null ? instrument : `${parts.task}@${parts.dataset}`;
}

/** Two names of the same weights, asked in different formats. */
export function isInOtherFormat(checkpoints: readonly SummaryCheckpoint[], a: string, b: string): boolean {
  const [one, other] = [a, b].map((id) => checkpoints.find((each) => each.id === id));
  if (one === undefined || other === undefined || one.promptFormat === other.promptFormat) return false;
  return haveEqualWeights(one, other) && one.seed === other.seed && one.control === other.control;
}

/** None where nothing could be compared. */
function agreementOf(
  over: ReadingAgreement['over'],
  group: readonly Effect[],
  methods: readonly MethodEffect[],
): ReadingAgreement[] {
  const comparable = group.filter(({ verdict, delta }) => verdict !== 'not comparable' && delta !== null);
  const [first] = comparable;
  const [own] = group;
  if (first === undefined || own === undefined) return [];
  const side = sideOf(first, methods);
  return [
    {
      over,
      kind: own.kind,
      from: own.from,
      to: own.to,
      dimension: own.dimension,
      task: own.task,
      metric: own.metric,
      readings: group.map((effect) => ({
        task: effect.task,
        from: effect.from,
        to: effect.to,
        delta: comparable.includes(effect) ? shownOf(effect, methods).delta : null,
      })),
      compared: comparable.length,
      sameSign: comparable.filter((effect) => sideOf(effect, methods) === side).length,
    },
  ];
}
