import { counterparts, type Member } from './counterparts.ts';
import type { SharedJoin } from './shared.ts';
import type { StageChange } from './values.ts';

/** One stage effect of two runs: whether the second says what the first said. A description, no test. */
export interface StageAgain {
  /** The stage of an earlier run, and the same one of a later run; names with the run's label. */
  readonly first: Stage;
  readonly again: Stage;
  readonly task: string;
  readonly metric: string;
  /** Both effects lie on one side of 0, or both are 0; null where one is missing or one alone is 0. */
  readonly sameSign: boolean | null;
  /** The pointwise 95 % intervals overlap; null where one is missing. */
  readonly overlap: boolean | null;
  /** The child has the same weights in both runs: no training was repeated. */
  readonly sameWeights: boolean;
  /** Both asked the same samples, or one some of those of the other. */
  readonly sharedSamples: boolean;
}

type Stage = Pick<StageChange, 'from' | 'to' | 'delta'>;

/** Every stage effect of a later run beside the same one of the first earlier run that has it. */
export function stagesAgain(
  stages: readonly StageChange[],
  members: readonly Member[],
  joined: readonly SharedJoin[],
): StageAgain[] {
  const runs = [...new Set(members.map(({ run }) => run))];
  const named = new Map(members.map((member) => [member.name, member]));
  return stages.flatMap((stage) => {
    const [from, to] = [named.get(stage.from), named.get(stage.to)];
    if (from === undefined || to === undefined) return [];
    for (const run of runs.slice(0, runs.indexOf(to.run))) {
      const first = sameStage(stage, from, to, {
        stages,
        others: members.filter((member) => member.run === run),
      });
      if (first !== undefined) return [agreementOf(first, stage, to, named, joined)];
    }
    return [];
  });
}

/** The stage of another run whose child is the counterpart of this child, and whose parent is one of this parent. */
function sameStage(
  { task, metric }: StageChange,
  from: Member,
  to: Member,
  { stages, others }: { stages: readonly StageChange[]; others: readonly Member[] },
): StageChange | undefined {
  const partner = counterparts([...others, to]).find((pair) => pair.to === to)?.from;
  const found = stages.find(
    (stage) => stage.to === partner?.name && stage.task === task && stage.metric === metric,
  );
  const parent = others.find(({ name }) => name === found?.from);
  const alike = parent?.checkpoint.id === from.checkpoint.id;
  return alike || parent?.checkpoint.method === from.checkpoint.method ? found : undefined;
}

function agreementOf(
  first: StageChange,
  again: StageChange,
  to: Member,
  named: ReadonlyMap<string, Member>,
  joined: readonly SharedJoin[],
): StageAgain {
  const earlier = named.get(first.to);
  const pair = earlier === undefined ? undefined : counterparts([earlier, to])[0];
  const paired = joined.find(({ instrument }) => instrument === again.task)?.paired ?? [];
  return {
    first: { from: first.from, to: first.to, delta: first.delta },
    again: { from: again.from, to: again.to, delta: again.delta },
    task: again.task,
    metric: again.metric,
    sameSign: sameSign(first.delta, again.delta),
    overlap: overlap(first, again),
    sameWeights: pair?.sameWeights ?? false,
    sharedSamples: paired.includes(to.run) && paired.includes(earlier?.run ?? ''),
  };
}

function sameSign(a: number | null, b: number | null): boolean | null {
  if (a === null || b === null || (a === 0) !== (b === 0)) return null;
  return Math.sign(a) === Math.sign(b);
}

function overlap(a: StageChange, b: StageChange): boolean | null {
  if (a.low === null || a.high === null || b.low === null || b.high === null) return null;
  return a.low <= b.high && b.low <= a.high;
}
