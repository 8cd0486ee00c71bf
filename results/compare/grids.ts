import { directionInWords } from '../direction.ts';
import { counted, grouped, intervalAfter, plain, pValue, sideOf, signed, unitName } from '../format.ts';
import { shortNames } from '../report/names.ts';
import { clean } from '../report/text.ts';
import { failsOnlyAfterCorrection, hasDirection, letter, WORDS } from '../report/view.ts';
import type { Cell, Effect, SummaryMetric } from '../summary.ts';
import { type Column, columnsOf, isAt, isCompared } from './columns.ts';
import type { ComparedCheckpoint, ComparedRun, ComparedTask, RunComparison } from './comparison.ts';

/** A table of short texts, the same for every format. */
export interface Grid {
  readonly title: string;
  readonly caption: string;
  /** What the rows are. */
  readonly corner: string;
  /** Each of one or more lines. */
  readonly columns: readonly (readonly string[])[];
  readonly rows: readonly { readonly name: readonly string[]; readonly cells: readonly GridCell[] }[];
  /** Rows of one line each, which need no frame. */
  readonly flat: boolean;
  /** What marks in the cells mean, and what must be known besides. */
  readonly notes: readonly string[];
}

export interface GridCell {
  readonly lines: readonly string[];
  readonly tone: 'good' | 'bad' | 'plain';
}

/** What every checkpoint scored under the headline metrics, all runs below each other. */
export function valueGrid(comparison: RunComparison): Grid {
  const { checkpoints, cells } = comparison;
  const columns = columnsOf(comparison);
  return {
    title: 'What each checkpoint scored',
    caption: `${columns.every(({ metric }) => metric.direction !== 'neutral') ? 'headline metric of each instrument' : 'headline metric of each instrument of trust, factors that moved'}, points of 100 where no other unit is named, [95 % interval]`,
    corner: 'checkpoint',
    flat: true,
    columns: columns.map((column) => [...columnTitle(column, comparison.tasks), ...directionOf(column)]),
    rows: checkpoints.map((checkpoint) => ({
      name: [nameOf(checkpoint, comparison)],
      cells: columns.map((column) => valueCell(checkpoint, column, cells)),
    })),
    notes: [...sameNotes(comparison), ...sampleNotes(comparison), ...factorNotes(comparison)],
  };
}

/** Checkpoints of different runs on the same samples; null where nothing could be paired. */
export function effectGrid(comparison: RunComparison): Grid | null {
  const { checkpoints, effects, families } = comparison;
  const columns = columnsOf(comparison).filter((column) => effects.some(isAt(column)));
  const pairs = checkpoints.filter(({ name }) => effects.some(({ to }) => to === name));
  if (pairs.length === 0 || families === null) return null;
  const repeats = pairs.filter(({ name }) =>
    effects.every((effect) => effect.to !== name || isEqual(effect)),
  );
  const compared = pairs.filter((checkpoint) => !repeats.includes(checkpoint));
  const tested = effects.filter(({ to }) => compared.some(({ name }) => name === to));
  const shown = tested.filter((effect) => columns.some((column) => isAt(column)(effect)));
  const obstacles: string[] = [];
  const rows = (columns.length === 0 ? [] : compared).map(({ name, against }) => ({
    name: [
      clean(name),
      `against ${clean(against?.name ?? '')}`,
      ...(against?.sameWeights === true ? ['same weights: a repeat'] : []),
    ],
    cells: columns.map((column) => {
      const effect = shown.filter(isAt(column)).find(({ to }) => to === name);
      return effect === undefined ? MISSING : effectCell(effect, column.metric, obstacles);
    }),
  }));
  return {
    title: 'Between runs, on the same samples',
    caption:
      compared.length === 0
        ? 'every pair is a repeat'
        : rows.length === 0
          ? `no factor moved; ${correctionOf(families, tested)}`
          : `first minus second, paired, ± or [pointwise 95 % interval]; ${correctionOf(families, shown)}`,
    corner: 'checkpoint',
    flat: false,
    columns:
      rows.length === 0
        ? []
        : columns.map((column) => columnTitle(column, comparison.tasks, column.task.shared)),
    rows,
    notes: [
      ...obstacles.map((reason, index) => `[${letter(index)}] ${reason}`),
      ...wordNotes(shown, compared),
      ...repeatNotes(repeats),
    ],
  };
}

/** One line a run. */
export function runLine({ label, id, benchmark, status, checkpoints, seed, problem }: ComparedRun): string {
  const state = status === 'finished' ? 'finished' : `INCOMPLETE (${status}): its values are provisional`;
  const facts = [
    clean(id),
    `benchmark ${clean(benchmark)}`,
    state,
    counted(checkpoints, 'checkpoint'),
    `sampling seed ${seed}`,
  ];
  return `${label}  ${facts.join(', ')}${problem === null ? '' : `; NOT READ: ${clean(problem)}`}`;
}

/** One line an instrument that is not in the table. */
export function notJoinedLines({ notJoined }: RunComparison): string[] {
  return notJoined.map(
    ({ instrument, why, fix }) => `${clean(instrument)}: ${why}${fix === null ? '' : `. ${fix}`}`,
  );
}

export const MISSING: GridCell = { lines: ['–'], tone: 'plain' };

/** With the number of samples: of a pairing, or of the runs where they asked equally many. */
export function columnTitle(
  { task, metric }: Column,
  tasks: readonly ComparedTask[],
  shared?: number | null,
): string[] {
  const [least, most] = [Math.min(...task.sizes), Math.max(...task.sizes)];
  const size = least === most ? `n ${grouped(most)}` : `n ${grouped(least)} to ${grouped(most)}`;
  return [
    ...nameLines({ task, metric }, tasks),
    shared === undefined || shared === null ? size : `n ${grouped(shared)}`,
  ];
}

/** The instrument; below it, where no headline stands for it, the factor with its unit. */
export function nameLines({ task, metric }: Column, tasks: readonly ComparedTask[]): string[] {
  const name = clean(shortNames(tasks).get(task.task) ?? task.task);
  if (metric.direction !== 'neutral') return [name];
  const [label = '', ...unit] = metric.label.split(', ');
  return [name, ...[label, unit.join(', ')].filter((line) => line !== '').map(clean)];
}

/** `higher better`; `neither way is better`, with the range, because the label of a factor names its unit. */
export function directionOf({ metric }: Column): string[] {
  const { direction, unit, range } = metric;
  if (direction === 'neutral') {
    const [least, most] = range;
    return [
      ...(least === null || most === null ? [] : [`${String(least).replace('-', '−')} to ${most}`]),
      directionInWords(direction),
    ];
  }
  const words = direction === 'higher-is-better' ? 'higher better' : 'lower better';
  return [unit === 'share' ? words : `${unitName(unit)}, ${words}`];
}

/** How many factors the tables leave out, and where these stand. */
function factorNotes(comparison: RunComparison): string[] {
  const columns = columnsOf(comparison);
  const asked = comparison.tasks.filter(({ family = 'trust' }) => family !== 'trust');
  const counts = asked.map((task) => {
    const all = task.metrics.filter((metric) => isCompared(task, metric)).length;
    const shown = columns.filter((column) => column.task === task).length;
    return `${clean(task.task)} ${shown} of ${all}`;
  });
  if (counts.length === 0) return [];
  return [
    `Factors have no better side and none is a headline. Shown are those that a stage of some run, or another run, raised or lowered after correction: ${counts.join(', ')}. All of them: --format csv --out DIR, or --json.`,
  ];
}

function nameOf({ name, run, sameAs }: ComparedCheckpoint, { runs }: RunComparison): string {
  const isWhole = runs.find(({ label }) => label === run)?.status === 'finished';
  const same = sameAs === null ? '' : ` ${sameAs.proven ? '=' : '≈'} ${clean(sameAs.name)}`;
  return `${clean(name)}${same}${isWhole ? '' : ' INCOMPLETE'}`;
}

function sameNotes({ checkpoints }: RunComparison): string[] {
  const has = (proven: boolean): boolean => checkpoints.some(({ sameAs }) => sameAs?.proven === proven);
  return [
    ...(has(true) ? ['=: the same checkpoint in another run, by its weights.'] : []),
    ...(has(false) ? ['≈: the same model by what its server says; its weights are unknown.'] : []),
  ];
}

/** How many samples are shared where the runs did not ask the very same ones; tasks of which the same is true together. */
function sampleNotes({ tasks }: RunComparison): string[] {
  const notes = new Map<string, string[]>();
  for (const task of tasks) {
    const words = [nestedInWords(task), unpairedInWords(task)].filter((each) => each !== null).join(' ');
    if (words !== '') notes.set(words, [...(notes.get(words) ?? []), clean(task.task)]);
  }
  return [...notes].map(([words, names]) => `${names.join(', ')}: ${words}`);
}

function nestedInWords({ runs, sizes, paired, shared }: ComparedTask): string | null {
  const asked = paired.map((label) => ({ label, size: sizes[runs.indexOf(label)] ?? 0 }));
  if (shared === null || asked.every(({ size }) => size === shared)) return null;
  const each = asked.map(({ label, size }) => `${label} ${grouped(size)}`).join(', ');
  return `of the samples that were asked (${each}) all of these runs share ${grouped(shared)}: between runs they are paired on these; a value rests on all samples of its run.`;
}

function unpairedInWords({ runs, paired }: ComparedTask): string | null {
  const [first = '', ...others] = runs;
  const strangers = others.filter((label) => !paired.includes(label));
  if (strangers.length === 0) return null;
  return `${strangers.join(' and ')} asked other samples than ${paired[0] ?? first}; the values stand side by side and nothing is paired.`;
}

function repeatNotes(repeats: readonly ComparedCheckpoint[]): string[] {
  if (repeats.length === 0) return [];
  const names = repeats.map(({ name, against }) => `${clean(name)} and ${clean(against?.name ?? '')}`);
  return [`Equal on every sample of every instrument: ${names.join('; ')}.`];
}

function isEqual({ delta, gained, lost, verdict }: Effect): boolean {
  return delta === 0 && gained + lost === 0 && verdict !== 'not comparable';
}

function valueCell({ name }: ComparedCheckpoint, column: Column, cells: readonly Cell[]): GridCell {
  const { task, metric } = column;
  const cell = cells.filter(isAt(column)).find(({ checkpoint }) => checkpoint === name);
  if (cell === undefined || cell.value === null) return MISSING;
  const { value, low, high, n } = cell;
  return {
    lines: [
      plain(value, metric.unit),
      ...(low === null || high === null ? [] : [`[${plain(low, metric.unit)}, ${plain(high, metric.unit)}]`]),
      ...(task.sizes.every((size) => size === n) ? [] : [`n ${grouped(n)}`]),
    ],
    tone: 'plain',
  };
}

function effectCell(effect: Effect, { unit }: SummaryMetric, obstacles: string[]): GridCell {
  const { delta, low, high, verdict, n, p, pAdjusted, direction, confounds } = effect;
  const change = delta === null ? '' : `${signed(delta, unit)}${intervalAfter(delta, low, high, unit)}`;
  if (verdict === 'not comparable') {
    const reason = clean(effect.reason ?? 'no reason was recorded');
    if (!obstacles.includes(reason)) obstacles.push(reason);
    const mark = `not comparable [${letter(obstacles.indexOf(reason))}]`;
    return { lines: change === '' ? [mark] : [mark, `${change}, untested`], tone: 'plain' };
  }
  if (isEqual(effect)) return { lines: ['equal', `all ${n} samples`], tone: 'plain' };
  const shown = pAdjusted ?? p;
  const side = hasDirection(effect) || delta === null ? null : sideOf(delta, unit, direction);
  const lines = [
    WORDS[verdict],
    change,
    side === null ? null : `toward ${side}`,
    failsOnlyAfterCorrection(effect) ? 'not after correction' : null,
    shown === null ? null : `p ${pValue(shown)}`,
    confounds.length === 0 ? null : [...confounds, 'training'].join(' + '),
  ];
  const tone = verdict === 'improved' ? 'good' : verdict === 'worsened' ? 'bad' : 'plain';
  return { lines: lines.filter((line) => line !== null), tone };
}

function correctionOf(
  { primary, exploratory, profile, dynamics }: NonNullable<RunComparison['families']>,
  effects: readonly Effect[],
): string {
  const has = (family: Effect['family']): boolean => effects.some((effect) => effect.family === family);
  const parts = [
    has('primary') ? `p by Holm over ${counted(primary.tests, 'test')} of headline tasks` : null,
    has('profile') && profile !== undefined
      ? `${has('primary') ? '' : 'p '}by Holm over ${counted(profile.tests, 'test')} of factors`
      : null,
    has('dynamics') && dynamics !== undefined
      ? `${has('primary') || has('profile') ? '' : 'p '}by Holm over ${counted(dynamics.tests, 'test')} of learning dynamics`
      : null,
    has('exploratory')
      ? `${has('primary') || has('profile') || has('dynamics') ? '' : 'p '}by Benjamini-Hochberg over ${counted(exploratory.tests, 'test')} for other tasks and metrics`
      : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? 'p not corrected' : parts.join(', ');
}

function wordNotes(effects: readonly Effect[], compared: readonly ComparedCheckpoint[]): string[] {
  const has = (word: Effect['verdict']): boolean => effects.some(({ verdict }) => verdict === word);
  return [
    has('improved') || has('worsened')
      ? 'better, WORSE: p of at most .05 after correction, in the direction of the metric. They speak of these checkpoints and of further samples, not of a method.'
      : null,
    has('raised') || has('lowered')
      ? 'RAISED, LOWERED: p of at most .05 after correction; neither way is better.'
      : null,
    has('no detectable change')
      ? 'no change: none was detected, which does not show that there is none.'
      : null,
    effects.some(failsOnlyAfterCorrection)
      ? 'not after correction: the pointwise interval excludes 0, but the adjusted p is above .05.'
      : null,
    compared.some(({ against }) => against?.sameWeights === true)
      ? 'same weights: any difference is what another run of the same checkpoint is worth; p is not corrected.'
      : null,
  ].filter((note) => note !== null);
}
