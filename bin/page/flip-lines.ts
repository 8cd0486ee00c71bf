import { Journal } from '../../benchmarks/journal/journal.ts';
import { metricOf } from '../../results/report/names.ts';
import { headlineEffects } from '../../results/report/view.ts';
import type { Summary } from '../../results/summary.ts';
import { flipsOf, indexOutcomes, type OutcomeIndex, withWords } from './gather.ts';

export const FLIPS_FILE = 'flips.jsonl';
/** Answers that are read before they are written out. */
const AT_ONCE = 500;

/** Every flip of every stage and of method against method under the headline metrics, one JSON object a line. */
export async function* flipLines(
  folder: string,
  summary: Summary,
  known?: OutcomeIndex,
): AsyncGenerator<string> {
  const effects = headlineEffects(summary).filter(
    ({ kind, main }) => kind === 'stage' || (kind === 'method' && main),
  );
  const outcomes = known ?? (await indexOutcomes(folder, summary));
  const journal = await Journal.open(folder, 'readonly');
  try {
    for (const effect of effects) {
      const { kind, dimension, task, metric, method, from: parent, to: child } = effect;
      const { unit } = metricOf(summary, task, metric);
      const head = { kind, dimension, task, metric, unit, method, parent, child };
      const flips = await flipsOf(effect, outcomes);
      for (let start = 0; start < flips.length; start += AT_ONCE) {
        for (const { flip, words } of await withWords(flips.slice(start, start + AT_ONCE), effect, journal)) {
          const { detailFrom: _from, detailTo: _to, ...rest } = flip;
          yield `${JSON.stringify({ ...head, ...rest, ...words })}\n`;
        }
      }
    }
  } finally {
    await journal.close();
  }
}
