/**
 * Measures that the statistics keep what they promise: `npm run validate:statistics`. Coverage by exact enumeration and
 * by simulation, false findings and power through the code behind `report`. Seeds are fixed; the table goes to
 * docs/statistics.md; the exit code is 1 when a line fails.
 */
import { fork } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { JOBS, type JobResult, tableOf } from './validity/jobs.ts';
import { PARTS, type Part, type Row } from './validity/row.ts';

const CORES = 2;
const DOCUMENT = fileURLToPath(new URL('../../docs/statistics.md', import.meta.url));
const MARKS = [
  '<!-- validity table: written by npm run validate:statistics -->',
  '<!-- end of the table -->',
] as const;

const [own] = process.argv.slice(2);
if (own === undefined) await runAll();
else process.send?.(await runOne(own));

async function runOne(name: string): Promise<JobResult> {
  const result = await (JOBS[name] as () => Promise<JobResult>)();
  const { user, system } = process.cpuUsage();
  return { ...result, seconds: (user + system) / 1e6 };
}

async function runAll(): Promise<void> {
  const started = Date.now();
  const results = new Map<string, JobResult>();
  const waiting = Object.keys(JOBS);
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      results.set(name, await inProcess(name));
      console.error(`${secondsSince(started)} s  ${name}`);
    }
  };
  await Promise.all(Array.from({ length: CORES }, work));
  const rows = tableOf(results);
  console.log(tableText(rows));
  writeTable(rows);
  const failed = rows.filter(({ passed }) => !passed);
  const processor = [...results.values()].reduce((sum, { seconds = 0 }) => sum + seconds, 0);
  const took = `${secondsSince(started)} s, ${processor.toFixed(0)} s of processor time`;
  console.log(`${rows.length - failed.length} of ${rows.length} lines hold, ${took}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

function secondsSince(started: number): string {
  return ((Date.now() - started) / 1000).toFixed(0);
}

/** Own processes, so that two cores work and no job can disturb another. */
function inProcess(name: string): Promise<JobResult> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [name]);
    let result: JobResult | undefined;
    child.on('message', (message) => {
      result = message as JobResult;
      child.disconnect();
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (result === undefined) reject(new Error(`${name} ended with exit code ${code} and no result`));
      else resolve(result);
    });
  });
}

function tableText(rows: readonly Row[]): string {
  return (Object.keys(PARTS) as Part[])
    .map((part) => {
      const lines = rows.filter((row) => row.part === part).map(lineOf);
      return [`### ${PARTS[part]}`, '', '| | found | must be | |', '|---|---|---|---|', ...lines, ''].join(
        '\n',
      );
    })
    .join('\n');
}

function lineOf({ what, found, bound, passed }: Row): string {
  const verdict = bound === null ? 'for information' : passed ? 'holds' : '**fails**';
  return `| ${what} | ${found} | ${bound ?? ''} | ${verdict} |`;
}

function writeTable(rows: readonly Row[]): void {
  const [before, rest] = readFileSync(DOCUMENT, 'utf8').split(MARKS[0]) as [string, string];
  const after = rest.split(MARKS[1])[1] as string;
  writeFileSync(DOCUMENT, `${before}${MARKS[0]}\n\n${tableText(rows)}\n${MARKS[1]}${after}`);
}
