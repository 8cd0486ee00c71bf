import { type Html, html } from '../../report/html/escape.ts';
import type { BoardPublication, Leaderboard } from '../leaderboard.ts';
import { code, facts, page, tableOf } from './page.ts';

/** Where the numbers of one published run come from, and how to check and to cite them. */
export function runPage(board: Leaderboard, run: BoardPublication): string {
  const body = html`<h1>Run ${run.id}</h1>
<p class="lead">Benchmark ${run.benchmark}, begun ${run.createdAt.slice(0, 10)}, published ${run.publishedAt.slice(0, 10)}.</p>
${notes(run)}
<h2>Provenance</h2>
${facts([
  ['status', run.status],
  ['run', code(run.run)],
  ['made by', `aligntrust ${run.aligntrust}`],
  ['seed', String(run.seed)],
  ['begun', run.createdAt],
  ['published', run.publishedAt],
  ['definition, SHA-256', code(run.hashes.definition)],
  ['run fingerprint, SHA-256', code(run.hashes.fingerprint)],
  ['prompts (all request keys), SHA-256', code(run.hashes.prompts)],
  ['answers.jsonl, SHA-256', run.hashes.answers === null ? 'there was none' : code(run.hashes.answers)],
  ['published outcomes, SHA-256', code(run.hashes.outcomes)],
  ['published summary, SHA-256', code(run.hashes.summary)],
])}
<h2>Data</h2>
${tableOf(
  'Data',
  ['dataset', 'rows', 'licence', 'SHA-256'],
  run.datasets.map(({ id, rows, licence, sha256 }) => [id, String(rows), licence, code(sha256)]),
  'names',
)}
<h2>Instruments</h2>
${tableOf(
  'Instruments',
  ['instrument', 'version', 'samples', 'clusters', 'samples, SHA-256'],
  run.instruments.map((one) => [
    one.task,
    String(one.version),
    String(one.samples),
    String(one.clusters),
    code(one.samplesDigest),
  ]),
  'names',
)}
${alarms(run)}
<h2>Check it</h2>
<pre>aligntrust verify DIR                 every published number again, from the published outcomes
aligntrust verify DIR --run RUN       back to the answers, for those who have the run</pre>
<h2>Cite it</h2>
<pre>${citation(run)}</pre>`;
  return page({ board, title: `Run ${run.id}`, depth: 0, body });
}

function notes({ supersededBy, supersedes, status, leftOut = [] }: BoardPublication): Html[] {
  const found: Html[] = [];
  if (supersededBy !== null) {
    found.push(
      html`<p class="note">Superseded by <a href="runs-${supersededBy.publication}.html">${supersededBy.publication}</a>: ${supersededBy.note} Its numbers stand here unchanged and are no longer part of the tables.</p>`,
    );
  }
  if (supersedes !== null) {
    found.push(
      html`<p class="note">Corrects <a href="runs-${supersedes.publication}.html">${supersedes.publication}</a>: ${supersedes.note}</p>`,
    );
  }
  if (status !== 'finished')
    found.push(html`<p class="note">Incomplete: the run was ${status} before its end.</p>`);
  for (const sentence of leftOut) found.push(html`<p class="note">${capitalised(sentence)}.</p>`);
  return found;
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function alarms({ alarms: all }: BoardPublication): Html {
  if (all.length === 0) return html`<h2 id="alarms">No alarms</h2>`;
  const item = (one: (typeof all)[number]): Html => {
    const place = [one.checkpoint, one.task].filter((part) => part !== null).join(' · ');
    return html`<li>${one.level === 'note' ? 'Note: ' : ''}${place === '' ? '' : `${place}: `}${one.message}</li>`;
  };
  return html`<h2 id="alarms">Alarms and notes</h2><ul>${all.map(item)}</ul>`;
}

function citation(run: BoardPublication): string {
  return `Run ${run.run} of benchmark "${run.benchmark}", aligntrust ${run.aligntrust}, ${run.createdAt.slice(0, 10)}. Definition sha256:${run.hashes.definition}, outcomes sha256:${run.hashes.outcomes}.`;
}
