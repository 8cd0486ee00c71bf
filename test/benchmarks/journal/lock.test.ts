import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { lockRun } from '../../../benchmarks/journal/lock.ts';
import { UserError } from '../../../core/errors.ts';
import { Child, runTypeScript } from '../../fixtures/child.ts';
import { temporaryFolders } from '../../fixtures/folders.ts';

const folder = temporaryFolders();
const HOLDER = new URL('../../fixtures/hold-lock.ts', import.meta.url);

async function refusal(place: string): Promise<UserError> {
  const error: unknown = await lockRun(place).then(
    (lock) => lock.release(),
    (thrown: unknown) => thrown,
  );
  if (!UserError.is(error)) throw new Error(`expected a refusal, got ${String(error)}`);
  return error;
}

async function write(place: string, change: object): Promise<void> {
  const owner = { pid: process.pid, host: hostname(), since: 'then', born: null, token: 'x', ...change };
  await writeFile(join(place, 'lock'), JSON.stringify(owner));
}

describe('lockRun', () => {
  it('lets one in, keeps the next one out with the holder named, and lets go', async () => {
    const place = await folder();
    const lock = await lockRun(place);
    const error = await refusal(place);
    expect(error.exitCode).toBe(3);
    expect(error.message).toContain(`is being written by process ${process.pid} on ${hostname()}`);
    expect(error.message).toContain(join(place, 'lock'));
    await lock.release();
    expect(await readdir(place)).toEqual([]);
    await (await lockRun(place)).release();
  });

  it('keeps a second process out, and takes over at once when the first one was killed', async () => {
    const place = await folder();
    const first = runTypeScript(HOLDER, [place]);
    await first.says(/held/);
    const second = await runTypeScript(HOLDER, [place]).ended;
    expect(second.code).toBe(3);
    expect(second.stdout).toContain(`process ${first.process.pid}`);
    first.process.kill('SIGKILL');
    await first.ended;
    expect(existsSync(join(place, 'lock'))).toBe(true);
    const lock = await lockRun(place);
    const { pid } = JSON.parse(await readFile(join(place, 'lock'), 'utf8')) as { pid: number };
    expect(pid).toBe(process.pid);
    await lock.release();
    expect(await readdir(place)).toEqual([]);
  });

  it('gives a dead lock to one only of many that want it', async () => {
    const place = await folder();
    for (let round = 0; round < 20; round++) {
      await write(place, { pid: 2 ** 22 - 3 - round });
      const settled = await Promise.allSettled(Array.from({ length: 8 }, () => lockRun(place)));
      const locks = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      expect(locks).toHaveLength(1);
      await locks[0]?.release();
    }
    expect(await readdir(place)).toEqual([]);
  });

  it('gives a dead lock to one only of several processes', async () => {
    const place = await folder();
    await write(place, { pid: 2 ** 22 - 3 });
    const children = [1, 2, 3, 4].map(() => runTypeScript(HOLDER, [place]));
    const words = await Promise.all(children.map((child) => child.says(/held|refused/)));
    for (const child of children) child.process.kill('SIGKILL');
    await Promise.all(children.map((child) => child.ended));
    expect(words.filter(([word]) => word === 'held')).toHaveLength(1);
  });

  it('takes over from a process whose number was given to another one', async () => {
    const place = await folder();
    if (!existsSync('/proc/self/stat')) return;
    await write(place, { born: '1' });
    await (await lockRun(place)).release();
  });

  it('takes over from a process that has ended and was not buried', async () => {
    const place = await folder();
    if (!existsSync('/proc/self/stat')) return;
    // The shell's child ends at once; the sleep that takes the shell's place never asks after it.
    const zombie = new Child('bash', ['-c', 'true & echo "zombie $!"; exec sleep 60']);
    const [, pid] = await zombie.says(/zombie (\d+)/);
    // On a busy machine it may not have come to its end yet; a shell that is slow to leave buries it after all.
    const standing = () => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'gone) Z ');
    while (!(await standing()).includes(') Z ')) await setTimeout(5);
    await write(place, { pid: Number(pid) });
    await (await lockRun(place)).release();
    zombie.process.kill('SIGKILL');
    await zombie.ended;
  });

  it('respects a lock of another host, of which nothing is known', async () => {
    const place = await folder();
    await write(place, { host: 'elsewhere', pid: 2 ** 22 - 3 });
    expect((await refusal(place)).message).toContain('on elsewhere');
  });

  it.each(['', '{', 'null', '[]', '{"pid":-1,"host":"x","token":"t"}', '{"pid":"1"}'])(
    'takes over what nobody wrote as a whole: %s',
    async (content) => {
      const place = await folder();
      await writeFile(join(place, 'lock'), content);
      await (await lockRun(place)).release();
      expect(await readdir(place)).toEqual([]);
    },
  );

  it('does not remove the lock of whoever took the folder from it', async () => {
    const place = await folder();
    const lock = await lockRun(place);
    await write(place, { token: 'somebody else' });
    await lock.release();
    expect(await readFile(join(place, 'lock'), 'utf8')).toContain('somebody else');
  });

  it('is not held up by a claim that its maker left behind', async () => {
    const place = await folder();
    await write(place, { pid: 2 ** 22 - 3 });
    await writeFile(
      join(place, 'lock.claim'),
      JSON.stringify({ pid: 2 ** 22 - 5, host: hostname(), since: 'then', born: null, token: 'y' }),
    );
    await (await lockRun(place)).release();
    expect(await readdir(place)).toEqual([]);
  });

  it('says which folder cannot be written', async () => {
    const place = await folder();
    await writeFile(join(place, 'file'), '');
    const error = await refusal(join(place, 'file'));
    expect(error.message).toMatch(/lies below a file/);
    expect((await refusal(join(place, 'absent'))).exitCode).toBe(3);
  });
});
