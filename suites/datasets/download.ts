import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { codeOf, EXIT, messageOf, UserError } from '../../core/errors.ts';
import type { DatasetEntry, DownloadedFile } from './entry.ts';
import { claimPartFile, type PartFile } from './part-file.ts';
import { mismatch } from './verify.ts';

export interface DownloadOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly notify: (line: string) => void;
  readonly onProgress?: (received: number, total: number) => void;
  readonly signal?: AbortSignal;
}

const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 250;
/** A server that is silent for this long has gone. */
const SILENCE_MS = 60_000;
/** Files from this size on report each tenth. */
const LARGE_BYTES = 5_000_000;

/** One URL that did not give the file, and whether asking it again can help. */
class Refusal extends Error {
  readonly again: boolean;

  constructor(message: string, again: boolean) {
    super(message);
    this.again = again;
  }
}

/**
 * Fetches a file into its place, resuming where an earlier download broke off. The file appears only when its
 * checksum is right.
 *
 * @throws UserError (exit code 3) that names every URL and what it answered; an abort rejects with its reason.
 */
export async function download(
  entry: DatasetEntry,
  file: DownloadedFile,
  target: string,
  options: DownloadOptions,
): Promise<void> {
  const part = await claimPartFile(target);
  const dispatcher = await connect(options.env);
  const problems: string[] = [];
  try {
    for (const url of file.urls) {
      try {
        await fetchChecked(url, { entry, file, part, dispatcher, options });
        await part.finish();
        options.notify(`${entry.id}: saved to ${target}`);
        return;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        problems.push(`${url}: ${error.message}`);
      }
    }
  } finally {
    await dispatcher.destroy();
  }
  throw new UserError(
    {
      where: entry.id,
      message: `cannot be downloaded\n   ${problems.join('\n   ')}`,
      fix: `fetch it yourself and put it at ${target}, or give its path in the definition`,
    },
    EXIT.environment,
  );
}

interface Fetching {
  readonly entry: DatasetEntry;
  readonly file: DownloadedFile;
  readonly part: PartFile;
  readonly dispatcher: Dispatcher;
  readonly options: DownloadOptions;
}

/** Leaves a complete file with the right checksum in the part file, or throws what was wrong. */
async function fetchChecked(url: string, fetching: Fetching): Promise<void> {
  const { entry, file, part } = fetching;
  const resumed = (await part.size()) > 0;
  await fetchAll(url, fetching);
  let problem = await mismatch(await readFile(part.path), entry, file);
  if (problem !== undefined && resumed) {
    // What was left of the earlier download was not this file.
    await part.empty();
    await fetchAll(url, fetching);
    problem = await mismatch(await readFile(part.path), entry, file);
  }
  if (problem === undefined) return;
  await part.empty();
  throw new Refusal(`what it sent ${problem}`, false);
}

/** Asks again, from where it stopped, while the server merely stumbles. */
async function fetchAll(url: string, fetching: Fetching): Promise<void> {
  const { signal } = fetching.options;
  for (let attempt = 1; ; attempt++) {
    try {
      await fetchRest(url, fetching);
      return;
    } catch (error) {
      signal?.throwIfAborted();
      if (UserError.is(error)) throw error;
      const refusal = error instanceof Refusal ? error : new Refusal(causeOf(error), true);
      if (!refusal.again || attempt === ATTEMPTS) throw refusal;
      const options = signal === undefined ? {} : { signal };
      await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1), undefined, options).catch(() =>
        signal?.throwIfAborted(),
      );
    }
  }
}

async function fetchRest(url: string, { entry, file, part, dispatcher, options }: Fetching): Promise<void> {
  const {
    default: { fetch },
  } = await import('undici');
  const start = await part.size();
  if (start >= file.bytes) return;
  options.notify(progressLine(entry.id, url, start, file.bytes));
  const response = await fetch(url, {
    dispatcher,
    headers: { 'accept-encoding': 'identity', ...(start > 0 ? { range: `bytes=${start}-` } : {}) },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const continues = response.status === 206 && startsAt(response.headers.get('content-range'), start);
  if (!continues) {
    if (start > 0) await part.empty();
    if (response.status === 206 || response.status === 416) throw new Refusal('it cannot resume', true);
    if (!response.ok) throw new Refusal(`HTTP ${response.status}`, isTransient(response.status));
  }
  if (response.body === null) throw new Refusal('an empty answer', true);
  const have = continues ? start : 0;
  await part.append(watched(response.body, have, { entry, file, options }));
  const size = await part.size();
  const announced = Number(response.headers.get('content-length') ?? Number.NaN);
  if (size - have < announced) throw new Refusal(`it broke off at ${size} bytes`, true);
}

/** Passes chunks on, reports progress and stops a server that sends more than the catalogue allows. */
async function* watched(
  body: AsyncIterable<Uint8Array>,
  have: number,
  { entry, file, options }: Pick<Fetching, 'entry' | 'file' | 'options'>,
): AsyncGenerator<Uint8Array> {
  let size = have;
  let tenth = Math.floor((10 * size) / file.bytes);
  for await (const chunk of body) {
    size += chunk.length;
    yield chunk;
    options.onProgress?.(Math.min(size, file.bytes), file.bytes);
    // One chunk too many is kept, so that the checksum fails.
    if (size > file.bytes) return;
    const now = Math.floor((10 * size) / file.bytes);
    const isToTell = now > tenth && file.bytes >= LARGE_BYTES && options.onProgress === undefined;
    if (isToTell) options.notify(`${entry.id}: ${now * 10} %`);
    tenth = now;
  }
}

async function connect(env: DownloadOptions['env']): Promise<Dispatcher> {
  const {
    default: { EnvHttpProxyAgent },
  } = await import('undici');
  return new EnvHttpProxyAgent({
    httpProxy: env['http_proxy'] ?? env['HTTP_PROXY'] ?? '',
    httpsProxy: env['https_proxy'] ?? env['HTTPS_PROXY'] ?? '',
    noProxy: env['no_proxy'] ?? env['NO_PROXY'] ?? '',
    bodyTimeout: SILENCE_MS,
    headersTimeout: SILENCE_MS,
  });
}

function startsAt(contentRange: string | null, start: number): boolean {
  return contentRange?.startsWith(`bytes ${start}-`) === true;
}

function isTransient(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

function progressLine(id: string, url: string, start: number, bytes: number): string {
  const { host } = new URL(url);
  const size = `${Math.ceil(bytes / 1000)} kB`;
  if (start === 0) return `${id}: downloading ${size} from ${host}`;
  return `${id}: resuming at ${Math.floor(start / 1000)} of ${size} from ${host}`;
}

/** `fetch failed` says nothing; the cause beneath it does. */
function causeOf(error: unknown): string {
  const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : error;
  return codeOf(cause) ?? messageOf(cause);
}
