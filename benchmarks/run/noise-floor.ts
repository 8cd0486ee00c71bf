import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { deriveSeed, seededRandom } from '../../core/random.ts';
import { askedName, type Sample } from '../../suites/task.ts';
import type { Definition } from '../definition/definition.ts';
import { NOISE_FILE, OutcomeWriter } from '../journal/outcomes.ts';
import { type ExecuteInput, execute } from './execute.ts';
import type { PreparedModel, PreparedModels } from './preflight.ts';
import type { PreparedTask } from './prepare-tasks.ts';

/** Samples that some checkpoints are asked a second time. */
export interface SecondAsking {
  readonly tasks: readonly NoiseTask[];
  readonly checkpoints: ReadonlyMap<string, PreparedModel>;
}

/** What asks everything once, but for where its outcomes go. */
export type AskingInput = Omit<ExecuteInput, 'outcomes' | 'repeats'>;

type NoiseTask = Pick<PreparedTask, 'instrument' | 'task' | 'samples'> & { readonly count: number };

/** A tenth shows what noise there is and costs a tenth. */
export const DEFAULT_NOISE_SHARE = 0.1;
/** They compute in this process, one request at a time: the same request has the same answer. */
const REPEATABLE = ['gguf', 'scripted'];
/** It answers what was recorded and nothing else. */
const RECORDED = ['replay'];

/**
 * What is asked again to see how often a checkpoint differs from itself: a seeded share of the samples, the same for all
 * checkpoints, of every task whose checkpoints draw their answers (temperature above 0). Tasks that take the likeliest
 * answer are asked again only where the definition sets a share, and only behind servers, which may answer otherwise for
 * reasons of their own (batches, several machines). In process these answers repeat to the letter, and so do
 * likelihoods: asking again would cost time and show 0.
 */
export function secondAskings(
  { settings, checkpoints }: Pick<Definition, 'settings' | 'checkpoints'>,
  tasks: readonly Pick<PreparedTask, 'instrument' | 'task' | 'samples'>[],
  models: Pick<PreparedModels, 'checkpoints'>,
): SecondAsking[] {
  const share = settings.noiseFloor ?? DEFAULT_NOISE_SHARE;
  if (share === 0) return [];
  const adapterOf = new Map(checkpoints.map(({ id, adapter }) => [id, adapter]));
  const among = (excluded: readonly string[]) =>
    new Map([...models.checkpoints].filter(([id]) => !excluded.includes(adapterOf.get(id) ?? '')));
  const drawn = tasks.filter((one) => generates(one, true));
  const greedy =
    settings.noiseFloor === undefined
      ? []
      : tasks.filter((one) => !drawn.includes(one) && generates(one, false));
  return [
    { tasks: drawn.map((one) => chosen(one, share, settings.seed)), checkpoints: among(RECORDED) },
    {
      tasks: greedy.map((one) => chosen(one, share, settings.seed)),
      checkpoints: among([...RECORDED, ...REPEATABLE]),
    },
  ].filter((one) => one.tasks.length > 0 && one.checkpoints.size > 0);
}

/** The share of a task's samples that its checkpoints are asked again: for a plan, which counts before models are open. */
export function shareAskedAgain(
  { settings, checkpoints }: Pick<Definition, 'settings' | 'checkpoints'>,
  task: Pick<PreparedTask, 'task' | 'samples'>,
): number {
  const share = settings.noiseFloor ?? DEFAULT_NOISE_SHARE;
  const answering = checkpoints.filter(({ adapter }) => !RECORDED.includes(adapter));
  if (answering.length === 0) return 0;
  if (generates(task, true)) return (share * answering.length) / checkpoints.length;
  if (settings.noiseFloor === undefined || !generates(task, false)) return 0;
  const differing = answering.filter(({ adapter }) => !REPEATABLE.includes(adapter));
  return (share * differing.length) / checkpoints.length;
}

/** How many samples that is, over all checkpoints. */
export function samplesAskedAgain(askings: readonly SecondAsking[]): number {
  return askings.reduce(
    (sum, { tasks, checkpoints }) =>
      sum + checkpoints.size * tasks.reduce((inner, { count }) => inner + count, 0),
    0,
  );
}

/** Asks them and writes noise.jsonl, beside the outcomes that count; removes it where there is nothing to ask. */
export async function askAgain(
  folder: string,
  askings: readonly SecondAsking[],
  input: AskingInput,
): Promise<void> {
  if (askings.length === 0) return rm(join(folder, NOISE_FILE), { force: true });
  const outcomes = await OutcomeWriter.open(folder, NOISE_FILE);
  const repeats = { first: input.definition.settings.repeats, count: 1 };
  try {
    for (const { tasks, checkpoints } of askings) {
      input.progress.samplesPerCheckpoint = new Map(
        tasks.map(({ instrument, count }) => [instrument, count]),
      );
      await execute({ ...input, tasks, models: { ...input.models, checkpoints }, outcomes, repeats });
    }
  } catch (error) {
    await outcomes.discard().catch(() => {});
    throw error;
  }
  await outcomes.finish();
}

/** Whether the first thing that the task asks a checkpoint is a text, drawn or the likeliest one. */
function generates({ task, samples }: Pick<PreparedTask, 'task' | 'samples'>, isDrawn: boolean): boolean {
  const [first] = samples();
  if (first === undefined) return false;
  try {
    return task
      .ask(first, [])
      .some(
        (ask) =>
          ask.verb === 'generate' && ask.role === 'checkpoint' && ask.decoding.temperature > 0 === isDrawn,
      );
  } catch {
    // A task that cannot ask fails its samples where they are asked.
    return false;
  }
}

/** The seeded subset, in the task's own order. */
function chosen(
  { instrument, task, samples }: Pick<PreparedTask, 'instrument' | 'task' | 'samples'>,
  share: number,
  seed: number,
): NoiseTask {
  const ids = noiseSamples(
    instrument,
    Array.from(samples(), ({ id }) => id),
    share,
    seed,
  );
  return { instrument, task, count: ids.size, samples: () => only(samples(), ids) };
}

/** Which samples of an instrument are asked again: the same ones whoever judges them. */
export function noiseSamples(
  instrument: string,
  ids: readonly string[],
  share: number,
  seed: number,
): ReadonlySet<string> {
  const random = seededRandom(deriveSeed(seed, 'noise', askedName(instrument)));
  return new Set(random.shuffled(ids).slice(0, Math.ceil(ids.length * share)));
}

function* only(samples: Iterable<Sample>, ids: ReadonlySet<string>): Iterable<Sample> {
  for (const sample of samples) if (ids.has(sample.id)) yield sample;
}
