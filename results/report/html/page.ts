import { createHash } from 'node:crypto';
import { counted } from '../../format.ts';
import { asksOfTrust, trustPart } from '../../trust-part.ts';
import { clean } from '../text.ts';
import { Anchors } from './anchors.ts';
import { answerSection } from './answer.ts';
import type { Assets } from './assets.ts';
import { citeSection } from './cite.ts';
import { detailSection } from './detail.ts';
import { forestSection, lineageSection, tradeOffSection } from './drawings.ts';
import { dynamicsSection } from './dynamics.ts';
import { Html, html } from './escape.ts';
import { flipsSection } from './flips-section.ts';
import type { PageInput } from './input.ts';
import { profileSection } from './profile.ts';
import { relationsSection } from './relations.ts';
import { seriesSection } from './series/section.ts';
import { tasksSection } from './tasks.ts';
import { trustSection } from './trust.ts';

/** Bytes of a page without its style and script, and of the flips in it. */
const PAGE_SIZE = 1_440_000;
const MOST_FLIPS = 1_000_000;
const LEAST_FLIPS = 200_000;

type Section = readonly [id: string, label: string, content: Html];

/** The whole report as one HTML document that needs nothing else: no other file, no server, no network. */
export function renderPage(whole: PageInput, assets: Assets): string {
  const input = { ...whole, summary: trustPart(whole.summary) };
  const { summary } = input;
  const anchors = new Anchors(summary);
  const profile: Section = ['profile', 'PROFILE', profileSection(whole)];
  // A run that asked nothing but what pulls preferences has no words about trust.
  const ofTrust = (...own: readonly Section[]): Section[] => (asksOfTrust(whole.summary) ? [...own] : []);
  const before: Section[] = [
    ...ofTrust(
      ['answer', 'Answer', answerSection(summary, anchors)],
      ['forest', 'Effects', forestSection(input.figures)],
      ['lineage', 'Lineage', lineageSection(input.figures)],
      ['trade-offs', 'Trade-offs', tradeOffSection(summary, input.figures)],
      ['methods', 'Methods', relationsSection(summary, anchors)],
    ),
    ['series', 'Steps', seriesSection(whole.summary, input.figures.series)],
    profile,
    ['dynamics', 'Dynamics', dynamicsSection(whole.summary, input.figures.series)],
  ];
  const after: Section[] = [
    ...ofTrust(
      ['effects', 'All effects', detailSection(summary, anchors)],
      ['tasks', 'Tasks', tasksSection(input, anchors)],
    ),
    ['trust', 'Trust', trustSection(input, whole.summary)],
    ['cite', 'Cite', citeSection(summary)],
  ];
  // Flips take what the others leave of a size that can still be sent by mail.
  const taken = [...before, ...after].reduce(
    (sum, [, , content]) => sum + Buffer.byteLength(content.markup),
    0,
  );
  const room = Math.min(MOST_FLIPS, Math.max(LEAST_FLIPS, PAGE_SIZE - taken));
  const flips: Section = ['flips', 'Flips', flipsSection(input, room)];
  const present = [...before, flips, ...after].filter(([, , content]) => content.markup !== '');
  const title = `${clean(summary.benchmark)}: aligntrust report`;
  return documentOf(
    title,
    assets,
    input.flipsUrl !== undefined,
    html`
<header><p class="brand">aligntrust <span class="quiet">report</span></p>
<h1>${clean(summary.benchmark)}</h1>
<p class="quiet">${factsLine(whole)}</p></header>
<nav class="contents" aria-label="sections"><ul>${present.map(([id, label]) => html`<li><a href="#${id}">${label}</a></li>`)}</ul></nav>
<main id="main" tabindex="-1">
${present.map(([, , content]) => content)}
</main>
<footer class="quiet"><p>aligntrust ${clean(summary.run.aligntrust)} · run ${clean(summary.run.id)} · <a href="#repeat">how to repeat it</a> · <a href="#hashes">hashes</a></p></footer>
`,
  );
}

/** A document under a policy that lets nothing in but its own style and script, both known by their digests. */
export function documentOf(title: string, { css, script }: Assets, served: boolean, body: Html): string {
  const policy = [
    "default-src 'none'",
    `style-src '${digestOf(css)}'`,
    `script-src '${digestOf(script)}'`,
    'img-src data:',
    ...(served ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${Html.trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${Html.trusted(css)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the answer</a>
${body}
<script>${Html.trusted(script)}</script>
</body>
</html>
`.markup;
}

function digestOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function factsLine({ summary: { run, checkpoints, tasks } }: PageInput): string {
  const samples = tasks.reduce((sum, task) => sum + task.samples, 0);
  const dimensions = new Set(tasks.map(({ dimension }) => dimension)).size;
  return `${counted(checkpoints.length, 'checkpoint')} · ${counted(dimensions, 'dimension')} · ${counted(tasks.length, 'task')} · ${samples} samples each · run ${clean(run.id)}, ${run.status}, ${run.createdAt.slice(0, 10)}, seed ${run.seed}`;
}
