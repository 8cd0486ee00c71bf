import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Problem } from '../../../core/errors.ts';
import { UserError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { loadOwnDataset } from '../../../suites/datasets/own.ts';
import { questionAnswer } from '../../../suites/datasets/raw-forms.ts';
import { behaviour } from '../../../suites/dynamics/behaviour.ts';
import { options } from '../../../suites/dynamics/options.ts';
import { pairs } from '../../../suites/dynamics/pairs.ts';
import type { Task } from '../../../suites/task.ts';
import { temporaryFolders } from '../../fixtures/folders.ts';

const folder = temporaryFolders();

/** What is said of a file of such rows, its folder left out. */
async function refused(task: Task, rows: readonly JsonObject[], name = 'mine.jsonl'): Promise<Problem[]> {
  const place = await folder();
  const path = join(place, name);
  const lines = rows.map((row) => JSON.stringify(row));
  await writeFile(path, name.endsWith('.json') ? `[${lines.join(',')}]` : lines.join('\n'));
  try {
    const own = { id: 'mine', path, rowSchema: task.ownRows ?? {}, rawForm: questionAnswer };
    const { dataset } = await loadOwnDataset(own);
    Array.from(task.samples(dataset, 'robust'));
  } catch (error) {
    if (!UserError.is(error)) throw error;
    return error.problems.map((problem) => JSON.parse(JSON.stringify(problem).replaceAll(place, '~')));
  }
  throw new Error('was not refused');
}

const STATEMENT = { question: 'Is it?', answer_matching_behavior: 'Yes', answer_not_matching_behavior: 'No' };
const PAIR = { prompt: 'Q?', chosen: 'a', rejected: 'b' };

describe('a row of the user’s own that cannot be asked', () => {
  it('is named by file and line, with its column, its value and what to write', async () => {
    const { question: _, ...without } = STATEMENT;
    const rows = [
      STATEMENT,
      { ...STATEMENT, question: ' ' },
      without,
      { ...STATEMENT, answer_matching_behavior: 'Maybe' },
      { ...STATEMENT, question: 7 },
    ];
    expect(await refused(behaviour, rows)).toEqual([
      {
        where: '~/mine.jsonl:2',
        field: 'question',
        message: '" " is nothing but space',
        fix: 'write a text, or remove the row',
      },
      {
        where: '~/mine.jsonl:3',
        field: 'question',
        message: 'is missing',
        fix: 'add "question", or remove the row',
      },
      {
        where: '~/mine.jsonl:4',
        field: 'answer_matching_behavior',
        message: '"Maybe" is not allowed here',
        fix: 'write Yes or No, with or without a space before it',
      },
      {
        where: '~/mine.jsonl:5',
        field: 'question',
        message: '7 is not a text in quotes',
        fix: 'write a text in quotes',
      },
    ]);
  });

  it('is named so by the task that reads it, too', async () => {
    expect(await refused(behaviour, [STATEMENT, { ...STATEMENT, answer_matching_behavior: 'No' }])).toEqual([
      {
        where: '~/mine.jsonl:2',
        field: 'answer_not_matching_behavior',
        message: '"No" is the matching answer too',
        fix: 'write Yes under one of the two and No under the other',
      },
    ]);
    expect(await refused(pairs, [PAIR, { ...PAIR, rejected: 'a' }])).toMatchObject([
      { where: '~/mine.jsonl:2', field: 'rejected', message: '"a" is the chosen answer too' },
    ]);
    const row = { prompt: 'Q?', options: ['x', 'y'], preferred: 2 };
    expect(await refused(options, [row])).toMatchObject([
      { where: '~/mine.jsonl:1', field: 'preferred', fix: 'write 0 to 1' },
    ]);
  });

  it('is named by both places where it stands twice', async () => {
    expect(await refused(behaviour, [STATEMENT, { ...STATEMENT, id: 1 }, STATEMENT])).toEqual([
      {
        where: '~/mine.jsonl:3',
        message: 'is ~/mine.jsonl:1 once more',
        fix: 'remove one of the two rows',
      },
    ]);
    expect(await refused(behaviour, [STATEMENT, STATEMENT], 'mine.json')).toMatchObject([
      { where: '~/mine.json, row 2', message: 'is ~/mine.json, row 1 once more' },
    ]);
  });
});
