import type { Manifest } from '../../benchmarks/journal/records.ts';
import { pageAssets } from '../../results/report/html/assets.ts';
import { html } from '../../results/report/html/escape.ts';
import { documentOf } from '../../results/report/html/page.ts';
import { table } from '../../results/report/html/table.ts';

export interface RunFolder {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** The page that lists the runs of a folder, newest first. */
export function runListPage(runs: readonly RunFolder[], place: string): string {
  const rows = runs.map(({ manifest }) => [
    html`<a href="/runs/${encodeURIComponent(manifest.run)}/">${manifest.run}</a>`,
    nameOf(manifest),
    manifest.createdAt.slice(0, 16).replace('T', ' '),
    String(Object.keys(manifest.models).length),
    String(Object.keys(manifest.tasks).length),
  ]);
  return documentOf(
    'aligntrust runs',
    pageAssets(),
    true,
    html`<header><p class="brand">aligntrust <span class="quiet">runs</span></p><h1>Runs</h1></header>
<main id="main" tabindex="-1">${
      rows.length === 0
        ? html`<p>There is no run in <code>${place}</code> yet. Make one with <code>aligntrust run tiny</code>.</p>`
        : table({
            caption: `Runs in ${place}`,
            columns: ['run', 'benchmark', 'begun (UTC)', 'models', 'tasks'],
            rows,
          })
    }</main>`,
  );
}

function nameOf({ definition }: Manifest): string {
  const name = definition['benchmark'];
  return typeof name === 'string' ? name : '';
}

/** A page that says what went wrong. */
export function problemPage(message: string): string {
  return documentOf(
    'aligntrust',
    pageAssets(),
    true,
    html`<header><h1>This cannot be shown</h1></header><main id="main" tabindex="-1"><p>${message}</p><p><a href="/">All runs</a></p></main>`,
  );
}
