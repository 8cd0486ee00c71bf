import { isNote } from '../../alarms/level.ts';
import { counted, grouped, percent, plain, unitName } from '../../format.ts';
import type { Cell, Summary } from '../../summary.ts';
import { asksOfTrust } from '../../trust-part.ts';
import { metricOf, shortNames } from '../names.ts';
import { judgeLines } from '../relation-lines.ts';
import { clean } from '../text.ts';
import { headlineEffects } from '../view.ts';
import { explainWords } from '../words.ts';
import { alarmItem } from './answer.ts';
import { type Html, html } from './escape.ts';
import type { Origin, PageInput } from './input.ts';
import { number, table } from './table.ts';

/**
 * What a reviewer asks: alarms, what is missing, what could have been seen, how to repeat it, from which bytes.
 *
 * @param summary with the factors of preference, which the input is without
 */
export function trustSection({ summary: trust, origin }: PageInput, summary: Summary): Html {
  return html`<section id="trust" aria-labelledby="trust-title">
<h2 id="trust-title">Can I trust this?</h2>
${alarms(summary)}
<h3 id="words">What the words mean</h3>
${wordsOf(trust, summary)}
<h3>What could have been seen</h3>
${detectable(summary)}
<h3>What is missing</h3>
${missing(summary)}
${judges(summary)}
<h3>What was not measured</h3>
${notMeasured(summary)}
<h3 id="repeat">How to repeat it</h3>
<p>One command, with the definition below and the weights and data of the digests below:</p>
<pre class="command">${origin.command}</pre>
<p><code>aligntrust rescore ${summary.run.id}</code> reads the outcomes again from the recorded answers, without asking any model.</p>
${provenance(summary, origin)}
</section>
`;
}

/** Of the tables of trust; PROFILE explains its own. */
function wordsOf(trust: Summary, whole: Summary): Html {
  const isProfile = whole.tasks.some(({ family }) => family === 'profile');
  return !asksOfTrust(whole)
    ? html`<p>The section <a href="${isProfile ? '#profile-words' : '#dynamics'}">${isProfile ? 'PROFILE' : 'Dynamics'}</a> says it where its numbers stand.</p>`
    : html`<ul>${explainWords(trust).map((line) => html`<li>${line}</li>`)}</ul>`;
}

function alarms(summary: Summary): Html {
  const loud = summary.alarms.filter((alarm) => !isNote(alarm));
  const notes = summary.alarms.filter(isNote);
  return html`<h3 id="alarms">${loud.length === 0 ? 'No alarms' : counted(loud.length, 'alarm')}</h3>
${loud.length === 0 ? null : html`<ul>${loud.map((alarm) => alarmItem(summary, alarm))}</ul>`}
${notes.length === 0 ? null : html`<p>For the record:</p><ul>${notes.map((alarm) => alarmItem(summary, alarm))}</ul>`}`;
}

function detectable(summary: Summary): Html {
  const names = shortNames(summary.tasks);
  const stages = headlineEffects(summary).filter(({ kind, main }) => kind === 'stage' && main);
  const rows = summary.tasks.flatMap(({ task, headline, samples, clusters, cluster }) => {
    const own = stages.filter((effect) => effect.task === task);
    const sizes = stages.flatMap((effect) =>
      effect.task === task && effect.detectable !== null ? [effect.detectable] : [],
    );
    const { unit } = metricOf(summary, task, headline);
    const ends = [...new Set([Math.min(...sizes), Math.max(...sizes)].map((size) => plain(size, unit)))];
    return [
      [
        clean(names.get(task) ?? task),
        number(
          comparedOf(
            own.map(({ n }) => n),
            samples,
          ),
        ),
        number(
          comparedOf(
            own.map((effect) => effect.clusters),
            clusters,
          ),
        ),
        clean(cluster),
        number(sizes.length === 0 ? 'not tested' : `≥ ${ends.join(' to ')} ${unitName(unit)}`),
      ],
    ];
  });
  return table({
    caption:
      'The smallest true change that these comparisons, of one training run each, would have found with 80 % power at the level of their family. Smaller ones may be there unseen. "93 of 120": so many of those asked have a value on both sides.',
    columns: ['task', number('samples'), number('clusters'), 'a cluster is', number('found from')],
    rows,
  });
}

/** `200`, or `93 of 120` where the comparisons rest on fewer than were asked: some have no value on one side. */
function comparedOf(counts: readonly number[], asked: number): string {
  if (counts.length === 0) return grouped(asked);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  if (least === asked) return grouped(asked);
  return `${least === most ? grouped(most) : `${grouped(least)} to ${grouped(most)}`} of ${grouped(asked)}`;
}

const FATES = ['refused', 'empty', 'truncated', 'unparsed', 'failed', 'skipped'] as const;

function missing(summary: Summary): Html {
  const names = shortNames(summary.tasks);
  const heads = new Map(summary.tasks.map(({ task, headline }) => [task, headline]));
  const holes = summary.cells.filter((cell) => heads.get(cell.task) === cell.metric && cell.rates.scored < 1);
  if (holes.length === 0) return html`<p>Nothing: every sample of every checkpoint was scored.</p>`;
  const rate = ({ rates }: Cell, fate: (typeof FATES)[number]) =>
    number(rates[fate] === 0 ? '–' : percent(rates[fate]));
  const differing = headlineEffects(summary).filter(({ missingDiffers, main }) => missingDiffers && main);
  return html`${table({
    caption:
      'Samples that were asked and not scored, where there are any. What a metric counts as a value is said with the task.',
    columns: ['task', 'checkpoint', ...FATES.map((fate) => number(fate))],
    rows: holes.map((cell) => [
      clean(names.get(cell.task) ?? cell.task),
      clean(cell.checkpoint),
      ...FATES.map((fate) => rate(cell, fate)),
    ]),
  })}${
    differing.length === 0
      ? null
      : html`<p>Missingness differs between the sides by more than chance explains in ${differing
          .map(({ task, from, to }) => `${clean(names.get(task) ?? task)} (${clean(from)} → ${clean(to)})`)
          .join(', ')}; the remarks of these effects give the bounds.</p>`
  }`;
}

function judges(summary: Summary): Html {
  const lines = judgeLines(summary, clean);
  const byJudge = summary.tasks
    .filter(({ task }) => /-(judge|classifier)@/.test(task))
    .map(({ task }) => clean(task));
  if (lines.length > 0) {
    return html`<h3>The judge</h3><p>What is left of the effects after the errors of their judge:</p><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
  }
  if (byJudge.length === 0)
    return html`<h3>The judge</h3><p>No model judged the answers: every score follows from a rule or a probability.</p>`;
  return html`<h3>The judge</h3><p>Read by a judge or classifier: ${byJudge.join(', ')}. No labels by people correct its errors in this run; <code>aligntrust label ${summary.run.id} --n 200</code> draws the sample to label.</p>`;
}

const KNOWN_DIMENSIONS = ['toxicity', 'bias', 'ethics', 'truthfulness', 'privacy', 'refusal'];

function notMeasured(summary: Summary): Html {
  const measured = new Set(summary.tasks.map(({ dimension }) => dimension));
  const absent = KNOWN_DIMENSIONS.filter((dimension) => !measured.has(dimension));
  const skipped = summary.cells.filter(
    ({ rates, task, metric }) =>
      rates.skipped === 1 && summary.tasks.some((one) => one.task === task && one.headline === metric),
  );
  return html`<ul>
${absent.length === 0 ? null : html`<li>Dimensions that no task of this benchmark measures: ${absent.join(', ')}.</li>`}
${skipped.map(({ task, checkpoint, reason }) => html`<li>${clean(task)} of ${clean(checkpoint)}${reason === null ? null : `: ${clean(reason)}`}</li>`)}
<li>Anything beyond these prompts, this decoding and these prompt formats. A score of a benchmark is not safety.</li>
</ul>`;
}

/** Hashes of run, weights and data. */
function provenance(summary: Summary, origin: Origin): Html {
  const { run } = summary;
  return html`<h3 id="hashes">From which bytes</h3>
<dl class="facts"><dt>Run</dt><dd><code>${run.id}</code>, ${run.status}, begun ${clean(run.createdAt)}</dd>
<dt>Program</dt><dd>aligntrust ${clean(run.aligntrust)}${origin.commit === null ? null : html`, commit <code>${origin.commit}</code>`}, Node ${clean(origin.node)}, ${clean(origin.platform)}</dd>
<dt>Definition</dt><dd>SHA-256 <code>${run.definitionDigest}</code>, seed ${run.seed}</dd></dl>
${table({
  caption: 'Checkpoints: who answered',
  columns: ['checkpoint', 'method', 'parent', 'prompts', 'identity', 'weights'],
  rows: summary.checkpoints.map(({ id, method, parent, promptFormat, identity }) => [
    clean(id),
    clean(method),
    parent === null ? '–' : clean(parent),
    promptFormat,
    hash(identity.digest),
    hash(identity.facts['weights']),
  ]),
})}
${table({
  caption: 'Data',
  columns: ['dataset', number('rows'), 'licence', 'SHA-256'],
  rows: origin.datasets.map(({ id, rows, licence, sha256 }) => [
    clean(id),
    number(rows),
    clean(licence),
    hash(sha256),
  ]),
})}
${table({
  caption: 'Samples that were asked, in their order',
  columns: ['task', number('version'), number('samples'), 'SHA-256 of the sample ids'],
  rows: summary.tasks.map(({ task, version, samples }) => [
    clean(task),
    number(version),
    number(samples),
    hash(origin.samples.get(task)),
  ]),
})}
<details><summary>The definition of this run</summary><pre>${JSON.stringify(origin.definition, null, 2)}</pre></details>`;
}

function hash(digest: unknown): Html | string {
  return typeof digest === 'string' && digest !== ''
    ? html`<code class="hash">${digest}</code>`
    : 'not given by its server';
}
