import { isInOtherFormat } from '../effects/relations/readings.ts';
import { methodOf } from '../effects/relations/shown.ts';
import { intervalAfter, plain, sideOf, signed, withSide } from '../format.ts';
import type { Effect, MethodEffect, ReadingAgreement, Summary, SummaryTask } from '../summary.ts';
import { eachRunNote } from './each-run.ts';
import { metricOf } from './names.ts';
import { clean } from './text.ts';

export type Tone = 'good' | 'bad' | 'plain';

export interface MatrixCell {
  readonly word: string;
  readonly tone: Tone;
  /** Signed change with its interval. */
  readonly change: string;
  /** A line each. */
  readonly notes: readonly string[];
  /** The same in one line. */
  readonly note: string;
  readonly effect: Effect;
}

/** An effect as a cell shows it: over training seeds where there are enough of them, else of the main one. */
export type ShownEffect = Pick<
  Effect,
  | 'delta'
  | 'low'
  | 'high'
  | 'verdict'
  | 'family'
  | 'reason'
  | 'detectable'
  | 'equivalence'
  | 'confounds'
  | 'direction'
>;

export const WORDS = {
  improved: 'better',
  worsened: 'WORSE',
  raised: 'RAISED',
  lowered: 'LOWERED',
  'no detectable change': 'no change',
  'not comparable': 'not comparable',
} as const;

const TONES: Readonly<Record<Effect['verdict'], Tone>> = {
  improved: 'good',
  worsened: 'bad',
  raised: 'plain',
  lowered: 'plain',
  'no detectable change': 'plain',
  'not comparable': 'plain',
};

/** The effect of the method behind a main effect; undefined with fewer than three training seeds. */
export function overSeeds(summary: Summary, effect: Effect): MethodEffect | undefined {
  return methodOf(effect, summary.relations.methods);
}

/** What a cell shows of a main effect. */
export function shownEffect(summary: Summary, effect: Effect): ShownEffect {
  const over = overSeeds(summary, effect);
  return over === undefined ? effect : { ...over, delta: over.mean, direction: effect.direction };
}

/** `+3.1 ±2.0`, `−11.7 [−23.7, −3.4]` where the interval lies unevenly, the sign alone where there is no interval, `–` where there is no difference. */
export function changeOf(
  summary: Summary,
  effect: Effect,
  shown: Pick<ShownEffect, 'delta' | 'low' | 'high'> = effect,
): string {
  const { unit } = metricOf(summary, effect.task, effect.metric);
  const { delta, low, high } = shown;
  if (delta === null) return '–';
  return `${signed(delta, unit)}${intervalAfter(delta, low, high, unit)}`;
}

/** The pointwise interval excludes 0, and yet there is no verdict. */
export function failsOnlyAfterCorrection({
  verdict,
  low,
  high,
}: Pick<ShownEffect, 'verdict' | 'low' | 'high'>): boolean {
  return verdict === 'no detectable change' && low !== null && high !== null && (low > 0 || high < 0);
}

/** The verdict says better or worse, and yet the pointwise interval, which rests on another method, includes 0. */
export function passesOnlyByTest(shown: Pick<ShownEffect, 'verdict' | 'low' | 'high'>): boolean {
  const { low, high } = shown;
  return hasDirection(shown) && low !== null && high !== null && low <= 0 && high >= 0;
}

/** It was tested, and another training seed moves the score as much. */
export function isWithinSeedNoise({ verdict, withinSeedNoise }: Effect): boolean {
  return withinSeedNoise === true && verdict !== 'not comparable';
}

/** The verdict says better or worse. */
export function hasDirection({ verdict }: Pick<Effect, 'verdict'>): boolean {
  return verdict !== 'no detectable change' && verdict !== 'not comparable';
}

/** The letter of an obstacle: a, b, … z, aa. */
export function letter(index: number): string {
  const rest = Math.floor(index / 26);
  return `${rest > 0 ? letter(rest - 1) : ''}${String.fromCharCode(97 + (index % 26))}`;
}

/** The cell of one effect; why it could not be compared joins `obstacles`. */
export function cellOf(
  summary: Summary,
  effect: Effect,
  isOverSeeds: boolean,
  obstacles: string[],
): MatrixCell {
  const shown = shownEffect(summary, effect);
  const word = WORDS[shown.verdict];
  if (shown.verdict !== 'not comparable') {
    const change = changeOf(summary, effect, shown);
    const notes = notesOf(summary, effect, shown, isOverSeeds);
    return cell({ word, tone: TONES[shown.verdict], change, notes, effect });
  }
  const reason = clean(shown.reason ?? 'no reason was recorded');
  if (!obstacles.includes(reason)) obstacles.push(reason);
  const notes = shown.delta === null ? [] : [`${sided(summary, effect, shown.delta)}, untested`];
  const change = `[${letter(obstacles.indexOf(reason))}]`;
  return cell({ word, tone: 'plain', change, notes, effect });
}

function cell(parts: Omit<MatrixCell, 'note'>): MatrixCell {
  return { ...parts, note: parts.notes.join('; ') };
}

function sided(summary: Summary, { task, metric, direction }: Effect, delta: number): string {
  return withSide(delta, metricOf(summary, task, metric).unit, direction);
}

/** What stands below the number: its side where the word does not say it, then what limits it. */
function notesOf(summary: Summary, effect: Effect, shown: ShownEffect, isOverSeeds: boolean): string[] {
  const { unit } = metricOf(summary, effect.task, effect.metric);
  const { delta, confounds } = shown;
  const side = hasDirection(shown) || delta === null ? null : sideOf(delta, unit, effect.direction);
  const agreement = summary.relations.agreements.find(
    ({ from, to, dimension }) => from === effect.from && to === effect.to && dimension === effect.dimension,
  );
  const isPrimary = summary.tasks.some(({ task, primary }) => primary && task === effect.task);
  const bounds = effect.missingDiffers ? effect.missingBounds : null;
  return [
    side === null ? null : `toward ${side}`,
    delta === 0 && effect.gained + effect.lost === 0 ? 'no sample differs' : null,
    equivalenceNote(shown, unit),
    confounds.length === 0 ? null : [...confounds, 'training'].join(' + '),
    failsOnlyAfterCorrection(shown) ? 'not after correction' : null,
    passesOnlyByTest(shown) ? 'interval includes 0' : null,
    eachRunNote(summary, effect),
    overSeeds(summary, effect) === undefined ? seedNote(effect, unit, isOverSeeds) : null,
    agreement !== undefined && isPrimary && agreement.tasks > 1
      ? `${agreement.sameSign} of ${agreement.tasks} tasks`
      : null,
    ...readingNotes(summary, effect),
    bounds === null ? null : `missing: ${signed(bounds.low, unit)} to ${signed(bounds.high, unit)}`,
  ].filter((note) => note !== null);
}

/** What the margin of the definition says; a change that was found needs no word on it. */
function equivalenceNote(
  { equivalence, verdict }: ShownEffect,
  unit: SummaryTask['metrics'][number]['unit'],
): string | null {
  if (equivalence === null || (!equivalence.equivalent && verdict !== 'no detectable change')) return null;
  return `${equivalence.equivalent ? '' : 'not shown '}equivalent within ±${plain(equivalence.margin, unit)}`;
}

/** In how many of several judges' readings, and of several prompts, the effect lies on this side. */
function readingNotes(summary: Summary, effect: Effect): (string | null)[] {
  const notes = new Map(
    (summary.relations.readings ?? []).flatMap((one) => {
      const note = one.kind === effect.kind ? readingNote(one, effect) : null;
      return note === null ? [] : [[one.over, note] as const];
    }),
  );
  return [notes.get('judges') ?? null, notes.get('prompts') ?? formatsNote(summary, effect)];
}

/** Null where the effect is none of them, and where they differ in the prompt format alone: that has a note of its own. */
function readingNote({ over, readings, compared }: ReadingAgreement, effect: Effect): string | null {
  const own = readings.find(
    ({ task, from, to }) => task === effect.task && from === effect.from && to === effect.to,
  );
  if (own === undefined || own.delta === null) return null;
  if (over === 'prompts' && readings.every(({ task }) => task === own.task)) return null;
  const side = Math.sign(own.delta);
  const agreeing = readings.filter(({ delta }) => delta !== null && Math.sign(delta) === side).length;
  return `${agreeing} of ${compared} ${over}`;
}

/** Where the same weights were asked in several prompt formats: in how many of them the effect lies on this side. */
function formatsNote(summary: Summary, effect: Effect): string | null {
  const { kind, task, metric } = effect;
  const same = summary.effects.filter(
    (other) =>
      other.kind === kind &&
      other.task === task &&
      other.metric === metric &&
      isInOtherFormat(summary.checkpoints, other.from, effect.from) &&
      isInOtherFormat(summary.checkpoints, other.to, effect.to),
  );
  if (same.length === 0 || effect.delta === null) return null;
  const side = Math.sign(effect.delta);
  const agreeing = same.filter(({ delta }) => delta !== null && Math.sign(delta) === side).length;
  return `${agreeing + 1} of ${same.length + 1} formats`;
}

/** What other training seeds say of a cell that rests on one of them. */
export function seedNote(
  effect: Effect,
  unit: SummaryTask['metrics'][number]['unit'],
  isOverSeeds: boolean,
): string | null {
  if (isOverSeeds) return 'of one seed';
  if (effect.seedSpread === null || (effect.delta === 0 && effect.gained + effect.lost === 0)) return null;
  const spread = plain(effect.seedSpread, unit);
  if (!isWithinSeedNoise(effect)) return `a seed is worth ${spread}`;
  return hasDirection(effect) ? `but seed noise is ${spread}` : `within seed noise ${spread}`;
}

/** The effect of each seed, on which side it lies, and how far they lie apart. */
export function seedCell(summary: Summary, main: Effect, twins: readonly Effect[]): MatrixCell {
  const { unit } = metricOf(summary, main.task, main.metric);
  const spread = main.effectSpread === null ? 'unknown' : plain(main.effectSpread, unit);
  const known = twins.flatMap(({ delta }) => (delta === null ? [] : [delta]));
  const notes = (['better', 'worse', null] as const).flatMap((side) => {
    const own = known.filter((delta) => sideOf(delta, unit, main.direction) === side);
    const numbers = own.map((delta) => signed(delta, unit)).join(' ');
    return own.length === 0 ? [] : [side === null ? numbers : `${side} ${numbers}`];
  });
  return cell({ word: 'spread', tone: 'plain', change: spread, notes, effect: main });
}
