import { readFileSync } from 'node:fs';
import { packageFile } from '../../../core/package-root.ts';

/** What the page looks like and does by itself, as it comes with aligntrust. */
export interface Assets {
  readonly css: string;
  readonly script: string;
}

let assets: Assets | undefined;

export function pageAssets(): Assets {
  assets ??= { css: read('page.css'), script: read('client.js') };
  return assets;
}

function read(name: string): string {
  return readFileSync(packageFile('results', 'report', 'html', name), 'utf8').replace(/\r\n/g, '\n');
}
