import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, sha256 } from '../../core/digest.ts';
import type { Cli } from './cli.ts';

/** Scripted checkpoints under two dimensions: quick, and with outcomes of several kinds. */
export function benchmarkText({ name = 'board', seed = 1, more = '' } = {}): string {
  return `benchmark: ${name}
defaults: { adapter: scripted, promptFormat: raw }
checkpoints:
  - { id: base, model: base, alignment: { method: none, family: Tiny } }
  - { id: sft, model: sft, alignment: { method: sft, parent: base } }
  - { id: dpo, model: dpo, alignment: { method: dpo, parent: sft } }
  - { id: sft-copy, model: sft, control: copy, alignment: { method: sft, parent: sft } }
${more}tasks: [truthfulness/mc1@zoo-truth, truthfulness/mc-generate@zoo-truth, toxicity/profanity@zoo-toxicity]
settings: { limit: 24, seed: ${seed} }
`;
}

/** Runs a benchmark and returns the name of its folder below `runs`. */
export async function makeRun(cli: Cli, text = benchmarkText()): Promise<string> {
  const file = await cli.write('board.yaml', text);
  const before = new Set(await readdir(join(cli.folder, 'runs')).catch(() => []));
  const { code, err } = await cli.run('run', file, '--quiet');
  if (code !== 0) throw new Error(`the run failed with ${code}: ${err}`);
  const made = (await readdir(join(cli.folder, 'runs'))).filter((run) => !before.has(run));
  if (made.length !== 1 || made[0] === undefined) throw new Error(`expected one run, got ${made.join(', ')}`);
  return made[0];
}

/** Paths of all files below a folder, with `/`. */
export async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

export async function bytesOf(folder: string): Promise<Map<string, string>> {
  const files = await filesOf(folder);
  return new Map(
    await Promise.all(
      files.map(
        async (file): Promise<[string, string]> => [file, sha256(await readFile(join(folder, file)))],
      ),
    ),
  );
}

/** Makes the digests of a site fit its files again, as somebody would who wants a change to go unseen. */
export async function cover(site: string): Promise<void> {
  const history = (await readFile(join(site, 'history.jsonl'), 'utf8')).trim().split('\n');
  let previous = '0'.repeat(64);
  const lines: string[] = [];
  for (const line of history) {
    const entry = JSON.parse(line) as { publication: string; files: Record<string, string> };
    const folder = join(site, 'runs', entry.publication);
    for (const file of Object.keys(entry.files))
      entry.files[file] = sha256(await readFile(join(folder, file)));
    const forged = JSON.stringify({ ...entry, previous });
    lines.push(forged);
    previous = sha256(forged);
  }
  await writeFile(join(site, 'history.jsonl'), `${lines.join('\n')}\n`);
  const path = join(site, 'files.json');
  const list = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  const files = Object.fromEntries([...(await bytesOf(site))].filter(([file]) => file !== 'files.json'));
  await writeFile(path, `${JSON.stringify({ ...list, digest: digestOf(files), files }, undefined, 2)}\n`);
}
