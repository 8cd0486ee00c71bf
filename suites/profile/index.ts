import type { Task } from '../task.ts';
import { evaluation } from './evaluation.ts';
import { evaluationFirstToken } from './evaluation-first-token.ts';
import { generation } from './generation.ts';
import { levels } from './levels.ts';

/** The instruments of PROFILE: which factors pull preferences. None is a headline: no factor speaks for the others. */
export const profileTasks: readonly Task[] = [generation, evaluation, evaluationFirstToken, levels];
