import type { EffectInput } from '../effects/effects.ts';
import { percent } from '../format.ts';
import { type Column, KIND } from '../outcomes/column.ts';
import { UNUSUAL_SHARE } from '../settings.ts';
import type { Alarm } from '../summary.ts';

/** More than 5 % of what a judge was given to read came back without a readable verdict, by checkpoint. */
export function unreadJudgeAlarms(inputs: readonly EffectInput[]): Alarm[] {
  return inputs.flatMap(({ task, table }) =>
    [...table.columns].flatMap(([checkpoint, column]): Alarm[] => {
      const { share, problems } = unreadIn(column);
      // Sums of shares may differ from 5 % in their last bits.
      if (share <= UNUSUAL_SHARE + 1e-12) return [];
      const message = `no readable verdict of the judge on ${percent(share)} of the answers it was given (${problems.slice(0, 3).join('; ')}): what it could read may not be typical`;
      return [{ kind: 'unreadable-judge', level: 'alarm', checkpoint, task: task.task, message }];
    }),
  );
}

/** Mean share over the samples that were judged, and the problems, the most frequent first. */
function unreadIn({ kinds, unread, notes, texts }: Column): { share: number; problems: string[] } {
  if (unread === null) return { share: 0, problems: [] };
  const counts = new Map<string, number>();
  let [sum, judged] = [0, 0];
  for (const [unit, share] of unread.entries()) {
    if (share > 0 || kinds[unit] === KIND.scored) judged++;
    if (share === 0) continue;
    sum += share;
    const text = texts[notes[unit] as number] as string;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const problems = [...counts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
  return { share: judged === 0 ? 0 : sum / judged, problems: problems.map(([text]) => text) };
}
