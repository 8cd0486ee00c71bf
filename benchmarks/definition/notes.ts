import { nearest } from '../../core/nearest.ts';
import type { Definition } from './definition.ts';
import { lineageOf } from './lineage.ts';
import { seriesNotes } from './series-notes.ts';

/** Words in use for alignment methods; others are welcome, but one that is nearly such a word is probably a slip. */
const USUAL_METHODS =
  'none unknown pretrain sft rlhf rlaif ppo dpo ipo kto cpo bco orpo simpo grpo rloo reinforce nash-md best-of-n rejection-sampling distillation'.split(
    ' ',
  );

/** They compute in this process, or read what was recorded. */
const REPEATING = ['gguf', 'scripted', 'replay'];

/** What is allowed but limits what the run can say; `validate` and `plan` print it. One sentence each. */
export function notesOn(definition: Definition): string[] {
  const { checkpoints, settings } = definition;
  const allowed = settings.allow ?? [];
  const lineage = lineageOf(checkpoints);
  const notes: string[] = [];
  const orphans = lineage.roots.filter(({ alignment }) => alignment.method !== 'none');
  for (const { id, alignment } of orphans) {
    notes.push(
      `checkpoint ${id} (method ${alignment.method}) has no parent in the file: what ${alignment.method} did to it cannot be computed.`,
    );
  }
  if (lineage.stages().length === 0) {
    notes.push('No checkpoint has a parent: the run measures levels, and no effect of any alignment method.');
  }
  for (const method of new Set(checkpoints.map(({ alignment }) => alignment.method))) {
    const [close] = USUAL_METHODS.includes(method) ? [] : nearest(method, USUAL_METHODS, 1);
    if (close !== undefined)
      notes.push(`The alignment method "${method}" is taken as a word of its own; did you mean "${close}"?`);
  }
  const unknown = checkpoints.filter(({ alignment }) => alignment.method === 'unknown').map(({ id }) => id);
  if (unknown.length > 0)
    notes.push(`The alignment method of ${unknown.join(', ')} is "unknown": write it before you publish.`);
  for (const { from, to } of lineage.stages()) {
    if (from.promptFormat === to.promptFormat || allowed.includes('format')) continue;
    notes.push(
      `${from.id} → ${to.id} has ${from.promptFormat} against ${to.promptFormat} prompts: it is shown but not tested, unless settings.allow names "format"; \`formats\` asks every checkpoint in both.`,
    );
  }
  notes.push(...seriesNotes(checkpoints));
  if ((settings.noiseFloor ?? 0) > 0 && checkpoints.every(({ adapter }) => REPEATING.includes(adapter))) {
    notes.push(
      'noiseFloor: these checkpoints repeat a likeliest answer to the letter, so only tasks that draw their answers are asked a second time.',
    );
  }
  return notes;
}
