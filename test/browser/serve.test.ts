import { readdir, readFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type RunningServer, startServer } from '../../bin/serve/server.ts';
import { summariseRun } from '../../bin/summarise-run.ts';
import { type Cli, openCli, scriptedDefinition } from '../bin/cli.ts';
import { describeInBrowser } from './support/browser.ts';

describeInBrowser('a run on disk and behind the server', (browser) => {
  let cli: Cli;
  let server: RunningServer;
  let folder = '';
  beforeAll(async () => {
    cli = await openCli();
    await cli.write('lineage.yaml', scriptedDefinition());
    const ran = await cli.run('run', 'lineage.yaml', '--quiet');
    expect(ran).toMatchObject({ code: 0, err: '' });
    const runs = join(cli.folder, 'runs');
    folder = join(runs, (await readdir(runs))[0] ?? '');
    server = await startServer({ runs, port: 0, summaryOf: summariseRun });
  });
  afterAll(async () => {
    await server.close();
    await cli.close();
  });

  it('leaves the page and its flips in the folder of the run', async () => {
    const { page, misdeeds } = await browser.open(pathToFileURL(join(folder, 'report.html')).href);
    expect(await page.locator('h1').innerText()).toBe('scripted-lineage');
    expect(await page.locator('.matrix td.cell').count()).toBeGreaterThan(1);
    expect(await page.locator('#tasks details pre').count()).toBeGreaterThan(0);
    const lines = (await readFile(join(folder, 'flips.jsonl'), 'utf8'))
      .split('\n')
      .filter((line) => line !== '');
    await page.locator('#flip-file').setInputFiles(join(folder, 'flips.jsonl'));
    await page.locator('#flip-status').filter({ hasText: 'in flips.jsonl; showing' }).waitFor();
    expect(await page.locator('#flip-status').innerText()).toContain(
      `${lines.length} flips of ${lines.length} in flips.jsonl`,
    );
    expect(misdeeds).toEqual([]);
    await page.close();
  });

  it('lists runs, shows one and loads all of its flips, asking nothing but this server', async () => {
    const { page, misdeeds } = await browser.open(server.url, { allowed: server.url });
    await page.locator('tbody a').first().click();
    await page.waitForSelector('#flip-fetch');
    await page.locator('#flip-fetch').click();
    await page.locator('#flip-status').filter({ hasText: 'in flips.jsonl; showing' }).waitFor();
    expect(await page.locator('#flip-list > li').count()).toBeGreaterThan(0);
    expect(misdeeds.filter((one) => !one.includes('favicon'))).toEqual([]);
    await page.close();
  });

  it('answers to its own name alone, reads only, and has no other paths', async () => {
    const { port } = new URL(server.url);
    const run = encodeURIComponent(folder.split('/').at(-1) ?? '');
    expect(await status(port, '/', { host: 'evil.example' })).toBe(403);
    expect(await status(port, '/', { host: `evil.example:${port}` })).toBe(403);
    expect(await status(port, '/', { host: `127.0.0.1:${Number(port) + 1}` })).toBe(403);
    expect(await status(port, '/', { host: `localhost:${port}` })).toBe(200);
    expect(await status(port, '/', {}, 'POST')).toBe(405);
    expect(await status(port, `/runs/${run}/flips.jsonl`, {})).toBe(200);
    for (const path of [
      '/runs/none/',
      `/runs/${run}/../${run}/answers.jsonl`,
      `/runs/${run}/manifest.json`,
      '/runs/..%2f..%2fetc/',
      '/runs/%E0%A4%A/',
      '/etc/passwd',
    ])
      expect(await status(port, path, {})).toBe(404);
  });
});

function status(
  port: string,
  path: string,
  headers: Record<string, string>,
  method = 'GET',
): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, path, headers, method }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
  });
}
