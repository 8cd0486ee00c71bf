import type { Alarm } from '../summary.ts';
import type { NamedJudge } from './equal-judges.ts';

/** A checkpoint as far as it could be its own judge. */
export interface JudgedCheckpoint {
  readonly id: string;
  readonly identityDigest: string;
}

/** A model that judges its own answers favours them: what such a judge says of this checkpoint is not independent. */
export function ownJudgeAlarms(
  judges: readonly NamedJudge[],
  checkpoints: readonly JudgedCheckpoint[],
): Alarm[] {
  return checkpoints.flatMap(({ id, identityDigest }) => {
    const own = judges.filter((judge) => judge.identityDigest === identityDigest);
    return own.length === 0
      ? []
      : [
          {
            kind: 'own-judge',
            checkpoint: id,
            task: null,
            message: `the judge ${own.map((judge) => judge.id).join(', ')} is this very model: its verdicts on its own answers are not independent`,
          },
        ];
  });
}
