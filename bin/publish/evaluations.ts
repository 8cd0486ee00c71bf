import { join } from 'node:path';
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
  for (const checkpoint of summary.checkpoints) {
    const outcomes = await outcomesOf(folder, checkpoint.id);
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

/** Published outcomes stand checkpoint by checkpoint: one at a time is held. */
async function outcomesOf(folder: string, checkpoint: string): Promise<OutcomeRecord[]> {
  const found: OutcomeRecord[] = [];
  for await (const record of readOutcomes(join(folder)))
    if (record.checkpoint === checkpoint) found.push(record);
  return found;
}
