import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** What a test page did that no report may do. Empty when all is well. */
export interface Watched {
  readonly page: Page;
  readonly misdeeds: string[];
}

export interface Look {
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
  /** Addresses that may be asked beside files. */
  readonly allowed?: string;
}

export interface TestBrowser {
  /** A folder that is gone after the tests. */
  readonly folder: () => string;
  readonly open: (url: string, look?: Look) => Promise<Watched>;
}

/** A describe block with a browser of its own; without Chromium it fails in CI and is skipped, loudly, elsewhere. */
export function describeInBrowser(name: string, body: (browser: TestBrowser) => void): void {
  const program = findChromium();
  if (program === undefined) {
    if (process.env['CI'] !== undefined)
      throw new Error('Chromium is missing: scripts/browser/setup.sh installs it');
    process.stderr.write(`SKIPPED ${name}: Chromium is missing; scripts/browser/setup.sh installs it\n`);
    describe.skip(name, () => body({ folder: unavailable, open: unavailable }));
    return;
  }
  describe(name, () => {
    let folder = '';
    let context: BrowserContext | undefined;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'aligntrust-browser-'));
      context = await chromium.launchPersistentContext(join(folder, 'profile'), {
        executablePath: program,
        args: FLAGS,
      });
    });
    afterAll(async () => {
      await context?.close();
      await rm(folder, { recursive: true, force: true });
    });
    body({
      folder: () => folder,
      open: async (url, look) => {
        if (context === undefined) throw new Error('the browser did not start');
        return open(await context.newPage(), url, look ?? {});
      },
    });
  });
}

async function open(
  page: Page,
  url: string,
  { width = 1280, scheme = 'light', allowed }: Look,
): Promise<Watched> {
  const misdeeds: string[] = [];
  page.on('request', (request) => {
    const target = request.url();
    const isOwn =
      target === url || target.startsWith(`${url}#`) || (allowed !== undefined && target.startsWith(allowed));
    if (!isOwn) misdeeds.push(`asked ${target}`);
  });
  page.on('dialog', (dialog) => {
    misdeeds.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('popup', () => misdeeds.push('opened a window'));
  page.on('pageerror', (error) => misdeeds.push(`broke: ${error.message}`));
  // A violation of the policy is told here: hostile text has become markup then, although it was stopped.
  page.on('console', (message) => misdeeds.push(`console ${message.type()}: ${message.text()}`));
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme: scheme });
  await page.goto(url);
  return { page, misdeeds };
}

function findChromium(): string | undefined {
  const named = process.env['CHROMIUM'];
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'chromium'));
  return [...(named === undefined ? [] : [named]), ...onPath, '/usr/bin/chromium'].find(existsSync);
}

function unavailable(): never {
  throw new Error('there is no browser');
}
