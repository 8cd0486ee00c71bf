import type { EffectKind, SummaryCheckpoint } from '../summary.ts';
import { mainOf, type TwinGroups, trainingOf, twinGroups } from './twins.ts';

/** Two checkpoints that will be compared on the same samples. */
export interface Comparison {
  readonly kind: EffectKind;
  readonly from: SummaryCheckpoint;
  readonly to: SummaryCheckpoint;
  /** Shown in the overview: the main seed, and the end of its training. */
  readonly main: boolean;
  /** A step on the way to another checkpoint of the same training run. */
  readonly intermediate: boolean;
  /** Equal for comparisons that differ in training seeds alone. */
  readonly replicates: string;
}

export interface ComparisonPlan {
  readonly comparisons: readonly Comparison[];
  readonly twins: TwinGroups;
}

/** Every comparison that the lineage asks for: stages, totals, methods of one parent, controls; in that order. */
export function planComparisons(checkpoints: readonly SummaryCheckpoint[]): ComparisonPlan {
  const twins = twinGroups(checkpoints);
  const lineage = new Lineage(checkpoints);
  const pairs = [
    ...lineage.stages().map((pair) => ({ kind: 'stage' as const, ...pair })),
    ...lineage.totals().map((pair) => ({ kind: 'total' as const, ...pair })),
    ...methodPairs(lineage, twins).map((pair) => ({ kind: 'method' as const, ...pair })),
    ...lineage.controls().map((pair) => ({ kind: 'control' as const, ...pair })),
  ];
  const comparisons = pairs.map(({ kind, from, to, secondary = false }) => {
    const intermediate = lineage.isIntermediate(to);
    const mains = [mainOf(twins, from.id), mainOf(twins, to.id)];
    const isMain = mains[0] === from.id && mains[1] === to.id;
    return {
      kind,
      from,
      to,
      main: isMain && !intermediate && !secondary,
      intermediate,
      replicates: JSON.stringify([kind, ...mains]),
    };
  });
  return { comparisons, twins };
}

interface Pair {
  readonly from: SummaryCheckpoint;
  readonly to: SummaryCheckpoint;
  /** Compares a further variant of a method that a first variant already speaks for. */
  readonly secondary?: boolean;
}

class Lineage {
  readonly #checkpoints: readonly SummaryCheckpoint[];
  readonly #byId: ReadonlyMap<string, SummaryCheckpoint>;

  constructor(checkpoints: readonly SummaryCheckpoint[]) {
    this.#checkpoints = checkpoints;
    this.#byId = new Map(checkpoints.map((checkpoint) => [checkpoint.id, checkpoint]));
  }

  stages(): Pair[] {
    return this.#tuned().flatMap((to) => this.#pair(this.#parentOf(to), to));
  }

  totals(): Pair[] {
    return this.#tuned().flatMap((to) => {
      const root = this.#rootOf(to);
      return root.id === to.id || root.id === to.parent ? [] : this.#pair(root, to);
    });
  }

  controls(): Pair[] {
    return this.#checkpoints
      .filter(({ control }) => control === 'copy')
      .flatMap((copy) => this.#pair(this.#parentOf(copy), copy));
  }

  /** Finished children by parent, in the order declared. */
  families(): SummaryCheckpoint[][] {
    const children = new Map<string, SummaryCheckpoint[]>();
    for (const child of this.#tuned()) {
      if (child.parent === null || !this.#byId.has(child.parent) || this.isIntermediate(child)) continue;
      children.set(child.parent, [...(children.get(child.parent) ?? []), child]);
    }
    return [...children.values()];
  }

  /** Another checkpoint of the same run went further; one without a step is the end of its run. */
  isIntermediate(checkpoint: SummaryCheckpoint): boolean {
    const { step } = checkpoint;
    if (step === null) return false;
    return this.#tuned().some(
      (other) =>
        other.seed === checkpoint.seed &&
        trainingOf(other) === trainingOf(checkpoint) &&
        (other.step === null || other.step > step),
    );
  }

  #tuned(): SummaryCheckpoint[] {
    return this.#checkpoints.filter(({ control }) => control === null);
  }

  #parentOf(checkpoint: SummaryCheckpoint): SummaryCheckpoint | undefined {
    return checkpoint.parent === null ? undefined : this.#byId.get(checkpoint.parent);
  }

  /** The topmost known ancestor; stops where a damaged lineage would turn in a circle. */
  #rootOf(checkpoint: SummaryCheckpoint): SummaryCheckpoint {
    const seen = new Set<string>();
    let root = checkpoint;
    for (
      let next = this.#parentOf(root);
      next !== undefined && !seen.has(next.id);
      next = this.#parentOf(next)
    ) {
      seen.add(next.id);
      root = next;
    }
    return root;
  }

  #pair(from: SummaryCheckpoint | undefined, to: SummaryCheckpoint): Pair[] {
    return from === undefined || from.id === to.id ? [] : [{ from, to }];
  }
}

/** Method against method: for every two trainings of one parent with different methods, each seed they share. */
function methodPairs(lineage: Lineage, twins: TwinGroups): Pair[] {
  return lineage.families().flatMap((children) => {
    const leaders = children.filter(({ id }) => mainOf(twins, id) === id);
    const firsts = new Set(
      leaders.filter((leader, index) => indexOfMethod(leaders, leader.method) === index),
    );
    return leaders.flatMap((one, index) =>
      leaders
        .slice(index + 1)
        .filter(({ method }) => method !== one.method)
        .flatMap((other) => {
          const secondary = !(firsts.has(one) && firsts.has(other));
          return seedMatches(children, twins, one, other).map((pair) => ({ ...pair, secondary }));
        }),
    );
  });
}

/** The two main checkpoints, then every other pair of training runs with equal seeds. */
function seedMatches(
  children: readonly SummaryCheckpoint[],
  twins: TwinGroups,
  one: SummaryCheckpoint,
  other: SummaryCheckpoint,
): Pair[] {
  const runsOf = (leader: SummaryCheckpoint): SummaryCheckpoint[] =>
    children.filter(({ id }) => mainOf(twins, id) === leader.id);
  const others = runsOf(other);
  const matches = runsOf(one).flatMap((from) => {
    const to = others.find(({ seed }) => seed !== null && seed === from.seed);
    const isMain = from.id === one.id && to?.id === other.id;
    return to === undefined || isMain ? [] : [{ from, to }];
  });
  return [{ from: one, to: other }, ...matches];
}

function indexOfMethod(checkpoints: readonly SummaryCheckpoint[], method: string): number {
  return checkpoints.findIndex((checkpoint) => checkpoint.method === method);
}
