import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { catalogNames } from '../../benchmarks/catalog/index.ts';
import { readManifest } from '../../benchmarks/journal/run-folder.ts';
import { storageError } from '../../core/storage-error.ts';
import { drawFigures } from '../../results/report/charts/figures.ts';
import { pageAssets } from '../../results/report/html/assets.ts';
import type { Origin } from '../../results/report/html/input.ts';
import { renderPage } from '../../results/report/html/page.ts';
import type { Summary } from '../../results/summary.ts';
import { FLIPS_FILE, flipLines } from './flip-lines.ts';
import { type Evidence, gather, withEvidence } from './gather.ts';

export const PAGE_FILE = 'report.html';

/** The page of a run as one document; `flipsUrl` where a server offers all flips. */
export async function pageOf(
  folder: string,
  summary: Summary,
  evidence: Evidence,
  flipsUrl?: string,
): Promise<string> {
  const { flips, tasks, driving } = await gather(summary, evidence);
  const figures = await drawFigures(summary);
  const origin = await originOf(folder, summary);
  const input = {
    summary,
    figures,
    flips,
    tasks,
    driving,
    origin,
    ...(flipsUrl === undefined ? {} : { flipsUrl }),
  };
  return renderPage(input, pageAssets());
}

/**
 * Writes the page and, beside it, every flip that it can explore.
 *
 * @throws UserError (exit code 3) when the place cannot be written.
 */
export async function writePage(
  folder: string,
  summary: Summary,
  path = join(folder, PAGE_FILE),
): Promise<void> {
  await withEvidence(folder, summary, async (evidence) => {
    await writeAside(path, [await pageOf(folder, summary, evidence)]);
    await writeAside(join(dirname(path), FLIPS_FILE), flipLines(summary, evidence));
  });
}

/** Every flip of the run, one JSON object a line, as the explorer of the page opens it. */
export async function writeFlips(folder: string, summary: Summary, path: string): Promise<void> {
  await withEvidence(folder, summary, (evidence) => writeAside(path, flipLines(summary, evidence)));
}

/** Whole or not at all: a reader never meets half of a file. */
async function writeAside(path: string, pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
  const fresh = `${path}.${process.pid}.new`;
  try {
    await pipeline(Readable.from(pieces), createWriteStream(fresh));
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw storageError(path, error);
  }
}

async function originOf(folder: string, { benchmark, run }: Summary): Promise<Origin> {
  const { definition, versions, git, datasets, tasks } = await readManifest(folder);
  const named = catalogNames().includes(benchmark) ? benchmark : `${benchmark}.yaml`;
  return {
    command: `npx aligntrust@${run.aligntrust} run ${named}`,
    definition,
    node: versions.node,
    platform: versions.platform,
    commit: git === null ? null : `${git.commit}${git.dirty ? ' with changes' : ''}`,
    datasets: Object.entries(datasets).map(([id, { rows, licence, sha256 }]) => ({
      id,
      rows,
      licence,
      sha256,
    })),
    samples: new Map(Object.entries(tasks).map(([task, { samplesDigest }]) => [task, samplesDigest])),
  };
}
