import type { Summary } from '../../summary.ts';
import { clean } from '../text.ts';
import { type Html, html } from './escape.ts';

/** How to name this run in a paper. */
export function citeSection(summary: Summary): Html {
  const { run, benchmark } = summary;
  const day = run.createdAt.slice(0, 10);
  const year = day.slice(0, 4);
  const title = `${clean(benchmark)}: which alignment method moved which trust`;
  const digest = run.definitionDigest.slice(0, 16);
  const bibtex = `@misc{aligntrust-${texKey(run.id)},
  title        = {${texText(title)}},
  year         = {${year}},
  howpublished = {aligntrust ${texText(clean(run.aligntrust))}, run ${texText(clean(run.id))}},
  note         = {Definition SHA-256 ${digest}, seed ${run.seed}, begun ${day}}
}`;
  const text = `${title}. aligntrust ${clean(run.aligntrust)}, run ${clean(run.id)}, ${day}, definition ${digest}, seed ${run.seed}.`;
  return html`<section id="cite" aria-labelledby="cite-title">
<h2 id="cite-title">Cite this run</h2>
<pre>${text}</pre>
<pre>${bibtex}</pre>
</section>
`;
}

function texKey(text: string): string {
  return text.replace(/[^A-Za-z0-9-]/g, '');
}

const TEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};

function texText(text: string): string {
  return text.replace(/[\\{}$&#_%~^]/g, (character) => TEX[character] ?? `\\${character}`);
}
