import type { OutcomeRecord } from '../benchmarks/journal/records.ts';
import { seededRandom } from '../core/random.ts';
import type { MetricSpec } from '../suites/task.ts';
import { raiseAlarms } from './alarms/alarms.ts';
import { cellOf } from './cells.ts';
import { planComparisons } from './effects/comparisons.ts';
import { computeEffects, type EffectInput } from './effects/effects.ts';
import { collectOutcomes, type InstrumentTable } from './outcomes/table.ts';
import { DRAWS, SignPatterns } from './statistics/sign-flip.ts';
import type {
  Alarm,
  Cell,
  Relations,
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
}

export interface SummaryTaskInput {
  readonly facts: Omit<SummaryTask, 'metrics'>;
  readonly metrics: readonly MetricSpec[];
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
  const inputs = input.tasks.map((task) => effectInput(task, instruments));
  const cells = inputs.flatMap((each) => cellsOf(each, ids));
  const patterns = new SignPatterns(seededRandom(input.seed), DRAWS);
  const { effects, families } = computeEffects(planComparisons(checkpoints), inputs, cells, patterns);
  const primaryTests = families.primary.tests;
  const alarms = raiseAlarms({
    run,
    checkpoints,
    inputs,
    cells,
    effects,
    primaryTests,
    draws: DRAWS,
    runnerAlarms,
    strangers,
  });
  const tasks = inputs.map(({ task }) => task);
  return {
    schemaVersion: 1,
    benchmark,
    run,
    checkpoints,
    tasks,
    cells,
    effects,
    families,
    relations: NO_RELATIONS,
    alarms,
  };
}

const NO_RELATIONS: Relations = {
  methods: [],
  pooled: [],
  agreements: [],
  tradeOffs: [],
  decompositions: [],
  noise: [],
};

function effectInput(
  { facts, metrics }: SummaryTaskInput,
  tables: ReadonlyMap<string, InstrumentTable>,
): EffectInput {
  const table = tables.get(facts.task);
  if (table === undefined) throw new Error(`${facts.task} was not collected`);
  return { task: { ...facts, metrics: metrics.map(metricFacts) }, specs: metrics, table };
}

function metricFacts({ key, label, unit, range, direction, binary, counts }: MetricSpec): SummaryMetric {
  // JSON knows no infinity: an open end of the range is null.
  const [least, most] = range.map((end) => (Number.isFinite(end) ? end : null));
  return { key, label, unit, range: [least ?? null, most ?? null], direction, binary, counts };
}

function cellsOf({ task, specs, table }: EffectInput, checkpoints: readonly string[]): Cell[] {
  return checkpoints.flatMap((id) => specs.map((spec) => cellOf(id, task.task, table, spec)));
}
