import type { AdapterContext, AdapterSession, ModelConfig } from '../../adapters/adapter.ts';
import { type Model, type ModelIdentity, statesOf, verbsOf } from '../../adapters/model.ts';
import { type ProbeReport, probeModel } from '../../adapters/probe.ts';
import { loadAdapter } from '../../adapters/registry.ts';
import { EXIT, messageOf, type Problem, UserError } from '../../core/errors.ts';
import type { JsonValue } from '../../core/json.ts';
import type { CheckpointDefinition, Definition, RoleDefinition } from '../definition/definition.ts';
import type { ManifestModel } from '../journal/records.ts';
import { identityDigest } from '../journal/request-key.ts';
import { inParallel } from './in-parallel.ts';

/** A model that answered, proved what it can do and said who it is. */
export interface PreparedModel {
  readonly definition: CheckpointDefinition | RoleDefinition;
  readonly model: Model;
  readonly identity: ModelIdentity;
  readonly facts: ManifestModel;
  /** Wall-clock milliseconds of one probe request, for estimates. */
  readonly msPerRequest: number;
}

export interface PreparedModels {
  /** By checkpoint id, in the order of the definition. */
  readonly checkpoints: ReadonlyMap<string, PreparedModel>;
  readonly roles: ReadonlyMap<string, PreparedModel>;
  close(): Promise<void>;
}

const PARALLEL_PREFLIGHTS = 4;
const PROBE_TIMEOUT_MS = 120_000;

/**
 * Opens, identifies and probes every model of the definition before anything is asked.
 *
 * @throws UserError (exit code 3) with the problems of all models at once, or the signal's reason when aborted;
 *   everything opened is closed again.
 */
export async function prepareModels(
  definition: Definition,
  context: Omit<AdapterContext, 'memoryBudgetBytes'> & { readonly signal?: AbortSignal },
): Promise<PreparedModels> {
  const sessions = new Sessions({
    ...context,
    memoryBudgetBytes: definition.settings.memoryMegabytes * 2 ** 20,
  });
  const roles = Object.entries(definition.roles);
  const wanted: RoleDefinition[] = [...definition.checkpoints, ...roles.map(([, role]) => role)];
  const problems: Problem[] = [];
  const prepared = await inParallel(wanted, PARALLEL_PREFLIGHTS, async (one) => {
    try {
      context.signal?.throwIfAborted();
      return await unlessAborted(
        prepareModel(one, definition.folder, sessions, context.signal),
        context.signal,
      );
    } catch (error) {
      problems.push(...problemsOf(one, error));
      return undefined;
    }
  });
  const models = prepared.filter((one) => one !== undefined);
  const close = async () => {
    await Promise.allSettled(models.map(async ({ model }) => model.close?.()));
    await sessions.close();
  };
  if (problems.length > 0) {
    await close();
    context.signal?.throwIfAborted();
    throw new UserError(problems, EXIT.environment);
  }
  const count = definition.checkpoints.length;
  return {
    checkpoints: new Map(models.slice(0, count).map((one) => [one.definition.id, one])),
    roles: new Map(roles.map(([role], index) => [role, models[count + index] as PreparedModel])),
    close,
  };
}

/** One session for each adapter that the definition names. */
class Sessions {
  readonly #context: AdapterContext;
  readonly #open = new Map<string, Promise<AdapterSession>>();

  constructor(context: AdapterContext) {
    this.#context = context;
  }

  get(adapter: string): Promise<AdapterSession> {
    const known = this.#open.get(adapter);
    if (known !== undefined) return known;
    const session = loadAdapter(adapter).then((found) => {
      if (found === undefined) throw new UserError(`unknown adapter ${adapter}`);
      return found.createSession(this.#context);
    });
    this.#open.set(adapter, session);
    return session;
  }

  async close(): Promise<void> {
    const sessions = await Promise.allSettled(this.#open.values());
    await Promise.allSettled(
      sessions.map(async (one) => (one.status === 'fulfilled' ? one.value.close() : undefined)),
    );
  }
}

async function prepareModel(
  definition: CheckpointDefinition | RoleDefinition,
  folder: string,
  sessions: Sessions,
  signal: AbortSignal | undefined,
): Promise<PreparedModel> {
  const session = await sessions.get(definition.adapter);
  const model = await session.open(modelConfig(definition, folder));
  const identity = await model.identify({
    timeoutMs: PROBE_TIMEOUT_MS,
    ...(signal === undefined ? {} : { signal }),
  });
  const { report, msPerRequest } = await timedProbe(model, definition, signal);
  const failed = report.findings.filter((finding) => !finding.passed && finding.required);
  if (failed.length > 0) {
    throw new UserError(
      failed.map(({ check, detail }) => ({ message: `failed the probe "${check}": ${detail}` })),
      EXIT.environment,
    );
  }
  return {
    definition,
    model,
    identity,
    msPerRequest,
    facts: {
      identity,
      identityDigest: identityDigest(identity),
      verbs: verbsOf(model),
      ...(model.scoreMethod === undefined ? {} : { scoreMethod: model.scoreMethod }),
      ...(statesOf(model).length === 0 ? {} : { states: statesOf(model) }),
      probe: report.findings as unknown as JsonValue,
    },
  };
}

function modelConfig(definition: CheckpointDefinition | RoleDefinition, folder: string): ModelConfig {
  const { id, model, promptFormat, lora, template, options } = definition;
  return {
    id,
    model,
    promptFormat,
    options,
    folder,
    ...(lora === undefined ? {} : { lora }),
    ...(template === undefined ? {} : { template }),
    ...('control' in definition && definition.control !== undefined ? { control: definition.control } : {}),
  };
}

async function timedProbe(
  model: Model,
  { promptFormat }: RoleDefinition,
  signal: AbortSignal | undefined,
): Promise<{ report: ProbeReport; msPerRequest: number }> {
  const startedAt = performance.now();
  const report = await probeModel(model, { promptFormat, ...(signal === undefined ? {} : { signal }) });
  return { report, msPerRequest: (performance.now() - startedAt) / Math.max(1, report.requests) };
}

/** Lets go of what takes too long to notice the signal itself. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as unknown);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function problemsOf({ id, adapter, model }: RoleDefinition, error: unknown): Problem[] {
  const field = `${id} (${adapter} ${model})`;
  if (UserError.is(error))
    return error.problems.map((problem) => ({ ...problem, field: problem.field ?? field }));
  return [{ field, message: messageOf(error) }];
}
