import { availableParallelism } from 'node:os';
import type { Role } from '../../suites/task.ts';
import { requestKey } from '../journal/request-key.ts';
import { buildRequest } from './build-request.ts';
import { addresseeOf, concurrencyOf } from './execute.ts';
import { type AskTally, inputTokens, type TokenBasis } from './plan-tokens.ts';
import type { PreparedModel, PreparedModels } from './preflight.ts';

/** What an earlier run's checkpoints took for one answer to an instrument, on average. */
export interface MeasuredAnswers {
  readonly ms: number;
  /** Null where nothing was generated, or the server did not count. */
  readonly outputTokens: number | null;
}

export interface AskCount {
  /** Asked of every checkpoint. */
  readonly first: AskTally;
  /** Asked in the first round of other roles: the same for every checkpoint, so asked once. */
  readonly shared: ReadonlyMap<Role, SharedAsks>;
  /** Asked in later rounds for one checkpoint, by whom it is asked. */
  readonly later: ReadonlyMap<Role, AskTally>;
}

/** What all checkpoints share of one role. */
export interface SharedAsks {
  readonly all: AskTally;
  /** Without what every checkpoint is asked too: all that is left where the role is one of them. */
  readonly beyond: AskTally;
}

/** What one task asks of one model. */
export interface Spending {
  readonly round: 'first' | 'shared' | 'later';
  readonly prepared: PreparedModel;
  readonly msPerRequest: number;
  /** Output tokens are those that decoding allows, not those that an earlier run had. */
  readonly isLimit: boolean;
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly basis: TokenBasis;
}

export async function spendingOf(
  { first, shared, later }: AskCount,
  models: PreparedModels,
  measured: MeasuredAnswers | undefined,
): Promise<Spending[]> {
  const checkpoints = [...models.checkpoints.values()];
  const work: { prepared: PreparedModel; tally: AskTally; round: Spending['round'] }[] = checkpoints.map(
    (prepared) => ({ prepared, tally: first, round: 'first' }),
  );
  for (const [role, { all, beyond }] of shared) {
    const prepared = models.roles.get(role);
    if (prepared === undefined) continue;
    const isAsked = checkpoints.some((checkpoint) => answersAlike(checkpoint, prepared, all));
    work.push({ prepared, tally: isAsked ? beyond : all, round: 'shared' });
  }
  for (const [role, tally] of later) {
    const ofRole = role === 'checkpoint' ? undefined : models.roles.get(role);
    for (const checkpoint of checkpoints) {
      const prepared = role === 'checkpoint' ? checkpoint : ofRole;
      if (prepared !== undefined) work.push({ prepared, tally, round: 'later' });
    }
  }
  const spent: Spending[] = [];
  for (const { prepared, tally, round } of work) {
    const { tokens, basis } = await inputTokens(tally, prepared);
    const { requests } = tally;
    const known = round === 'first' ? measured : undefined;
    const length = known?.outputTokens ?? null;
    spent.push({
      round,
      prepared,
      msPerRequest:
        prepared.model.inProcess === true ? prepared.msPerRequest : (known?.ms ?? prepared.msPerRequest),
      isLimit: length === null && tally.outputTokens > 0,
      requests,
      inputTokens: tokens,
      outputTokens: length === null ? tally.outputTokens : Math.ceil(requests * length),
      basis,
    });
  }
  return spent;
}

/** Whether a request to one is, by its key, the same request to the other: then it is asked once. */
function answersAlike(one: PreparedModel, other: PreparedModel, { first: [ask] }: AskTally): boolean {
  if (ask === undefined) return false;
  const [a, b] = [one, other].map((prepared) =>
    requestKey(buildRequest(ask, addresseeOf(prepared, 'plan'), 0, 0).fields),
  );
  return a === b;
}

/** Lanes work side by side; within a lane its models share the slots, and in process all of them share the cores. */
export function minutesOf(spent: readonly Spending[]): number {
  const perLane = new Map<string, number>();
  let here = 0;
  for (const { prepared, requests, msPerRequest } of spent) {
    const { model, definition } = prepared;
    const byRate = (requests * 60_000) / (definition.limits.requestsPerMinute ?? Number.POSITIVE_INFINITY);
    const ms = Math.max(byRate, (requests * msPerRequest) / concurrencyOf(prepared));
    perLane.set(model.rateLimitKey, (perLane.get(model.rateLimitKey) ?? 0) + ms);
    if (model.inProcess === true) here += requests * msPerRequest;
  }
  return Math.max(here / availableParallelism(), ...perLane.values()) / 60_000;
}

export function costOf(spent: readonly Spending[]): number | null {
  const priced = spent.flatMap((one) => {
    const { price } = one.prepared.definition;
    return price === undefined
      ? []
      : [(one.inputTokens * price.promptPerMillion + one.outputTokens * price.completionPerMillion) / 1e6];
  });
  return priced.length === 0 ? null : sum(priced, (cost) => cost);
}

/** One entry a model; by characters as soon as one of its tasks was. */
export function basisOf(spent: readonly Spending[]): { model: string; basis: TokenBasis }[] {
  const byModel = new Map<string, TokenBasis>();
  for (const { prepared, basis, requests } of spent) {
    if (requests === 0) continue;
    const { id } = prepared.definition;
    byModel.set(id, byModel.get(id) === 'characters' ? 'characters' : basis);
  }
  return [...byModel].map(([model, basis]) => ({ model, basis }));
}

export function sum<T>(items: readonly T[], pick: (item: T) => number): number {
  return items.reduce((total, item) => total + pick(item), 0);
}
