import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { EXIT } from '../../../core/errors.ts';
import {
  FAULT_MIX,
  type FaultyServer,
  type FaultyServerOptions,
  startFaultyServer,
} from '../../fixtures/faulty-server.ts';
import { temporaryFolders } from '../../fixtures/folders.ts';
import { proveKills } from '../../fixtures/kill-proof.ts';
import {
  answeredLines,
  MODELS,
  picture,
  runFolder,
  startRun,
  until,
  WORK,
  writeDefinition,
} from '../../fixtures/proof.ts';

const newFolder = temporaryFolders();
const servers: FaultyServer[] = [];
const CONCURRENCY = 8;
const SAMPLES = 24;

async function serve(options: FaultyServerOptions = {}): Promise<FaultyServer> {
  const server = await startFaultyServer({ models: MODELS, work: WORK, seed: 3, ...options });
  servers.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function work(server: FaultyServer) {
  const folder = await newFolder();
  const definition = { folder, server, concurrency: CONCURRENCY, samples: SAMPLES };
  await writeDefinition(definition);
  return definition;
}

describe('the program, killed', () => {
  it('loses no answer, asks at most what was under way again, and ends with the same report', async () => {
    const server = await serve({ faults: FAULT_MIX, retryAfterSeconds: 0.1, latencyMs: 10 });
    const proof = { ...(await work(server)), kills: 3, seed: 11 };
    const { lost, askedAlthoughKnown, unsaved, exitCode, identical, answers } = await proveKills(proof);
    expect({ lost, askedAlthoughKnown, exitCode, identical }).toEqual({
      lost: 0,
      askedAlthoughKnown: 0,
      exitCode: 0,
      identical: true,
    });
    expect(answers).toBe(2 * SAMPLES);
    expect(Math.max(...unsaved)).toBeLessThanOrEqual(CONCURRENCY);
  });
});

describe('the program, interrupted', () => {
  it('saves what is under way at the first Ctrl+C, leaves with 130, and resumes', async () => {
    const server = await serve({ latencyMs: 50 });
    const { folder } = await work(server);
    const runs = join(folder, 'runs');
    const child = startRun(folder, runs);
    await until(child, () => server.stats().requests >= 15);
    child.process.kill('SIGINT');
    const ended = await child.ended;
    expect(ended.code).toBe(EXIT.interrupted);
    expect(ended.stderr).toContain('being saved');
    const saved = await answeredLines(runs);
    expect(saved.size).toBeGreaterThan(0);
    expect(saved.size).toBeLessThan(2 * SAMPLES);
    const given = server.stats().delivered;
    for (const question of saved.keys()) expect(given[question]).toBe(1);
    const again = await startRun(folder, runs).ended;
    expect(again.code).toBe(EXIT.fine);
    const lines = await answeredLines(runs);
    expect(lines.size).toBe(2 * SAMPLES);
    // No answer that the server ever gave was asked for twice.
    for (const question of lines.keys()) expect(server.stats().delivered[question]).toBe(1);
  });

  it('stops at once at the second Ctrl+C, and resumes', async () => {
    const server = await serve();
    const { folder } = await work(server);
    const runs = join(folder, 'runs');
    server.hold();
    const child = startRun(folder, runs);
    await until(child, () => server.stats().requests > 0);
    child.process.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(child.process.exitCode).toBeNull();
    child.process.kill('SIGINT');
    // The server would hold the requests for ever.
    expect((await child.ended).code).toBe(EXIT.interrupted);
    server.release();
    expect((await startRun(folder, runs).ended).code).toBe(EXIT.fine);
    expect((await answeredLines(runs)).size).toBe(2 * SAMPLES);
  });
});

describe('the program on a disk that refuses', () => {
  it('leaves with 3 and whole lines, says what to do, and resumes when there is room', async () => {
    const server = await serve();
    const { folder } = await work(server);
    const runs = join(folder, 'runs');
    // Twenty kilobytes a file: enough for the manifest, too little for the answers.
    const full = await startRun(folder, runs, 'ulimit -f 20').ended;
    expect(full.code).toBe(EXIT.environment);
    expect(full.stdout).toMatch(/answers\.jsonl[\s\S]*saved[\s\S]*same command/);
    const saved = await answeredLines(runs);
    expect(saved.size).toBeGreaterThan(0);
    expect(saved.size).toBeLessThan(2 * SAMPLES);
    const bytes = await readFile(join((await runFolder(runs)) ?? '', 'answers.jsonl'), 'utf8');
    expect(bytes.endsWith('\n')).toBe(true);
    const before = server.stats().delivered;
    const again = await startRun(folder, runs).ended;
    expect(again.code).toBe(EXIT.fine);
    const lines = await answeredLines(runs);
    expect(lines.size).toBe(2 * SAMPLES);
    for (const [question, line] of saved) {
      expect(lines.get(question)).toBe(line);
      expect(server.stats().delivered[question]).toBe(before[question]);
    }
  });
});

describe('the program and a damaged journal', () => {
  it('asks for what was cut off or changed, and for nothing else', async () => {
    const server = await serve();
    const { folder } = await work(server);
    const runs = join(folder, 'runs');
    const reference = await picture(runs, await startRun(folder, runs).ended);
    const path = join((await runFolder(runs)) ?? '', 'answers.jsonl');
    const whole = await answeredLines(runs);
    const bytes = await readFile(path);

    await truncate(path, Math.floor(bytes.length * 0.6));
    const kept = await answeredLines(runs);
    const cut = await startRun(folder, runs).ended;
    expect(cut.code).toBe(EXIT.fine);
    expect(await picture(runs, cut)).toBe(reference);
    const { delivered } = server.stats();
    for (const question of whole.keys()) expect(delivered[question]).toBe(kept.has(question) ? 1 : 2);

    const again = await readFile(path);
    const place = Math.floor(again.length / 3);
    again[place] = (again[place] ?? 0) ^ 4;
    await writeFile(path, again);
    const sound = await answeredLines(runs);
    expect(sound.size).toBe(2 * SAMPLES - 1);
    const changed = await startRun(folder, runs).ended;
    const alarms = (JSON.parse(changed.stdout) as { alarms: { kind: string }[] }).alarms;
    expect(alarms.map(({ kind }) => kind)).toContain('damaged-line');
    const after = server.stats().delivered;
    for (const question of whole.keys())
      expect((after[question] ?? 0) - (delivered[question] ?? 0)).toBe(sound.has(question) ? 0 : 1);
  });
});
