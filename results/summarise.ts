import type { OutcomeRecord } from '../benchmarks/journal/records.ts';
import { seededRandom } from '../core/random.ts';
import type { MetricSpec } from '../suites/task.ts';
import { raiseAlarms } from './alarms/alarms.ts';
import { cellOf } from './cells.ts';
import type { ConfoundName } from './effects/comparable.ts';
import { planComparisons } from './effects/comparisons.ts';
import { effectTable } from './effects/effect-table.ts';
import { draftEffects, type EffectInput } from './effects/effects.ts';
import { relate } from './effects/relations/relations.ts';
import { collectOutcomes, type InstrumentTable } from './outcomes/table.ts';
import type { SequentialDesign } from './sequential/rule.ts';
import { makeSeries } from './series/series.ts';
import type { KeepConstraint } from './series/series-summary.ts';
import { DRAWS, SignPatterns } from './statistics/sign-flip.ts';
import type {
  Alarm,
  Cell,
  Effect,
  JudgeCorrection,
  NoiseFloor,
  RunFacts,
  Summary,
  SummaryCheckpoint,
  SummaryMetric,
  SummaryTask,
} from './summary.ts';

export interface SummaryInput {
  readonly run: RunFacts;
  readonly benchmark: string;
  /** In the order of the definition: the first of several seed twins is the main one. */
  readonly checkpoints: readonly SummaryCheckpoint[];
  readonly tasks: readonly SummaryTaskInput[];
  /** All outcomes of the run, in any order, each once. Read once. */
  readonly outcomes: AsyncIterable<OutcomeRecord>;
  /** What the runner saw while asking. */
  readonly runnerAlarms: readonly Alarm[];
  /** Seed of the sampled tests. */
  readonly seed: number;
  /** Differences between the sides of an effect that the definition allows by name. */
  readonly allow?: readonly ConfoundName[];
  /** What the step to keep of every series must satisfy. */
  readonly keep?: readonly KeepConstraint[];
  /** How often checkpoints flip against themselves. */
  readonly noise?: readonly NoiseFloor[];
  /** What labels say of the judge behind an effect; null where they say nothing. */
  readonly judge?: JudgeHook;
  /** Set for a run that was stopped by what it saw: its effects then rest on confidence sequences alone. */
  readonly sequential?: SequentialDesign;
}

export type JudgeHook = (effect: Effect, input: EffectInput) => JudgeCorrection | null;

export interface SummaryTaskInput {
  /** `primary` marks the headline task of its dimension; where no task of a dimension is marked, the first one is. */
  readonly facts: Omit<SummaryTask, 'metrics' | 'primary' | 'equivalence'> &
    Partial<Pick<SummaryTask, 'primary' | 'equivalence'>>;
  readonly metrics: readonly MetricSpec[];
  /** Why the task must not be the headline of its dimension: its judge was not shown to be better than chance. */
  readonly withheld?: string;
  /** Another judge of the same answers comes first: this reading stands beside it and for no dimension. */
  readonly beside?: true;
}

/**
 * What a run found: cells, effects, alarms. The same outcomes in any order give the same bytes. Memory grows with
 * checkpoints × samples by some 30 bytes, not with the length of the answers.
 *
 * @throws UserError (exit code 3) when outcomes contradict each other.
 */
export async function summarise(input: SummaryInput): Promise<Summary> {
  const { run, benchmark, checkpoints, runnerAlarms } = input;
  const specsByTask = new Map(input.tasks.map(({ facts, metrics }) => [facts.task, metrics]));
  const ids = checkpoints.map(({ id }) => id);
  const { instruments, strangers } = await collectOutcomes(input.outcomes, ids, specsByTask);
  const inputs = withPrimaries(input.tasks).map((task) => effectInput(task, instruments));
  const cells = inputs.flatMap((each) => cellsOf(each, ids));
  const patterns = new SignPatterns(seededRandom(input.seed), DRAWS);
  const plan = planComparisons(checkpoints);
  const isFixedSize = input.sequential === undefined;
  const drafted = draftEffects(plan, inputs, cells, patterns, input.allow, input.sequential);
  const { estimated, methods, families } = effectTable(drafted, inputs, isFixedSize);
  const effects = estimated.map(({ effect }) =>
    judged(effect, inputs, input.sequential === undefined ? input.judge : undefined),
  );
  const primaryTests = families.primary.tests;
  const alarms = raiseAlarms({
    run,
    checkpoints,
    inputs,
    cells,
    effects,
    primaryTests,
    draws: patterns.draws,
    runnerAlarms,
    strangers,
  });
  const tasks = inputs.map(({ task }) => task);
  const relations = relate({ inputs, estimated }, methods, checkpoints, input.noise ?? [], isFixedSize);
  const { seed, allow = [], keep = [] } = input;
  const series = makeSeries({ checkpoints, inputs, cells, allow, keep, seed, isFixedSize });
  return {
    schemaVersion: 1,
    benchmark,
    run,
    checkpoints,
    tasks,
    cells,
    effects,
    families,
    relations,
    alarms,
    ...(series.length === 0 ? {} : { series }),
  };
}

/**
 * Every dimension of trust has one headline task, the first that is marked or the first of all; none where all are
 * withheld. Factors of preference and learning dynamics have none: no single one speaks for the others.
 */
function withPrimaries(tasks: readonly SummaryTaskInput[]): SummaryTaskInput[] {
  return tasks.map((task) => {
    const rivals = tasks.filter(
      ({ facts, withheld, beside }) =>
        facts.dimension === task.facts.dimension && withheld === undefined && beside === undefined,
    );
    if ((task.facts.family ?? 'trust') !== 'trust') return task;
    const chosen = rivals.find(({ facts }) => facts.primary === true) ?? rivals[0];
    return { ...task, facts: { ...task.facts, primary: chosen === task } };
  });
}

function judged(effect: Effect, inputs: readonly EffectInput[], judge: JudgeHook | undefined): Effect {
  const input = inputs.find(({ task }) => task.task === effect.task);
  return judge === undefined || input === undefined ? effect : { ...effect, judge: judge(effect, input) };
}

function effectInput(
  { facts, metrics }: SummaryTaskInput,
  tables: ReadonlyMap<string, InstrumentTable>,
): EffectInput {
  const table = tables.get(facts.task);
  if (table === undefined) throw new Error(`${facts.task} was not collected`);
  const { primary = false, equivalence = null } = facts;
  const task = { ...facts, primary, equivalence, metrics: metrics.map(metricFacts) };
  return { task, specs: metrics, table };
}

function metricFacts({ key, label, unit, range, direction, binary, counts }: MetricSpec): SummaryMetric {
  // JSON knows no infinity: an open end of the range is null.
  const [least, most] = range.map((end) => (Number.isFinite(end) ? end : null));
  return { key, label, unit, range: [least ?? null, most ?? null], direction, binary, counts };
}

function cellsOf({ task, specs, table }: EffectInput, checkpoints: readonly string[]): Cell[] {
  return checkpoints.flatMap((id) => specs.map((spec) => cellOf(id, task.task, table, spec)));
}
