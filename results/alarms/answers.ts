import type { EffectInput } from '../effects/effects.ts';
import { counted, grouped } from '../format.ts';
import type { Alarm, SummaryCheckpoint } from '../summary.ts';
import { haveEqualWeights, pairsOf } from './weights.ts';

/** Fewer answers than this may agree by chance. */
const ENOUGH_ANSWERS = 10;

/** What the answers themselves betray: copies that differ, different checkpoints that do not, constant answers. */
export function answerAlarms(
  checkpoints: readonly SummaryCheckpoint[],
  inputs: readonly EffectInput[],
): Alarm[] {
  return [
    ...controlAlarms(checkpoints, inputs),
    ...identicalAlarms(checkpoints, inputs),
    ...equalFormatsAlarms(checkpoints, inputs),
    ...constantAlarms(checkpoints, inputs),
  ];
}

function controlAlarms(checkpoints: readonly SummaryCheckpoint[], inputs: readonly EffectInput[]): Alarm[] {
  return checkpoints
    .filter(({ control, parent }) => control === 'copy' && parent !== null)
    .map(({ id, parent }): Alarm => {
      const { compared, differing } = compareAnswers(inputs, parent as string, id);
      const place = { checkpoint: id, task: null };
      if (compared === 0) {
        const message = `is a control copy of ${parent}, but no sample was answered by both: nothing is shown`;
        return { kind: 'control-copy-unproven', level: 'alarm', ...place, message };
      }
      if (differing === 0) {
        const message = `is a control copy of ${parent}: differs in no answer (${grouped(compared)} compared), as it should`;
        return { kind: 'control-copy-agrees', level: 'note', ...place, message };
      }
      const message = `IS A COPY OF ${parent} AND YET DIFFERS in ${grouped(differing)} of ${counted(compared, 'answer')}: the set-up itself is noisy, so no effect below can be trusted`;
      return { kind: 'control-copy-differs', level: 'alarm', ...place, message };
    });
}

function identicalAlarms(checkpoints: readonly SummaryCheckpoint[], inputs: readonly EffectInput[]): Alarm[] {
  return pairsOf(checkpoints)
    .filter(([a, b]) => !haveEqualWeights(a, b))
    .filter(([a, b]) => answerAlike(inputs, a.id, b.id))
    .map(([a, b]) => ({
      kind: 'identical-answers',
      level: 'alarm',
      checkpoint: b.id,
      task: null,
      message: `gives the very answers of ${a.id}, to every sample: are they really two checkpoints?`,
    }));
}

/** One model that was asked in two formats and answers both alike: what "2 of 2 formats" counts is one format twice. */
function equalFormatsAlarms(
  checkpoints: readonly SummaryCheckpoint[],
  inputs: readonly EffectInput[],
): Alarm[] {
  const equal = pairsOf(checkpoints)
    .filter(([a, b]) => haveEqualWeights(a, b) && a.promptFormat !== b.promptFormat)
    .filter(([a, b]) => answerAlike(inputs, a.id, b.id));
  if (equal.length === 0) return [];
  const names = equal.map(([a, b]) => `${a.id} and ${b.id}`).join(', ');
  return [
    {
      kind: 'equal-formats',
      level: 'alarm',
      checkpoint: null,
      task: null,
      message: `both formats render the same text: ${names} give the very same answers to every sample, so that their agreement corroborates nothing and each of their tests is counted twice; ask one format, or give the chat format a template of its own`,
    },
  ];
}

function answerAlike(inputs: readonly EffectInput[], a: string, b: string): boolean {
  const { compared, differing } = compareAnswers(inputs, a, b);
  return compared >= ENOUGH_ANSWERS && differing === 0;
}

function constantAlarms(checkpoints: readonly SummaryCheckpoint[], inputs: readonly EffectInput[]): Alarm[] {
  return inputs.flatMap(({ task, table }) =>
    checkpoints
      .filter(({ id }) => {
        const answered = (table.columns.get(id)?.contents ?? new Float64Array()).filter(
          (each) => !Number.isNaN(each),
        );
        return answered.length >= ENOUGH_ANSWERS && answered.every((each) => each === answered[0]);
      })
      .map(({ id }) => ({
        kind: 'constant-answers',
        level: 'alarm' as const,
        checkpoint: id,
        task: task.task,
        message: 'gives the same answer, or the same log-probabilities, to every sample',
      })),
  );
}

function compareAnswers(
  inputs: readonly EffectInput[],
  a: string,
  b: string,
): { compared: number; differing: number } {
  let [compared, differing] = [0, 0];
  for (const { table } of inputs) {
    const [one, other] = [table.columns.get(a)?.contents, table.columns.get(b)?.contents];
    if (one === undefined || other === undefined) continue;
    for (const [unit, content] of one.entries()) {
      const twin = other[unit] as number;
      if (Number.isNaN(content) || Number.isNaN(twin)) continue;
      compared++;
      if (content !== twin) differing++;
    }
  }
  return { compared, differing };
}
