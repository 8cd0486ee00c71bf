import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../benchmarks/journal/records.ts';
import {
  calibratedTasks,
  keepCalibration,
  readCalibrations,
  type SavedCalibration,
} from '../../bin/label/calibrations.ts';
import type { LabelTask } from '../../bin/label/tasks.ts';
import type { LabelRubric, Task } from '../../suites/task.ts';
import { generate } from '../../suites/truthfulness/generate.ts';
import { temporaryFolders } from '../fixtures/folders.ts';

const folder = temporaryFolders();
const RUBRIC = rubricOf(generate);
const scorer = { name: 'truth-judge', version: RUBRIC.scorer?.version ?? '' };

function rubricOf({ labels }: Task): LabelRubric {
  if (labels === undefined) throw new Error('the task has no rubric');
  return labels;
}

function taskOf(id: string, judge?: `role:${string}`): LabelTask {
  const instrument = `truthfulness/generate@zoo-truth:robust+${id}`;
  const role = judge === undefined ? {} : { judge };
  return { instrument, dataset: 'zoo-truth', rubric: RUBRIC, by: 'judge', metrics: [], keys: [], ...role };
}

const TASKS = [taskOf('strict'), taskOf('other', 'role:judge+other')];
const MANIFEST = {
  models: { 'role:judge': { identityDigest: 'a' }, 'role:judge+other': { identityDigest: 'b' } },
} as unknown as Manifest;

function calibrationOf(identityDigest: string, cases = 10): SavedCalibration {
  return {
    schemaVersion: 1,
    scorer: scorer.name,
    version: scorer.version,
    dataset: 'people.csv',
    sha256: '',
    cases,
    judge: { name: identityDigest, identityDigest },
    rows: [],
    betterThanChance: true,
  };
}

describe('calibrations of several judges', () => {
  it('speak of the tasks of the judge that was measured, and of no other', () => {
    const named = (digest: string) =>
      calibratedTasks(calibrationOf(digest), TASKS, MANIFEST, 'c.json').map(({ instrument }) => instrument);
    expect(named('a')).toEqual([TASKS[0]?.instrument]);
    expect(named('b')).toEqual([TASKS[1]?.instrument]);
    expect(() => named('c')).toThrow('it measured another judge');
  });

  it('are kept side by side; a second one of the same judge takes the place of the first', async () => {
    const place = await folder();
    for (const one of [calibrationOf('a'), calibrationOf('b'), calibrationOf('a', 20)]) {
      await keepCalibration(place, one);
    }
    const kept = (await readCalibrations(place)).map(({ judge, cases }) => [judge?.name, cases]);
    expect(kept).toEqual([
      ['b', 10],
      ['a', 20],
    ]);
  });
});
