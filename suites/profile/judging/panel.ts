import type { JsonObject } from '../../../core/json.ts';
import type { Answer, Ask, MetricValues } from '../../task.ts';
import type { FactorValues, ItemText } from '../factors/factor.ts';
import { NOT_JUDGED } from './factors-of.ts';
import { JUDGING_VERSION } from './forms.ts';
import { type Judged, judgeOf, readJudged } from './judge.ts';
import { isRepeated, JUDGE_REPEAT, JUDGE_UNREADABLE, selfAgreement, unreadableShare } from './reliability.ts';
import { inRounds } from './rounds.ts';

/** The responses of a sample before the judge, each by itself; all of them twice in one sample of ten. */
export interface Panel {
  /** What the judge is asked next. */
  readonly asks: readonly Ask[];
  /** By response; every factor null where the judge gave no readable rating. */
  readonly measured: readonly FactorValues[];
  readonly values: MetricValues;
  readonly detail: JsonObject;
}

/** @param answers the judge's alone */
export function panelOf(
  id: string,
  item: ItemText,
  responses: readonly string[],
  answers: readonly Answer[],
): Panel {
  const twice = isRepeated(id);
  const draws = twice ? [0, 1] : [0];
  const askers = draws.flatMap((draw) => responses.map((response) => judgeOf(item, response, draw)));
  const { asks, own } = inRounds(askers, answers);
  const judged = own.map(
    (replies, index): Judged => readJudged(item, responses[index % responses.length] ?? '', replies),
  );
  const [first, second] = [judged.slice(0, responses.length), judged.slice(responses.length)];
  const agreement = twice ? selfAgreement(first, second) : null;
  const problems = first.flatMap((one) => (one.kind === 'invalid' ? [one.problem] : []));
  return {
    asks,
    measured: first.map((one) => (one.kind === 'measured' ? one.values : NOT_JUDGED)),
    values: {
      [JUDGE_UNREADABLE.key]: unreadableShare(first),
      ...(agreement === null ? {} : { [JUDGE_REPEAT.key]: agreement }),
    },
    detail: {
      rubric: JUDGING_VERSION,
      ...(problems.length === 0 ? {} : { judge: problems, judged: responses.length }),
    },
  };
}
