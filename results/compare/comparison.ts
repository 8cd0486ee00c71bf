import type { OutcomeRecord } from '../../benchmarks/journal/records.ts';
import { UserError } from '../../core/errors.ts';
import type { MetricSpec } from '../../suites/task.ts';
import { cellOf } from '../cells.ts';
import { collectOutcomes } from '../outcomes/table.ts';
import { type SummaryTaskInput, summarise } from '../summarise.ts';
import type { Cell, Effect, Families, RunFacts, SummaryCheckpoint, SummaryTask } from '../summary.ts';
import { type Counterparts, counterparts, type Member, type Twin, twinOf } from './counterparts.ts';
import { type Asked, type Join, joinInstruments, type NotJoined } from './join.ts';

/** One run as it comes to a comparison. */
export interface RunInput {
  readonly label: string;
  readonly benchmark: string;
  readonly run: RunFacts;
  readonly checkpoints: readonly SummaryCheckpoint[];
  readonly asked: readonly Asked[];
  /** What a summary knows of an instrument; called for those that are joined. */
  readonly taskOf: (instrument: string) => Promise<SummaryTaskInput>;
  /** All outcomes, streamed; called up to twice. */
  readonly outcomes: () => AsyncIterable<OutcomeRecord>;
}

/** Several runs in one table. What `--json` prints. */
export interface RunComparison {
  readonly schemaVersion: 1;
  readonly runs: readonly ComparedRun[];
  /** Instruments that at least two runs asked in the same way. */
  readonly tasks: readonly ComparedTask[];
  readonly checkpoints: readonly ComparedCheckpoint[];
  /** Every checkpoint under every metric of the joined instruments; `checkpoint` is its name with the run's label. */
  readonly cells: readonly Cell[];
  /** Checkpoints of different runs on the same samples, headline metrics: `to` minus `from`. */
  readonly effects: readonly Effect[];
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
  /** Runs that asked the very same samples; the others stand side by side, unpaired. */
  readonly paired: readonly string[];
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
  const read = await Promise.all(inputs.map((input) => valuesOf(input, join, tasks)));
  const problems = new Map(
    read.flatMap(({ label, problem }) => (problem === null ? [] : [[label, problem]])),
  );
  const readable = inputs.filter(({ label }) => !problems.has(label));
  const { effects, families } = await effectsBetween(readable, join, tasks, pairs);
  return {
    schemaVersion: 1,
    runs: inputs.map((input) => runFactsOf(input, problems.get(input.label) ?? null)),
    tasks: tasks.map(({ facts, metrics }) => comparedTask(facts, metrics, join)),
    checkpoints: members.map((member) => checkpointOf(member, members, pairs)),
    cells: read.flatMap(({ cells }) => cells),
    effects,
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

interface ReadValues {
  readonly label: string;
  readonly cells: readonly Cell[];
  readonly problem: string | null;
}

/** The cells of one run; a run whose outcomes are damaged has none, and says why. */
async function valuesOf(
  input: RunInput,
  { joined }: Join,
  tasks: readonly SummaryTaskInput[],
): Promise<ReadValues> {
  const own = tasks.filter(({ facts }) =>
    joined.some(({ instrument, runs }) => instrument === facts.task && runs.includes(input.label)),
  );
  const specs = new Map(own.map(({ facts, metrics }) => [facts.task, metrics]));
  const ids = input.checkpoints.map(({ id }) => id);
  try {
    const { instruments } = await collectOutcomes(input.outcomes(), ids, specs);
    const cells = own.flatMap(({ facts, metrics }) => {
      const table = instruments.get(facts.task);
      if (table === undefined) return [];
      return ids.flatMap((id) =>
        metrics.map((spec) => ({
          ...cellOf(id, facts.task, table, spec),
          checkpoint: `${input.label}/${id}`,
        })),
      );
    });
    return { label: input.label, cells, problem: null };
  } catch (error) {
    if (!UserError.is(error)) throw error;
    return { label: input.label, cells: [], problem: error.message };
  }
}

/** A summary over the checkpoints of all runs in which every checkpoint's parent is whom it is held against. */
async function effectsBetween(
  inputs: readonly RunInput[],
  { joined }: Join,
  tasks: readonly SummaryTaskInput[],
  pairs: readonly Counterparts[],
): Promise<{ effects: readonly Effect[]; families: Families | null }> {
  const labels = inputs.map(({ label }) => label);
  const paired = joined
    .map((join) => ({ ...join, paired: join.paired.filter((label) => labels.includes(label)) }))
    .filter((join) => join.paired.length > 1);
  const kept = pairs.filter(({ from, to }) => labels.includes(from.run) && labels.includes(to.run));
  const [first] = inputs;
  if (first === undefined || paired.length === 0 || kept.length === 0) return { effects: [], families: null };
  const summary = await summarise({
    run: first.run,
    benchmark: 'comparison',
    checkpoints: lineageOf(kept),
    tasks: tasks.filter(({ facts }) => paired.some(({ instrument }) => instrument === facts.task)),
    outcomes: joinedOutcomes(inputs, paired, kept),
    runnerAlarms: [],
    seed: first.run.seed,
  });
  const headlines = new Map(summary.tasks.map(({ task, headline }) => [task, headline]));
  const effects = summary.effects.filter(
    ({ kind, task, metric, from, to }) =>
      (kind === 'stage' || kind === 'control') &&
      headlines.get(task) === metric &&
      bothAsked(paired, task, from, to),
  );
  return { effects, families: summary.families };
}

function bothAsked(
  paired: readonly { instrument: string; paired: readonly string[] }[],
  task: string,
  from: string,
  to: string,
): boolean {
  const labels = paired.find(({ instrument }) => instrument === task)?.paired ?? [];
  return [from, to].every((name) => labels.includes(runOf(name)));
}

/** Everything that would make seed twins or steps of them is left out: each pair is a comparison of its own. */
function lineageOf(pairs: readonly Counterparts[]): SummaryCheckpoint[] {
  const members = new Map(
    pairs.flatMap(({ from, to }) => [from, to].map((member) => [member.name, member] as const)),
  );
  const parents = new Map(
    pairs.map(({ from, to, sameWeights }) => [to.name, { from: from.name, sameWeights }]),
  );
  return [...members.values()].map(({ name, checkpoint }) => {
    const parent = parents.get(name);
    return {
      ...checkpoint,
      id: name,
      parent: parent?.from ?? null,
      control: parent?.sameWeights === true ? 'copy' : null,
      seed: null,
      step: null,
      data: null,
      recipe: name,
      family: null,
    };
  });
}

async function* joinedOutcomes(
  inputs: readonly RunInput[],
  paired: readonly { instrument: string; paired: readonly string[] }[],
  pairs: readonly Counterparts[],
): AsyncGenerator<OutcomeRecord> {
  const names = new Set(pairs.flatMap(({ from, to }) => [from.name, to.name]));
  for (const { label, outcomes } of inputs) {
    const wanted = new Set(
      paired.filter((join) => join.paired.includes(label)).map(({ instrument }) => instrument),
    );
    for await (const record of outcomes()) {
      const name = `${label}/${record.checkpoint}`;
      if (names.has(name) && wanted.has(record.instrument)) yield { ...record, checkpoint: name };
    }
  }
}

function comparedTask(
  facts: SummaryTaskInput['facts'],
  metrics: readonly MetricSpec[],
  { joined }: Join,
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
    paired: join?.paired ?? [],
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

/** The label of the run in `A/dpo`; labels have no slash, ids may. */
export function runOf(name: string): string {
  return name.slice(0, name.indexOf('/'));
}

function nothingJoined({ notJoined }: Join): UserError {
  return new UserError([
    { message: 'these runs have no instrument that they asked in the same way, so there is no table' },
    ...notJoined.map(({ instrument, why }) => ({ field: instrument, message: why })),
  ]);
}
