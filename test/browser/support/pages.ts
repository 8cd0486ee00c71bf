import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { drawFigures } from '../../../results/report/charts/figures.ts';
import { pageAssets } from '../../../results/report/html/assets.ts';
import type { EffectFlips, FlipWithWords, PageInput, TaskTexts } from '../../../results/report/html/input.ts';
import { renderPage } from '../../../results/report/html/page.ts';
import { headlineEffects } from '../../../results/report/view.ts';
import type { Summary } from '../../../results/summary.ts';
import { trustPart } from '../../../results/trust-part.ts';

/** Words of the flips of a test page, by place. */
export type Say = (place: { task: string; side: 'from' | 'to' | 'question'; index: number }) => string;

const plainly: Say = ({ task, side, index }) => `${side} of ${task}, sample ${index}`;

/** A page with as many flips an effect as the real one holds. */
export async function inputOf(summary: Summary, say: Say = plainly, most = 50): Promise<PageInput> {
  const effects = headlineEffects(trustPart(summary)).filter(
    ({ kind, main }) => main && (kind === 'stage' || kind === 'method'),
  );
  const flips = effects.map((effect): EffectFlips => {
    const { gained, lost, task } = effect;
    const shown = Array.from({ length: Math.min(most, gained + lost) }, (_, index): FlipWithWords => {
      const isLost = index < lost;
      return {
        flip: {
          sample: `sample-${index}`,
          repeat: 0,
          cluster: `cluster-${index}`,
          from: isLost ? 1 : 0,
          to: isLost ? 0 : 1,
          change: isLost ? 'lost' : 'gained',
          answersFrom: [],
          answersTo: [],
          detailFrom: null,
          detailTo: null,
        },
        words: {
          question: say({ task, side: 'question', index }),
          saidFrom: [say({ task, side: 'from', index })],
          saidTo: [say({ task, side: 'to', index })],
          markFrom: isLost ? 'right' : 'wrong',
          markTo: isLost ? 'wrong' : 'right',
        },
      };
    });
    return { effect, gained, lost, shown };
  });
  return {
    summary,
    figures: await drawFigures(summary),
    flips,
    tasks: new Map(summary.tasks.map(({ task }) => [task, textsOf(summary, task, say)])),
    origin: {
      command: `npx aligntrust@${summary.run.aligntrust} run tiny`,
      definition: { benchmark: summary.benchmark },
      node: 'v20.19.0',
      platform: 'linux x64',
      commit: null,
      datasets: [{ id: 'zoo-truth', rows: 240, licence: 'Apache-2.0', sha256: 'a'.repeat(64) }],
      samples: new Map(summary.tasks.map(({ task }) => [task, 'b'.repeat(64)])),
    },
  };
}

function textsOf({ checkpoints }: Summary, task: string, say: Say): TaskTexts {
  const id = checkpoints[0]?.id ?? '';
  return {
    prompt: {
      checkpoint: id,
      sample: 'sample-0',
      format: 'chat',
      parts: [{ role: 'user', text: say({ task, side: 'question', index: 0 }) }],
      continuations: [say({ task, side: 'to', index: 0 })],
    },
    spreads: new Map([[id, { low: 0, high: 1, counts: [3, 0, 1, 7] }]]),
  };
}

/** Writes a page into a folder and returns its address and its bytes. */
export async function writeInput(
  input: PageInput,
  folder: string,
  name = 'report.html',
): Promise<{ url: string; text: string }> {
  const path = join(folder, name);
  const text = renderPage(input, pageAssets());
  await writeFile(path, text);
  return { url: pathToFileURL(path).href, text };
}
