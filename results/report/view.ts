import { twinGroups } from '../effects/twins.ts';
import { counted, unitName } from '../format.ts';
import type { Effect, EffectKind, Summary, SummaryTask } from '../summary.ts';
import { cellOf, type MatrixCell, overSeeds, seedCell } from './matrix-cell.ts';
import { shortNames } from './names.ts';
import { clean, shorten } from './text.ts';

export {
  changeOf,
  failsOnlyAfterCorrection,
  hasDirection,
  isWithinSeedNoise,
  letter,
  type MatrixCell,
  overSeeds,
  passesOnlyByTest,
  type ShownEffect,
  shownEffect,
  type Tone,
  WORDS,
} from './matrix-cell.ts';

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

/** How a checkpoint is called: shortened for a terminal, in full elsewhere. */
export type NameOf = (id: string) => string;

const LONGEST_ID = 22;

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

/** `sft`, `→ dpo`; or `ppo`, `against dpo` between methods: the one that got better or worse is `to` in both. */
export function titleOf(
  { kind, from, to }: Pick<Effect, 'kind' | 'from' | 'to'>,
  nameOf: NameOf = idOf,
): [string, string] {
  return kind === 'method' ? [nameOf(to), `against ${nameOf(from)}`] : [nameOf(from), `→ ${nameOf(to)}`];
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
