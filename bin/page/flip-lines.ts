import type { Flip } from '../../results/effects/flips.ts';
import { metricOf } from '../../results/report/names.ts';
import { headlineEffects } from '../../results/report/view.ts';
import type { Summary } from '../../results/summary.ts';
import { trustPart } from '../../results/trust-part.ts';
import { type Evidence, flipsOf, withWords } from './gather.ts';

export const FLIPS_FILE = 'flips.jsonl';
/** Answers that are read before they are written out. */
const AT_ONCE = 500;

/** Every flip of every stage and of method against method under the headline metrics, one JSON object a line. */
export async function* flipLines(summary: Summary, { outcomes, journal }: Evidence): AsyncGenerator<string> {
  const effects = headlineEffects(trustPart(summary)).filter(
    ({ kind, main }) => kind === 'stage' || (kind === 'method' && main),
  );
  for (const effect of effects) {
    const { kind, dimension, task, metric, method, from: parent, to: child } = effect;
    const { unit } = metricOf(summary, task, metric);
    const head = { kind, dimension, task, metric, unit, method, parent, child };
    const flips = await flipsOf(effect, outcomes);
    for (let start = 0; start < flips.length; start += AT_ONCE) {
      const read = await withWords(flips.slice(start, start + AT_ONCE), effect, journal);
      yield read
        .map(({ flip, words }) => `${JSON.stringify({ ...head, ...own(flip), ...words })}\n`)
        .join('');
    }
  }
}

function own({ sample, repeat, cluster, from, to, change, answersFrom, answersTo }: Flip) {
  return { sample, repeat, cluster, from, to, change, answersFrom, answersTo };
}
