import type { Task } from '../task.ts';
import { behaviour } from './behaviour.ts';
import { dpoLoss } from './dpo-loss.ts';
import { pairs } from './pairs.ts';

/** The instruments of learning dynamics: what a series of checkpoints learned. None is a headline. */
export const dynamicsTasks: readonly Task[] = [pairs, dpoLoss, behaviour];
