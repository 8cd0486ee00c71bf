/**
 * The whole proof that a run survives: kill -9 at 20 random moments, a full disk, a server that vanishes, a cut
 * journal, a flipped byte; prints figures and exits with 1 when one is wrong. Needs `npm run build`, and root for the
 * full disk (a small file system in memory). The tests hold a shorter form.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '../typescript/register.mjs';

const { FAULT_MIX, startFaultyServer } = await import('../../test/fixtures/faulty-server.ts');
const { proveKills } = await import('../../test/fixtures/kill-proof.ts');
const { answeredLines, MODELS, picture, runFolder, startRun, until, WORK, writeDefinition } = await import(
  '../../test/fixtures/proof.ts'
);

const KILLS = Number(process.argv[2] ?? 20);
const SEED = Number(process.argv[3] ?? 1);
const CONCURRENCY = 32;
const SAMPLES = 520;
const failures = [];

await section('kill -9', kills);
await section('disk full', diskFull);
await section('vanished server', vanished);
await section('cut journal and flipped byte', damaged);
process.stdout.write(failures.length === 0 ? '\nall proven\n' : `\nFAILED: ${failures.join('; ')}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;

async function section(name, prove) {
  process.stdout.write(`\n${name}\n`);
  const folder = await mkdtemp(join(tmpdir(), 'aligntrust-proof-'));
  const server = await startFaultyServer({
    models: MODELS,
    work: WORK,
    seed: SEED,
    faults: FAULT_MIX,
    retryAfterSeconds: 0.2,
    latencyMs: 20,
    latencySigma: 0.5,
  });
  const work = { folder, server, concurrency: CONCURRENCY, samples: SAMPLES };
  await writeDefinition(work);
  try {
    await prove(work, (what, holds, figure = '') => {
      process.stdout.write(`  ${holds ? 'ok  ' : 'FAIL'} ${what}${figure === '' ? '' : `: ${figure}`}\n`);
      if (!holds) failures.push(`${name}: ${what}`);
    });
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function kills(work, check) {
  const log = (line) => process.stdout.write(`       ${line}\n`);
  const figures = await proveKills({ ...work, kills: KILLS, seed: SEED, log });
  check('answers lost', figures.lost === 0, figures.lost);
  check('asked again although saved', figures.askedAlthoughKnown === 0, figures.askedAlthoughKnown);
  const most = Math.max(...figures.unsaved);
  check(`given but not saved, at most ${CONCURRENCY} a kill`, most <= CONCURRENCY, `at most ${most}`);
  check(
    'asked again in all',
    figures.reasked <= CONCURRENCY * KILLS,
    `${figures.reasked} of ${figures.answers} answers over ${KILLS} kills`,
  );
  check('answers in the end', figures.answers === 2 * SAMPLES, figures.answers);
  check('exit code of the last sitting', figures.exitCode === 0, figures.exitCode);
  check('report and outcomes identical to the unbroken run', figures.identical);
}

async function diskFull(work, check) {
  const runs = join(work.folder, 'runs');
  const reference = await picture(
    join(work.folder, 'calm'),
    await startRun(work.folder, join(work.folder, 'calm')).ended,
  );
  execFileSync('mkdir', ['-p', runs]);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', runs], { stdio: 'pipe' });
  } catch (error) {
    check('a small file system can be mounted (needs root)', false, error.message);
    return;
  }
  try {
    const full = await startRun(work.folder, runs).ended;
    const saved = await answeredLines(runs);
    const before = work.server.stats().delivered;
    check('exit code', full.code === 3, full.code);
    check('the message says that the disk is full', /the disk is full/.test(full.stdout));
    const text = await readFile(join(await runFolder(runs), 'answers.jsonl'), 'utf8');
    check('whole lines only', text.endsWith('\n'), `${saved.size} answers saved`);
    execFileSync('mount', ['-o', 'remount,size=64m', runs]);
    const again = await startRun(work.folder, runs).ended;
    const lines = await answeredLines(runs);
    check('exit code when there is room', again.code === 0, again.code);
    const lost = [...saved].filter(([question, line]) => lines.get(question) !== line).length;
    check('answers lost', lost === 0, lost);
    const after = work.server.stats().delivered;
    const reasked = [...saved.keys()].filter((question) => after[question] !== before[question]).length;
    check('asked again although saved', reasked === 0, reasked);
    check('report and outcomes identical to the unbroken run', (await picture(runs, again)) === reference);
  } finally {
    execFileSync('umount', [runs]);
  }
}

async function vanished(work, check) {
  const runs = join(work.folder, 'runs');
  const calm = join(work.folder, 'calm');
  const reference = await picture(calm, await startRun(work.folder, calm).ended);
  const begun = work.server.stats().requests;
  const child = startRun(work.folder, runs);
  await until(child, () => work.server.stats().requests - begun >= 300);
  await work.server.close();
  const ended = await child.ended;
  check('exit code while the server is away', ended.code === 1, ended.code);
  const saved = await answeredLines(runs);
  const back = await startFaultyServer({ models: MODELS, work: WORK, port: work.server.port, seed: SEED });
  try {
    const again = await startRun(work.folder, runs).ended;
    const lines = await answeredLines(runs);
    check('exit code when it is back', again.code === 0, again.code);
    const lost = [...saved].filter(([question, line]) => lines.get(question) !== line).length;
    check('answers lost', lost === 0, `${lost} of ${saved.size} saved before`);
    const delivered = back.stats().delivered;
    const reasked = [...saved.keys()].filter((question) => delivered[question] !== undefined).length;
    check('asked again although saved', reasked === 0, reasked);
    check('report and outcomes identical to the unbroken run', (await picture(runs, again)) === reference);
  } finally {
    await back.close();
  }
}

async function damaged(work, check) {
  const runs = join(work.folder, 'runs');
  const reference = await picture(runs, await startRun(work.folder, runs).ended);
  const path = join(await runFolder(runs), 'answers.jsonl');
  const bytes = await readFile(path);
  await truncate(path, Math.floor(bytes.length * 0.37));
  const kept = await answeredLines(runs);
  const before = work.server.stats().delivered;
  const cut = await startRun(work.folder, runs).ended;
  const after = work.server.stats().delivered;
  const asked = [...(await answeredLines(runs)).keys()].filter((one) => after[one] !== before[one]);
  check(
    'after a cut, exactly what was lost is asked',
    asked.length === 2 * SAMPLES - kept.size,
    `${asked.length} asked, ${kept.size} kept`,
  );
  check('report and outcomes identical', cut.code === 0 && (await picture(runs, cut)) === reference);
  const flipped = await readFile(path);
  const place = Math.floor(flipped.length * 0.61);
  flipped[place] ^= 8;
  await writeFile(path, flipped);
  const repaired = await startRun(work.folder, runs).ended;
  const last = work.server.stats().delivered;
  const again = Object.keys(last).filter((one) => last[one] !== after[one]);
  check('after a flipped byte, one question is asked', again.length === 1, again.length);
  const alarms = JSON.parse(repaired.stdout).alarms.map(({ kind }) => kind);
  check('the damage is reported', alarms.includes('damaged-line'));
}
