import type { SummaryCheckpoint } from '../summary.ts';

/** A checkpoint of one of several runs. */
export interface Member {
  /** `A/dpo`: the run's label and the checkpoint's id. */
  readonly name: string;
  readonly run: string;
  readonly checkpoint: SummaryCheckpoint;
}

/** Two checkpoints of different runs that are held against each other. */
export interface Counterparts {
  readonly from: Member;
  readonly to: Member;
  /** Equal weights: a repetition, not a comparison of two models. */
  readonly sameWeights: boolean;
}

/**
 * Whom each checkpoint is held against: the one of `against`, or in the earliest other run the one of equal weights, else
 * of equal id, else the first of equal alignment method. A checkpoint without any of these stays alone.
 */
export function counterparts(members: readonly Member[], against?: Member): Counterparts[] {
  const runs = [...new Set(members.map(({ run }) => run))];
  const rank = (member: Member): number => runs.indexOf(member.run);
  return members.flatMap((to) => {
    const earlier = members.filter((member) => rank(member) < rank(to));
    const from = against === undefined ? bestOf(to, earlier) : against.run === to.run ? undefined : against;
    return from === undefined ? [] : [{ from, to, sameWeights: haveSameWeights(from, to) }];
  });
}

/** The first member of an earlier run that is the same checkpoint; `proven` by its weights, else by what the server said. */
export function twinOf(member: Member, members: readonly Member[]): Twin | null {
  const others = members.slice(0, members.indexOf(member)).filter(({ run }) => run !== member.run);
  const proven = others.find((other) => haveSameWeights(other, member));
  if (proven !== undefined) return { name: proven.name, proven: true };
  const alike = others.find((other) => haveSameIdentity(other, member));
  return alike === undefined ? null : { name: alike.name, proven: false };
}

export interface Twin {
  readonly name: string;
  readonly proven: boolean;
}

function bestOf(to: Member, earlier: readonly Member[]): Member | undefined {
  const comparable = earlier.filter(({ checkpoint }) => checkpoint.control === to.checkpoint.control);
  return (
    comparable.find((from) => from.checkpoint.id === to.checkpoint.id && haveSameWeights(from, to)) ??
    comparable.find((from) => haveSameWeights(from, to)) ??
    comparable.find((from) => from.checkpoint.id === to.checkpoint.id) ??
    comparable.find((from) => from.checkpoint.method === to.checkpoint.method)
  );
}

function haveSameWeights(a: Member, b: Member): boolean {
  const [left, right] = [a, b].map(({ checkpoint }) => checkpoint.identity.facts['weights']);
  return typeof left === 'string' && left !== '' && left === right;
}

function haveSameIdentity(a: Member, b: Member): boolean {
  const { digest } = a.checkpoint.identity;
  return digest !== '' && digest === b.checkpoint.identity.digest;
}
