import { wilsonInterval } from '../statistics/proportion.ts';

/** Labelled answers by what the scorer said of them, and how many of these people give the value 1. */
export interface VerdictCounts {
  readonly labelled: number;
  readonly positive: number;
}

/**
 * Whether a scorer's verdict tells anything: people say 1 more often where it said 1 than where it said 0, by the lower end
 * of the 95 % interval of the difference (Newcombe 1998, Stat. Med. 17:873-890, method 10). As verdicts are what the
 * sample was drawn by, these shares need no weights. False where one verdict has no label.
 */
export function isInformative(saidOne: VerdictCounts, saidZero: VerdictCounts): boolean {
  if (saidOne.labelled === 0 || saidZero.labelled === 0) return false;
  const [high, low] = [shareOf(saidOne), shareOf(saidZero)];
  const gap = high.share - low.share;
  return gap - Math.hypot(high.share - high.low, low.high - low.share) > 0;
}

function shareOf({ labelled, positive }: VerdictCounts) {
  return { share: positive / labelled, ...wilsonInterval(positive, labelled) };
}
