import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { listRuns } from '../../benchmarks/journal/run-folder.ts';
import { messageOf, UserError } from '../../core/errors.ts';
import type { Summary } from '../../results/summary.ts';
import { FLIPS_FILE, flipLines } from '../page/flip-lines.ts';
import { withEvidence } from '../page/gather.ts';
import { pageOf } from '../page/write-page.ts';
import { cachedByFiles } from './cached.ts';
import { isOwnHost } from './hosts.ts';
import { problemPage, runListPage } from './run-list.ts';

export interface ServeOptions {
  /** Folder that holds the runs. */
  readonly runs: string;
  /** 0: one that is free. */
  readonly port: number;
  readonly summaryOf: (folder: string) => Promise<Summary>;
}

export interface RunningServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

const HEADERS = {
  'Cache-Control': 'no-store',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const;

/** Serves the runs of a folder to this machine alone: reads, never writes, and answers to its own names only. */
export async function startServer(options: ServeOptions): Promise<RunningServer> {
  const views = viewsOf(options);
  const server = createServer((request, response) => {
    void answer(request, response, portOf(server), views);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return { url: `http://127.0.0.1:${portOf(server)}/`, close: () => closed(server) };
}

/** What is shown of a run; made anew only when its files have changed. */
interface Views {
  readonly runs: string;
  readonly summaryOf: (folder: string) => Promise<Summary>;
  readonly pageOf: (folder: string) => Promise<string>;
}

function viewsOf({ runs, summaryOf }: ServeOptions): Views {
  const summaries = cachedByFiles(summaryOf);
  const pages = cachedByFiles(async (folder) => {
    const summary = await summaries(folder);
    return withEvidence(folder, summary, (evidence) => pageOf(folder, summary, evidence, FLIPS_FILE));
  });
  return { runs, summaryOf: summaries, pageOf: pages };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
  views: Views,
): Promise<void> {
  try {
    if (!isOwnHost(request.headers.host, port))
      return plainly(response, 403, 'This server answers to 127.0.0.1 alone.');
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return plainly(response, 405, 'This server is for reading.');
    await route(request, response, views);
  } catch (error) {
    if (response.headersSent) response.destroy();
    else page(response, 500, problemPage(UserError.is(error) ? error.message : messageOf(error)));
  }
}

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  { runs, summaryOf, pageOf: shownPage }: Views,
): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
  const found = await listRuns(runs);
  if (path === '/') return page(response, 200, runListPage(found, runs));
  const [, name = '', file] = /^\/runs\/([^/]+)\/(flips\.jsonl)?$/.exec(path) ?? [];
  // The name is only compared with those of the folder, never made part of a path.
  const run = found.find(({ manifest }) => manifest.run === decoded(name));
  if (run === undefined) return page(response, 404, problemPage('There is no such page here.'));
  if (file === undefined) return page(response, 200, await shownPage(run.folder));
  const summary = await summaryOf(run.folder);
  await withEvidence(run.folder, summary, async (evidence) => {
    response.writeHead(200, { ...HEADERS, 'Content-Type': 'application/jsonl; charset=utf-8' });
    await pipeline(Readable.from(flipLines(summary, evidence)), response);
  });
}

function decoded(name: string): string | undefined {
  try {
    return decodeURIComponent(name);
  } catch {
    return undefined;
  }
}

function page(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...HEADERS, 'Content-Type': 'text/html; charset=utf-8' }).end(text);
}

function plainly(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...HEADERS, 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}
