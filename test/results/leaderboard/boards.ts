import type { Manifest } from '../../../benchmarks/journal/records.ts';
import { sha256 } from '../../../core/digest.ts';
import type { HistoryEntry } from '../../../results/leaderboard/history.ts';
import type { Publication } from '../../../results/leaderboard/publications.ts';
import type { Summary } from '../../../results/summary.ts';

/** A publication around a summary, as its folder would be read back. */
export function publicationOf(
  summary: Summary,
  { name = 'run-1', supersedes = null }: { name?: string; supersedes?: HistoryEntry['supersedes'] } = {},
): Publication {
  const entry: HistoryEntry = {
    previous: '0'.repeat(64),
    at: '2026-11-22T12:00:00.000Z',
    aligntrust: '0.1.0',
    publication: name,
    run: summary.run.id,
    supersedes,
    files: { 'outcomes.jsonl': sha256(`outcomes ${name}`), 'summary.json': sha256(`summary ${name}`) },
    source: { answers: sha256(`answers ${name}`) },
  };
  const manifest: Manifest = {
    schemaVersion: 1,
    run: summary.run.id,
    fingerprint: sha256('fingerprint'),
    createdAt: summary.run.createdAt,
    definition: { benchmark: summary.benchmark },
    definitionDigest: summary.run.definitionDigest,
    versions: { aligntrust: '0.1.0', node: 'v20', platform: 'test' },
    git: null,
    models: {},
    datasets: { 'zoo-truth': { sha256: sha256('data'), rows: 10, licence: 'Apache-2.0' } },
    tasks: Object.fromEntries(
      summary.tasks.map(({ task, version, samples, clusters }) => [
        task,
        { version, samples, clusters, samplesDigest: sha256(task) },
      ]),
    ),
  };
  return { entry, manifest, summary, prompts: sha256('prompts') };
}
