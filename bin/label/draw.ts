import type { OutcomeRecord } from '../../benchmarks/journal/records.ts';
import { sha256 } from '../../core/digest.ts';
import { EXIT, UserError } from '../../core/errors.ts';
import { deriveSeed } from '../../core/random.ts';
import { cellOf } from '../../results/judge-error/evidence.ts';
import { allocate, leastLabels } from './allocate.ts';
import type { LabelTask } from './tasks.ts';

/** One answer of the sample, under a name that tells nothing of it. */
export interface DrawnItem {
  readonly id: string;
  readonly checkpoint: string;
  readonly instrument: string;
  readonly sample: string;
  readonly repeat: number;
  /** Digest of what was answered: a label belongs to it. */
  readonly content: string | null;
  /** Keys of the answers, in the order asked. */
  readonly answers: readonly string[];
  /** The cell that it was drawn in: what the scorer said of it. */
  readonly cell: string;
}

/** Instrument → checkpoint → cell → answers in it. */
export type Populations = Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>
>;

export interface Draw {
  readonly items: readonly DrawnItem[];
  readonly populations: Populations;
}

export interface DrawChoice {
  readonly run: string;
  readonly seed: number;
  readonly n: number;
  readonly tasks: readonly LabelTask[];
  readonly checkpoints: ReadonlySet<string>;
}

interface Candidate extends DrawnItem {
  readonly rank: number;
}

/**
 * A seeded sample of the answers that a scorer has read, from every checkpoint and verdict. Within a cell the answers stand in
 * one order that the seed fixes and the first ones are taken, so that a larger sample holds a smaller one.
 *
 * @throws UserError when n is too small for the cells (exit code 2), or nothing was scored (3).
 */
export async function drawSample(outcomes: AsyncIterable<OutcomeRecord>, choice: DrawChoice): Promise<Draw> {
  const cells = await collectCells(outcomes, choice);
  const sizes = cells.map(({ instrument, checkpoint, members }) => ({
    group: JSON.stringify([instrument, checkpoint]),
    size: members.length,
  }));
  requireEnough(sizes.length, leastLabels(sizes), choice);
  const counts = allocate(sizes, choice.n);
  const items = cells.flatMap(({ members }, index) => members.sort(byRank).slice(0, counts[index]));
  // The ids are digests, so that their order tells nothing.
  return { items: items.map(bare).sort((a, b) => (a.id < b.id ? -1 : 1)), populations: populationsOf(cells) };
}

interface Cell {
  readonly instrument: string;
  readonly checkpoint: string;
  readonly name: string;
  readonly members: Candidate[];
}

async function collectCells(
  outcomes: AsyncIterable<OutcomeRecord>,
  { run, seed, tasks, checkpoints }: DrawChoice,
): Promise<Cell[]> {
  const byInstrument = new Map(tasks.map((one) => [one.instrument, one]));
  const cells = new Map<string, Cell>();
  for await (const {
    checkpoint,
    instrument,
    sample,
    repeat,
    strata,
    outcome,
    content,
    answers,
  } of outcomes) {
    const task = byInstrument.get(instrument);
    if (task === undefined || !checkpoints.has(checkpoint) || outcome.kind !== 'scored') continue;
    const name = cellOf(task.metrics, task.keys, (key) => outcome.values[key], strata);
    const key = JSON.stringify([instrument, checkpoint, name]);
    const cell = cells.get(key) ?? { instrument, checkpoint, name, members: [] };
    cells.set(key, cell);
    const place = [checkpoint, instrument, sample, repeat] as const;
    // A letter in front: no spreadsheet takes it for a number.
    const id = `q${sha256(JSON.stringify([run, seed, ...place])).slice(0, 11)}`;
    const rank = deriveSeed(seed, 'label', ...place);
    cell.members.push({ id, checkpoint, instrument, sample, repeat, content, answers, cell: name, rank });
  }
  return [...cells].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell);
}

function byRank(a: Candidate, b: Candidate): number {
  return a.rank - b.rank || (a.id < b.id ? -1 : 1);
}

function bare({ id, checkpoint, instrument, sample, repeat, content, answers, cell }: Candidate): DrawnItem {
  return { id, checkpoint, instrument, sample, repeat, content, answers, cell };
}

function populationsOf(cells: readonly Cell[]): Populations {
  const found: Record<string, Record<string, Record<string, number>>> = {};
  for (const { instrument, checkpoint, name, members } of cells) {
    const ofInstrument = found[instrument] ?? {};
    found[instrument] = ofInstrument;
    ofInstrument[checkpoint] = { ...ofInstrument[checkpoint], [name]: members.length };
  }
  return found;
}

function requireEnough(cells: number, least: number, { n, tasks }: DrawChoice): void {
  if (cells === 0) {
    const names = tasks.map(({ instrument }) => instrument).join(', ');
    throw new UserError(
      { message: `no answer under ${names} was scored: there is nothing to label` },
      EXIT.environment,
    );
  }
  if (n >= least) return;
  throw new UserError({
    field: '--n',
    message: `${n} is too few: two answers of each of ${cells} pairs of checkpoint and verdict are ${least}`,
    fix: `give --n ${least} or more, or fewer of them with --task and --checkpoint`,
  });
}
