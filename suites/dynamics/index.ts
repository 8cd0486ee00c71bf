import type { Task } from '../task.ts';
import { behaviour } from './behaviour.ts';
import { behaviourFirstToken } from './behaviour-first-token.ts';
import { behaviourText } from './behaviour-text.ts';
import { ches } from './ches.ts';
import { dpoLoss } from './dpo-loss.ts';
import { kl } from './kl.ts';
import { options } from './options.ts';
import { pairs } from './pairs.ts';
import { stated } from './stated.ts';
import { statedText } from './stated-text.ts';
import { states } from './states.ts';

/** The instruments of learning dynamics: what a series of checkpoints learned. None is a headline. */
export const dynamicsTasks: readonly Task[] = [
  pairs,
  dpoLoss,
  behaviour,
  behaviourFirstToken,
  behaviourText,
  stated,
  statedText,
  options,
  kl,
  states,
  ches,
];
