import type { Manifest } from '../../benchmarks/journal/records.ts';
import type { Summary } from '../summary.ts';
import type { HistoryEntry } from './history.ts';
import type { BoardPublication } from './leaderboard.ts';
import { leftOut } from './left-out.ts';

/** A published run, read back from its folder. */
export interface Publication {
  readonly entry: HistoryEntry;
  readonly manifest: Manifest;
  readonly summary: Summary;
  /** SHA-256 over the request keys behind its outcomes. */
  readonly prompts: string;
}

/** Those that no later one supersedes, in the order published. */
export function currentOf(publications: readonly Publication[]): Publication[] {
  const superseded = new Set(publications.map(({ entry }) => entry.supersedes?.publication));
  return publications.filter(({ entry }) => !superseded.has(entry.publication));
}

/** What the site says of a publication: where it came from, by which hashes, and what replaced it. */
export function boardPublication(
  { entry, manifest, summary, prompts }: Publication,
  all: readonly Publication[],
): BoardPublication {
  const notShown = leftOut(summary);
  const later = all.find((other) => other.entry.supersedes?.publication === entry.publication)?.entry;
  return {
    id: entry.publication,
    run: summary.run.id,
    benchmark: summary.benchmark,
    status: summary.run.status,
    createdAt: summary.run.createdAt,
    publishedAt: entry.at,
    aligntrust: summary.run.aligntrust,
    seed: summary.run.seed,
    supersedes: entry.supersedes,
    supersededBy:
      later === undefined ? null : { publication: later.publication, note: later.supersedes?.note ?? '' },
    ...(notShown.length === 0 ? {} : { leftOut: notShown }),
    hashes: {
      definition: manifest.definitionDigest,
      fingerprint: manifest.fingerprint,
      answers: entry.source.answers,
      prompts,
      outcomes: entry.files['outcomes.jsonl'] ?? '',
      summary: entry.files['summary.json'] ?? '',
    },
    datasets: Object.entries(manifest.datasets).map(([id, { sha256, rows, licence }]) => ({
      id,
      sha256,
      rows,
      licence,
    })),
    instruments: Object.entries(manifest.tasks).map(
      ([task, { version, samples, clusters, samplesDigest }]) => ({
        task,
        version,
        samples,
        clusters,
        samplesDigest,
      }),
    ),
    alarms: summary.alarms.map(({ kind, level = 'alarm', checkpoint, task, message }) => ({
      kind,
      level,
      checkpoint,
      task,
      message,
    })),
  };
}
