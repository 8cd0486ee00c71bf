import { UserError } from '../../core/errors.ts';
import type { MetricSpec } from '../../suites/task.ts';
import { clean } from '../report/text.ts';
import type { SummaryTaskInput } from '../summarise.ts';
import type { Cell, Effect, Families, RunFacts, SummaryTask } from '../summary.ts';
import { type StageAgain, stagesAgain } from './again.ts';
import { effectsBetween } from './between.ts';
import { hasMoved, type Place, shownPlaces } from './columns.ts';
import { type Counterparts, counterparts, type Member, type Twin, twinOf } from './counterparts.ts';
import { type Join, joinInstruments, type NotJoined } from './join.ts';
import type { RunInput } from './run-input.ts';
import { type SharedJoin, sharedSamples, sizeOf } from './shared.ts';
import { type ReadValues, type StageChange, valuesOf } from './values.ts';

/** Several runs in one table. What `--json` prints. */
export interface RunComparison {
  readonly schemaVersion: 1;
  readonly runs: readonly ComparedRun[];
  /** Instruments that at least two runs asked in the same way. */
  readonly tasks: readonly ComparedTask[];
  /** Columns of the tables: the headline of every instrument of trust; of factors those that moved anywhere. */
  readonly shown: readonly Place[];
  readonly checkpoints: readonly ComparedCheckpoint[];
  /** Every checkpoint under every metric of the joined instruments; `checkpoint` is its name with the run's label. */
  readonly cells: readonly Cell[];
  /** What each stage changed within its own run: headline metrics and every factor; pointwise intervals, no verdicts. */
  readonly stages: readonly StageChange[];
  /** Checkpoints of different runs on the same samples, headline metrics and every factor: `to` minus `from`. */
  readonly effects: readonly Effect[];
  /** Stages that several runs have: whether their effects agree. A description, no test. */
  readonly again: readonly StageAgain[];
  readonly families: Families | null;
  readonly notJoined: readonly NotJoined[];
}

export interface ComparedRun {
  readonly label: string;
  readonly id: string;
  readonly benchmark: string;
  readonly status: RunFacts['status'];
  readonly createdAt: string;
  readonly seed: number;
  readonly aligntrust: string;
  readonly checkpoints: number;
  /** Why its outcomes could not be read: then it has no values here. */
  readonly problem: string | null;
}

export interface ComparedTask extends SummaryTask {
  readonly runs: readonly string[];
  /** Samples that each of `runs` asked, in that order; `samples` is the first of them. */
  readonly sizes: readonly number[];
  /** Runs of which the samples of one are among those of the other; the rest stands side by side, unpaired. */
  readonly paired: readonly string[];
  /** Samples that all of `paired` asked, on which they are paired; null where nothing is. */
  readonly shared: number | null;
}

export interface ComparedCheckpoint {
  /** `A/dpo`. */
  readonly name: string;
  readonly run: string;
  readonly id: string;
  readonly method: string;
  readonly parent: string | null;
  readonly seed: number | null;
  readonly step: number | null;
  /** The same checkpoint in an earlier run. */
  readonly sameAs: Twin | null;
  /** Whom it is held against, and whether both have the same weights. */
  readonly against: { readonly name: string; readonly sameWeights: boolean } | null;
}

/**
 * Joins runs. Values come from each run alone; effects from the joined outcomes through the same code as the effects
 * within a run.
 *
 * @param against name of a checkpoint (`A/dpo`, or an id of the first run that has it) that all others are held against.
 * @throws UserError (exit code 2) when `against` is unknown or no instrument can be joined.
 */
export async function compareRuns(inputs: readonly RunInput[], against?: string): Promise<RunComparison> {
  const join = joinInstruments(inputs);
  if (join.joined.length === 0) throw nothingJoined(join);
  const members = membersOf(inputs);
  const pairs = counterparts(members, against === undefined ? undefined : memberNamed(against, members));
  const tasks = await joinedTasks(join, inputs);
  const read: ReadValues[] = [];
  // One after the other, so that the samples of one run alone are in memory.
  for (const input of inputs) read.push(await valuesOf(input, join, inputs));
  const problems = new Map(
    read.flatMap(({ label, problem }) => (problem === null ? [] : [[label, problem]])),
  );
  const readable = inputs.filter(({ label }) => !problems.has(label));
  const joined = sharedSamples(join, readable, new Map(read.map(({ label, ids }) => [label, ids])));
  const { effects, families } = await effectsBetween(readable, joined, tasks, pairs);
  const stages = read.flatMap((one) => one.stages);
  const described = tasks.map(({ facts, metrics }) => comparedTask(facts, metrics, joined, inputs));
  const moved = [...read.flatMap((one) => one.moved), ...effects.filter(hasMoved)];
  return {
    schemaVersion: 1,
    runs: inputs.map((input) => runFactsOf(input, problems.get(input.label) ?? null)),
    tasks: described,
    shown: shownPlaces(described, moved),
    checkpoints: members.map((member) => checkpointOf(member, members, pairs)),
    cells: read.flatMap(({ cells }) => cells),
    stages,
    effects,
    again: stagesAgain(stages, members, joined),
    families,
    notJoined: join.notJoined,
  };
}

function membersOf(inputs: readonly RunInput[]): Member[] {
  return inputs.flatMap(({ label, checkpoints }) =>
    checkpoints.map((checkpoint) => ({ name: `${label}/${checkpoint.id}`, run: label, checkpoint })),
  );
}

function memberNamed(name: string, members: readonly Member[]): Member {
  const found =
    members.find((member) => member.name === name) ??
    members.find(({ checkpoint }) => checkpoint.id === name);
  if (found !== undefined) return found;
  throw new UserError({
    field: '--against',
    message: `"${name}" is not a checkpoint of these runs`,
    fix: `They have ${members.map((member) => member.name).join(', ')}.`,
  });
}

/** As the first run that asked it describes it. */
async function joinedTasks({ joined }: Join, inputs: readonly RunInput[]): Promise<SummaryTaskInput[]> {
  return Promise.all(
    joined.map(({ instrument, runs }) => {
      const input = inputs.find(({ label }) => label === runs[0]);
      if (input === undefined) throw new Error(`no run asked ${instrument}`);
      return input.taskOf(instrument);
    }),
  );
}

function comparedTask(
  facts: SummaryTaskInput['facts'],
  metrics: readonly MetricSpec[],
  joined: readonly SharedJoin[],
  inputs: readonly RunInput[],
): ComparedTask {
  const join = joined.find(({ instrument }) => instrument === facts.task);
  return {
    ...facts,
    primary: facts.primary ?? false,
    equivalence: null,
    metrics: metrics.map(({ key, label, unit, range: [least, most], direction, binary, counts }) => ({
      key,
      label,
      unit,
      range: [Number.isFinite(least) ? least : null, Number.isFinite(most) ? most : null],
      direction,
      binary,
      counts,
    })),
    runs: join?.runs ?? [],
    sizes: inputs.filter(({ label }) => join?.runs.includes(label)).map((input) => sizeOf(input, facts.task)),
    paired: join?.paired ?? [],
    shared: join?.shared ?? null,
  };
}

function runFactsOf({ label, benchmark, run, checkpoints }: RunInput, problem: string | null): ComparedRun {
  const { id, status, createdAt, seed, aligntrust } = run;
  return {
    label,
    id,
    benchmark,
    status,
    createdAt,
    seed,
    aligntrust,
    checkpoints: checkpoints.length,
    problem,
  };
}

function checkpointOf(
  member: Member,
  members: readonly Member[],
  pairs: readonly Counterparts[],
): ComparedCheckpoint {
  const { name, run, checkpoint } = member;
  const { id, method, parent, seed, step } = checkpoint;
  const pair = pairs.find(({ to }) => to === member);
  return {
    name,
    run,
    id,
    method,
    parent,
    seed,
    step,
    sameAs: twinOf(member, members),
    against: pair === undefined ? null : { name: pair.from.name, sameWeights: pair.sameWeights },
  };
}

function nothingJoined({ notJoined }: Join): UserError {
  const reasons = notJoined.map(({ instrument, why }) => `\n   ${clean(instrument)}: ${why}`);
  const fixes = [...new Set(notJoined.flatMap(({ fix }) => (fix === null ? [] : [fix])))];
  return new UserError({
    message: `these runs have no instrument that they asked in the same way, so there is no table${reasons.join('')}`,
    fix:
      fixes.length > 0
        ? fixes.join('\n   ')
        : 'Ask both with one definition, or one with tasks of the other; `aligntrust report` shows each run by itself.',
  });
}
