import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { codeOf, EXIT, UserError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { packageFile } from '../../core/package-root.ts';
import type { Recording, Track } from './recording.ts';
import { parseManifest, type RunManifest } from './records.ts';

/** Which answers a definition means. */
export interface Source {
  readonly path: string;
  readonly checkpoint?: string;
}

/** Answers of checkpoints that were trained in the zoo's lab and are not shipped. */
const ZOO = /^zoo:([a-z0-9-]+)$/;

/** `runs/ID#CHECKPOINT`, `runs/ID/answers.jsonl#CHECKPOINT`, `answers.jsonl` or `zoo:NAME`; `#` is optional. */
export function parseSource(model: string, folder: string): Source {
  const shipped = ZOO.exec(model)?.[1];
  if (shipped !== undefined)
    return { path: packageFile('suites', 'dynamics', 'behaviours', 'recorded', `${shipped}.jsonl`) };
  const whole = resolve(folder, model);
  const mark = model.lastIndexOf('#');
  if (mark === -1 || existsSync(whole)) return { path: answersIn(whole) };
  return { path: answersIn(resolve(folder, model.slice(0, mark))), checkpoint: model.slice(mark + 1) };
}

/** The manifest beside a run's answers, or undefined where there is none. */
export async function readManifest(path: string): Promise<RunManifest | undefined> {
  try {
    return parseManifest(await readFile(join(dirname(path), 'manifest.json'), 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * The answers of the checkpoint that is meant. A run asks equal weights once, under whichever name comes first,
 * so the manifest's identity decides and the name in the lines only stands in for it.
 *
 * @throws UserError (exit code 3) when the name is unknown, or needed and absent.
 */
export function chooseTrack(recording: Recording, source: Source, manifest: RunManifest | undefined): Track {
  const { tracks } = recording;
  const named = tracks.filter(({ owner }) => owner !== undefined);
  const names = [
    ...new Set([...Object.keys(manifest?.models ?? {}), ...named.flatMap((track) => [...track.checkpoints])]),
  ];
  if (source.checkpoint !== undefined) {
    const found = trackNamed(named, source.checkpoint, manifest);
    if (found !== undefined) return found;
    throw unknownCheckpoint(source, source.checkpoint, names);
  }
  const [only] = tracks;
  if (only !== undefined && tracks.length === 1) return only;
  if (only === undefined)
    throw problem(source, 'holds no answers', 'Finish the run first, or name another file.');
  throw problem(
    source,
    'holds the answers of several checkpoints',
    `Name one: ${names.map((name) => `#${name}`).join(', ')}.`,
  );
}

function trackNamed(
  tracks: readonly Track[],
  checkpoint: string,
  manifest: RunManifest | undefined,
): Track | undefined {
  const identity = Object.hasOwn(manifest?.models ?? {}, checkpoint)
    ? manifest?.models[checkpoint]?.identityDigest
    : undefined;
  if (identity === undefined) return tracks.find(({ checkpoints }) => checkpoints.has(checkpoint));
  const same = tracks.filter(({ owner }) => owner?.identity === identity);
  const isCopy = manifest?.definition?.checkpoints?.some(
    ({ id, control }) => id === checkpoint && control !== undefined,
  );
  return same.find(({ owner }) => owner?.control === (isCopy === true ? checkpoint : undefined));
}

function answersIn(path: string): string {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder ? join(path, 'answers.jsonl') : path;
}

function unknownCheckpoint(source: Source, checkpoint: string, names: readonly string[]): UserError {
  const close = nearest(checkpoint, names);
  const fix =
    names.length === 0
      ? 'The file names no checkpoints: leave out what follows #.'
      : `It has ${(close.length > 0 ? close : names.slice(0, 10)).map((name) => `#${name}`).join(', ')}.`;
  return problem(source, `has no answers of a checkpoint '${checkpoint}'`, fix);
}

function problem({ path }: Source, message: string, fix: string): UserError {
  return new UserError({ where: path, message, fix }, EXIT.environment);
}
