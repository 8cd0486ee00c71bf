import { readOutcomes } from '../../benchmarks/journal/outcomes.ts';
import type { OutcomeRecord } from '../../benchmarks/journal/records.ts';
import { readManifest } from '../../benchmarks/journal/run-folder.ts';
import { everyEvalEver } from '../../results/leaderboard/exports/every-eval-ever.ts';
import type { Summary } from '../../results/summary.ts';
import { findTask } from '../../suites/registry.ts';
import type { MetricSpec } from '../../suites/task.ts';
import type { PublicationFacts } from './site-folder.ts';

/** Below a publication's folder; what is in it can be copied into the collection as it stands. */
export const EVALUATIONS_FOLDER = 'every-eval-ever';

/** Every Eval Ever files of a publication by path below its folder, a checkpoint after the other. */
export async function* evaluations(
  folder: string,
  summary: Summary,
  facts: PublicationFacts,
): AsyncGenerator<Readonly<Record<string, string>>> {
  const manifest = await readManifest(folder);
  const specs = await headlineSpecs(summary);
  const evaluator = { organisation: facts.organisation, relationship: facts.evaluator, at: facts.at };
  const checkpoints = new Map(summary.checkpoints.map((one) => [one.id, one]));
  for await (const { id, outcomes } of byCheckpoint(folder, [...checkpoints.keys()])) {
    const checkpoint = checkpoints.get(id);
    if (checkpoint === undefined) continue;
    const made = everyEvalEver({ summary, manifest, evaluator, checkpoint, outcomes, specs });
    yield {
      [`${EVALUATIONS_FOLDER}/${made.path}`]: made.json,
      [`${EVALUATIONS_FOLDER}/${made.samplesPath}`]: made.samples,
    };
  }
}

async function headlineSpecs(summary: Summary): Promise<ReadonlyMap<string, MetricSpec>> {
  const specs = new Map<string, MetricSpec>();
  for (const { task } of summary.tasks) {
    const found = await findTask(task.split('@')[0] ?? '');
    if (found !== undefined) specs.set(task, found.headline);
  }
  return specs;
}

interface OwnOutcomes {
  readonly id: string;
  readonly outcomes: readonly OutcomeRecord[];
}

/** Published outcomes stand checkpoint by checkpoint, so that one at a time is held; those without any come last. */
async function* byCheckpoint(folder: string, ids: readonly string[]): AsyncGenerator<OwnOutcomes> {
  const left = new Set(ids);
  let own: { id: string; outcomes: OutcomeRecord[] } | undefined;
  for await (const record of readOutcomes(folder)) {
    if (own !== undefined && own.id !== record.checkpoint) yield own;
    if (own?.id !== record.checkpoint) own = { id: record.checkpoint, outcomes: [] };
    left.delete(record.checkpoint);
    own.outcomes.push(record);
  }
  if (own !== undefined) yield own;
  for (const id of left) yield { id, outcomes: [] };
}
