import { haveEqualWeights } from '../alarms/weights.ts';
import { methodOf } from '../effects/relations/shown.ts';
import { twinGroups } from '../effects/twins.ts';
import { counted, plain, sideOf, signed, unitName, withSide } from '../format.ts';
import type { Effect, EffectKind, MethodEffect, Summary, SummaryTask } from '../summary.ts';
import { metricOf, shortNames } from './names.ts';
import { clean, shorten } from './text.ts';

/** A matrix of effects: one row an instrument, one column a comparison. */
export interface Matrix {
  /** What the rows are: `dimension`, or `instrument` where a dimension has several. */
  readonly rowTitle: string;
  readonly rows: readonly MatrixRow[];
  readonly columns: readonly MatrixColumn[];
  /** Why cells could not be compared; a cell names its entry by letter. */
  readonly obstacles: readonly string[];
}

export interface MatrixRow {
  readonly task: string;
  readonly name: string;
  /** For example `n 240`, and the unit where it is not points. */
  readonly size: string;
}

export interface MatrixColumn {
  /** Two parts, to be printed on one line or on two. */
  readonly title: readonly [string, string];
  /** The alignment method and how many training seeds speak for it. */
  readonly method: string;
  /** One cell a row; null where nothing was compared. */
  readonly cells: readonly (MatrixCell | null)[];
}

export type Tone = 'good' | 'bad' | 'plain';

export interface MatrixCell {
  readonly word: string;
  readonly tone: Tone;
  /** Signed change with the half-width of its interval. */
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
  'delta' | 'low' | 'high' | 'verdict' | 'reason' | 'detectable' | 'equivalence' | 'confounds' | 'direction'
>;

/** How a checkpoint is called: shortened for a terminal, in full elsewhere. */
export type NameOf = (id: string) => string;

const LONGEST_ID = 22;

export const WORDS = {
  improved: 'better',
  worsened: 'WORSE',
  'no detectable change': 'no change',
  'not comparable': 'not comparable',
} as const;

const TONES: Readonly<Record<Effect['verdict'], Tone>> = {
  improved: 'good',
  worsened: 'bad',
  'no detectable change': 'plain',
  'not comparable': 'plain',
};

/** The headline tasks of the dimensions, or all others. */
export type TaskChoice = 'headline' | 'further';

/** The overview of one kind of effect: headline metrics of the main checkpoints; null when there is none. */
export function matrixOf(
  summary: Summary,
  kind: EffectKind,
  nameOf: NameOf = idOf,
  choice: TaskChoice = 'headline',
): Matrix | null {
  const chosen = summary.tasks.filter(({ primary }) => primary === (choice === 'headline'));
  const names = namesIn(summary, choice);
  const effects = headlineEffects(summary).filter(
    (effect) => effect.kind === kind && effect.main && chosen.some(({ task }) => task === effect.task),
  );
  if (effects.length === 0) return null;
  const tasks = chosen.filter(({ task }) => effects.some((effect) => effect.task === task));
  const obstacles: string[] = [];
  const rows = tasks.map((task) => rowOf(summary, task, names, effects));
  const columns = pairsOf(effects).map((pair) => {
    const own = effects.filter((effect) => isPair(effect, pair));
    const seeds = Math.max(0, ...own.map((effect) => overSeeds(summary, effect)?.seeds.length ?? 0));
    const isOverSeeds = seeds > 0;
    return {
      title: titleOf(pair, nameOf),
      method: methodTitle(pair, seeds),
      cells: tasks.map(({ task }) => {
        const effect = own.find((each) => each.task === task);
        return effect === undefined ? null : cellOf(summary, effect, isOverSeeds, obstacles);
      }),
    };
  });
  return { rowTitle: rowTitleOf(tasks, names), rows, columns, obstacles };
}

/** The effect of the method behind a main effect; undefined with fewer than three training seeds. */
export function overSeeds(summary: Summary, effect: Effect): MethodEffect | undefined {
  return methodOf(effect, summary.relations.methods);
}

/** What a cell shows of a main effect. */
export function shownEffect(summary: Summary, effect: Effect): ShownEffect {
  const over = overSeeds(summary, effect);
  return over === undefined ? effect : { ...over, delta: over.mean, direction: effect.direction };
}

/** What a training seed is worth: per stage and instrument the effect of every seed, and how far they lie apart. */
export function seedMatrix(summary: Summary, nameOf: NameOf = idOf): Matrix | null {
  const groups = new Map(twinGroups(summary.checkpoints));
  const stages = headlineEffects(summary).filter(({ kind }) => kind === 'stage');
  const primaries = summary.tasks.filter(({ primary }) => primary);
  const mains = stages.filter(
    (effect) => effect.main && effect.seeds > 1 && primaries.some(({ task }) => task === effect.task),
  );
  if (mains.length === 0) return null;
  const tasks = primaries.filter(({ task }) => mains.some((effect) => effect.task === task));
  const names = namesIn(summary, 'headline');
  const columns = pairsOf(mains).map((pair) => ({
    title: titleOf(pair, nameOf),
    method: `${clean(pair.method)}, ${counted(pair.seeds, 'seed')}`,
    cells: tasks.map(({ task }) => {
      const twins = (groups.get(pair.to) ?? []).flatMap((id) =>
        stages.filter((effect) => effect.task === task && effect.from === pair.from && effect.to === id),
      );
      const main = twins.find((effect) => effect.main);
      return main === undefined ? null : seedCell(summary, main, twins);
    }),
  }));
  const rows = tasks.map((task) => rowOf(summary, task, names, mains));
  return { rowTitle: rowTitleOf(tasks, names), rows, columns, obstacles: [] };
}

/** Effects under the metric that stands for their instrument. */
export function headlineEffects(summary: Summary): Effect[] {
  const headlines = new Map(summary.tasks.map(({ task, headline }) => [task, headline]));
  return summary.effects.filter((effect) => headlines.get(effect.task) === effect.metric);
}

/** `+3.1 ±2.0`, the sign alone where there is no interval, `–` where there is no difference. */
export function changeOf(
  summary: Summary,
  effect: Effect,
  shown: Pick<ShownEffect, 'delta' | 'low' | 'high'> = effect,
): string {
  const { unit } = metricOf(summary, effect.task, effect.metric);
  const { delta, low, high } = shown;
  if (delta === null) return '–';
  if (low === null || high === null) return signed(delta, unit);
  return `${signed(delta, unit)} ±${plain((high - low) / 2, unit)}`;
}

/** `sft`, `→ dpo`; or `ppo`, `against dpo` between methods: the one that got better or worse is `to` in both. */
export function titleOf(
  { kind, from, to }: Pick<Effect, 'kind' | 'from' | 'to'>,
  nameOf: NameOf = idOf,
): [string, string] {
  return kind === 'method' ? [nameOf(to), `against ${nameOf(from)}`] : [nameOf(from), `→ ${nameOf(to)}`];
}

/** The pointwise interval excludes 0, and yet there is no verdict. */
export function failsOnlyAfterCorrection({
  verdict,
  low,
  high,
}: Pick<ShownEffect, 'verdict' | 'low' | 'high'>): boolean {
  return verdict === 'no detectable change' && low !== null && high !== null && (low > 0 || high < 0);
}

/** It was tested, and another training seed moves the score as much. */
export function isWithinSeedNoise({ verdict, withinSeedNoise }: Effect): boolean {
  return withinSeedNoise === true && verdict !== 'not comparable';
}

/** The verdict says better or worse. */
export function hasDirection({ verdict }: Pick<Effect, 'verdict'>): boolean {
  return verdict === 'improved' || verdict === 'worsened';
}

/** The letter of an obstacle: a, b, … z, aa. */
export function letter(index: number): string {
  const rest = Math.floor(index / 26);
  return `${rest > 0 ? letter(rest - 1) : ''}${String.fromCharCode(97 + (index % 26))}`;
}

/** An id short enough for a table; endings such as seeds and steps stay. */
export function idOf(id: string): string {
  return shorten(clean(id), LONGEST_ID);
}

/** Headline tasks go by the name of their dimension. */
function namesIn(summary: Summary, choice: TaskChoice): ReadonlyMap<string, string> {
  if (choice === 'further') return shortNames(summary.tasks);
  return new Map(summary.tasks.map(({ task, dimension }) => [task, dimension]));
}

function rowOf(
  summary: Summary,
  task: SummaryTask,
  names: ReadonlyMap<string, string>,
  effects: readonly Effect[],
): MatrixRow {
  const sizes = effects.filter((effect) => effect.task === task.task).map(({ n }) => n);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const unit = task.metrics.find(({ key }) => key === task.headline)?.unit ?? 'share';
  const name = names.get(task.task) ?? task.task;
  const rivals = summary.tasks.filter(({ dimension }) => dimension === task.dimension).length;
  const parts = [
    // Which of its tasks speaks for the dimension.
    ...(name === task.dimension && rivals > 1 ? [instrumentOf(summary, task)] : []),
    least === most ? `n ${most}` : `n ${least} to ${most}`,
    ...(unit === 'share' ? [] : [`in ${unitName(unit)}`]),
  ];
  return { task: task.task, name: clean(name), size: clean(parts.join(', ')) };
}

/** A task without its suite: `mc1`. */
function instrumentOf(summary: Summary, { task }: SummaryTask): string {
  const name = shortNames(summary.tasks).get(task) ?? task;
  return name.slice(name.indexOf('/') + 1);
}

function rowTitleOf(tasks: readonly SummaryTask[], names: ReadonlyMap<string, string>): string {
  return tasks.every(({ task, dimension }) => names.get(task) === dimension) ? 'dimension' : 'instrument';
}

function cellOf(summary: Summary, effect: Effect, isOverSeeds: boolean, obstacles: string[]): MatrixCell {
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
  const { delta, equivalence, confounds } = shown;
  const side = hasDirection(shown) || delta === null ? null : sideOf(delta, unit, effect.direction);
  const agreement = summary.relations.agreements.find(
    ({ from, to, dimension }) => from === effect.from && to === effect.to && dimension === effect.dimension,
  );
  const isPrimary = summary.tasks.some(({ task, primary }) => primary && task === effect.task);
  const bounds = effect.missingDiffers ? effect.missingBounds : null;
  return [
    side === null ? null : `toward ${side}`,
    delta === 0 && effect.gained + effect.lost === 0 ? 'no sample differs' : null,
    equivalence?.equivalent === true ? `equivalent within ±${plain(equivalence.margin, unit)}` : null,
    confounds.length === 0 ? null : [...confounds, 'training'].join(' + '),
    failsOnlyAfterCorrection(shown) ? 'not after correction' : null,
    overSeeds(summary, effect) === undefined ? seedNote(effect, unit, isOverSeeds) : null,
    agreement !== undefined && isPrimary && agreement.tasks > 1
      ? `${agreement.sameSign} of ${agreement.tasks} tasks`
      : null,
    formatsNote(summary, effect),
    bounds === null ? null : `missing: ${signed(bounds.low, unit)} to ${signed(bounds.high, unit)}`,
  ].filter((note) => note !== null);
}

/** Where the same weights were asked in several prompt formats: in how many of them the effect lies on this side. */
function formatsNote(summary: Summary, effect: Effect): string | null {
  const { kind, task, metric } = effect;
  const same = summary.effects.filter(
    (other) =>
      other.kind === kind &&
      other.task === task &&
      other.metric === metric &&
      isInOtherFormat(summary, other.from, effect.from) &&
      isInOtherFormat(summary, other.to, effect.to),
  );
  if (same.length === 0 || effect.delta === null) return null;
  const side = Math.sign(effect.delta);
  const agreeing = same.filter(({ delta }) => delta !== null && Math.sign(delta) === side).length;
  return `${agreeing + 1} of ${same.length + 1} formats`;
}

/** Two names of the same weights, asked in different formats. */
function isInOtherFormat({ checkpoints }: Summary, a: string, b: string): boolean {
  const [one, other] = [a, b].map((id) => checkpoints.find((each) => each.id === id));
  if (one === undefined || other === undefined || one.promptFormat === other.promptFormat) return false;
  return haveEqualWeights(one, other) && one.seed === other.seed && one.control === other.control;
}

/** What other training seeds say of a cell that rests on one of them. */
function seedNote(
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
function seedCell(summary: Summary, main: Effect, twins: readonly Effect[]): MatrixCell {
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

/** @param meanOf training seeds that the cells are means of; 0 where they are of one checkpoint. */
function methodTitle({ kind, method, seeds }: Effect, meanOf: number): string {
  const isMethod = kind === 'method';
  if (meanOf > 0) return `${isMethod ? '' : `${clean(method)}, `}mean of ${meanOf} seeds`;
  if (isMethod) return '';
  // The cells are those of the first declared seed; a plain count would read as their mean.
  return seeds === 1 ? `${clean(method)}, 1 seed` : `${clean(method)}, 1 of ${seeds} seeds`;
}

function pairsOf(effects: readonly Effect[]): Effect[] {
  return effects.filter((effect, index) => effects.findIndex((each) => isPair(each, effect)) === index);
}

function isPair(a: Pick<Effect, 'from' | 'to'>, b: Pick<Effect, 'from' | 'to'>): boolean {
  return a.from === b.from && a.to === b.to;
}
