import type { Task } from '../task.ts';
import { evaluation } from './evaluation.ts';
import { evaluationFirstToken } from './evaluation-first-token.ts';
import { evaluationJudge } from './evaluation-judge.ts';
import { generation } from './generation.ts';
import { generationJudge } from './generation-judge.ts';
import { levels } from './levels.ts';

/** The instruments of PROFILE: which factors pull preferences. None is a headline: no factor speaks for the others. */
export const profileTasks: readonly Task[] = [
  generation,
  evaluation,
  evaluationFirstToken,
  generationJudge,
  evaluationJudge,
  levels,
];
