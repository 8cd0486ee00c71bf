import { createHash } from 'node:crypto';
import { Html, html, type Part } from '../../report/html/escape.ts';
import type { Leaderboard } from '../leaderboard.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

export interface PageInput {
  readonly board: Leaderboard;
  readonly title: string;
  /** Folders between the page and the site's root. */
  readonly depth: 0 | 1;
  readonly body: Html;
  readonly withScript?: boolean;
}

/** A whole page: its own style, at most its own script, and nothing that is loaded from anywhere. */
export function page({ board, title, depth, body, withScript = false }: PageInput): string {
  const up = '../'.repeat(depth);
  const script = withScript ? html`<script>${Html.trusted(SCRIPT)}</script>` : null;
  const heading = title === board.title ? board.title : `${title} · ${board.title}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(withScript)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${heading}</title>
<style>${Html.trusted(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<nav aria-label="Pages">
<ul>
<li><a href="${up}index.html">Leaderboard</a></li>
<li><a href="${up}index.html#methods">Methods</a></li>
<li><a href="${up}index.html#runs">Runs</a></li>
<li><a href="${up}index.html#data">Data and checks</a></li>
</ul>
</nav>
<main id="main">
${body}
</main>
<footer>Written by aligntrust ${board.aligntrust}. Every number can be computed again from the files of this site: <code>aligntrust verify</code>.</footer>
${script}
</body>
</html>
`.markup;
}

function policy(withScript: boolean): string {
  const script = withScript ? `script-src '${sourceHash(SCRIPT)}'; ` : '';
  return `default-src 'none'; style-src '${sourceHash(STYLE)}'; ${script}base-uri 'none'; form-action 'none'`;
}

function sourceHash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** A table in a frame that scrolls by itself and can be reached by the keyboard. */
export function tableOf(
  caption: string,
  head: readonly Part[],
  rows: readonly (readonly Part[])[],
  className = '',
): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
<table class="${className}">
<thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>
${rows.map(([first, ...rest]) => html`<tr><th scope="row">${first ?? null}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>\n`)}</tbody>
</table>
</div>`;
}

/** Facts as a list of terms; those without a value are left out. */
export function facts(entries: readonly (readonly [string, Part])[]): Html {
  const known = entries.filter(([, value]) => value !== null && value !== '');
  return html`<dl class="facts">${known.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

export function code(text: string): Html {
  return html`<code>${text}</code>`;
}
