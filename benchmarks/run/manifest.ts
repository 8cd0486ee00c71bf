import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { digestOf } from '../../core/digest.ts';
import type { JsonObject } from '../../core/json.ts';
import { packageVersion } from '../../core/package-root.ts';
import type { Definition } from '../definition/definition.ts';
import { definitionJson } from '../definition/fill.ts';
import type { Manifest } from '../journal/records.ts';
import { withoutUndefined } from '../journal/request-key.ts';
import type { PreparedModels } from './preflight.ts';
import type { PreparedTask } from './prepare-tasks.ts';

/**
 * What makes a run the same run: the checkpoints and what is asked of them, who answers, and the samples. Anything
 * else (limits, hard stops, a description) may change between two sittings of one run.
 */
export function runFingerprint(
  definition: Definition,
  tasks: readonly PreparedTask[],
  models: PreparedModels,
): string {
  const { seed, repeats, limit, until } = definition.settings;
  return digestOf({
    benchmark: definition.benchmark,
    settings: withoutUndefined({ seed, repeats, limit, until }),
    checkpoints: definition.checkpoints.map(({ id, promptFormat, system, alignment, control }) =>
      withoutUndefined({ id, promptFormat, system, alignment: withoutUndefined(alignment), control }),
    ),
    models: Object.fromEntries(allModels(models).map(([id, { facts }]) => [id, facts.identityDigest])),
    tasks: Object.fromEntries(tasks.map(({ instrument, facts }) => [instrument, withoutUndefined(facts)])),
    datasets: Object.fromEntries(tasks.map(({ dataset }) => [dataset.id, dataset.sha256])),
    ...ownChoices(definition),
  });
}

/** What a definition adds of its own, present only where it does. */
function ownChoices({ tasks, extensions = [] }: Definition): JsonObject {
  const forms = tasks.flatMap(({ instrument, form }) =>
    form === undefined ? [] : [[instrument, form] as const],
  );
  return {
    ...(forms.length === 0 ? {} : { forms: Object.fromEntries(forms) }),
    ...(extensions.length === 0
      ? {}
      : { extensions: Object.fromEntries(extensions.map(({ path, sha256 }) => [path, sha256])) }),
  };
}

export async function buildManifest(
  runId: string,
  definition: Definition,
  tasks: readonly PreparedTask[],
  models: PreparedModels,
): Promise<Manifest> {
  return {
    schemaVersion: 1,
    run: runId,
    fingerprint: runFingerprint(definition, tasks, models),
    createdAt: new Date().toISOString(),
    definition: definitionJson(definition),
    definitionDigest: definition.digest,
    versions: {
      aligntrust: packageVersion(),
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
    },
    git: await gitState(definition.folder),
    models: Object.fromEntries(allModels(models).map(([id, { facts }]) => [id, facts])),
    datasets: Object.fromEntries(
      tasks.map(({ dataset: { id, sha256, rows, licence } }) => [id, { sha256, rows, licence }]),
    ),
    tasks: Object.fromEntries(tasks.map(({ instrument, facts }) => [instrument, facts])),
  };
}

function allModels(models: PreparedModels) {
  const roles = [...models.roles].map(([role, prepared]) => [`role:${role}`, prepared] as const);
  return [...models.checkpoints, ...roles];
}

/** Commit of the folder that holds the definition; null outside a repository or without git. */
async function gitState(folder: string): Promise<Manifest['git']> {
  const args = [
    '--no-optional-locks',
    '-C',
    folder,
    'status',
    '--porcelain=v2',
    '--branch',
    '--untracked-files=no',
  ];
  try {
    const { stdout } = await promisify(execFile)('git', args, { timeout: 5000, maxBuffer: 64 * 2 ** 20 });
    const lines = stdout.split('\n').filter((line) => line !== '');
    const commit = lines.find((line) => line.startsWith('# branch.oid '))?.split(' ')[2];
    // A repository without a commit calls it "(initial)".
    if (commit === undefined || !/^[0-9a-f]+$/.test(commit)) return null;
    return { commit, dirty: lines.some((line) => !line.startsWith('#')) };
  } catch {
    return null;
  }
}
