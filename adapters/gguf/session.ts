import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { canonicalJson } from '../../core/canonical-json.ts';
import { AdapterError, EXIT, messageOf, UserError } from '../../core/errors.ts';
import { packageFile } from '../../core/package-root.ts';
import type { AdapterContext, AdapterSession, ModelConfig } from '../adapter.ts';
import type { Model } from '../model.ts';
import { openLora, openModel, stampOf, type WeightsFile } from './files.ts';
import { identityOf, WeightsDigests } from './identity.ts';
import { estimateBytes } from './memory.ts';
import { GgufModel } from './model.ts';
import { type GgufOptions, readOptions } from './options.ts';
import { EnginePool } from './pool.ts';
import type { EngineSpec } from './pooled-engine.ts';
import type { Loaded } from './protocol.ts';

/** What tests replace. */
export interface SessionOverrides {
  readonly entry?: string;
  readonly slots?: number;
}

const INSTALL = 'Install it beside aligntrust: npm install node-llama-cpp@3.21.1';

/** A checkpoint's files and settings, before anything is loaded. */
interface Prepared {
  readonly config: ModelConfig;
  readonly file: WeightsFile;
  readonly lora: WeightsFile | undefined;
  readonly template: string | undefined;
  readonly options: GgufOptions;
}

/** All GGUF checkpoints of a run: one pool of engines, one memory budget, one cache of digests. */
export class GgufSession implements AdapterSession {
  readonly pool: EnginePool;
  private readonly entry: string;
  private readonly digests = new WeightsDigests();
  /** How many open models share an engine. */
  private readonly users = new Map<string, number>();

  constructor(context: AdapterContext, overrides: SessionOverrides = {}) {
    this.entry = overrides.entry ?? engineEntry();
    this.pool = new EnginePool({
      entry: this.entry,
      budgetBytes: context.memoryBudgetBytes,
      slots: overrides.slots ?? availableParallelism(),
      notify: context.notify,
    });
  }

  async open(config: ModelConfig): Promise<Model> {
    const prepared = prepare(config);
    const spec = specOf(prepared);
    checkEntry(this.entry);
    const loaded = await this.load(spec, prepared);
    this.users.set(spec.key, (this.users.get(spec.key) ?? 0) + 1);
    const { file, lora, template } = prepared;
    return new GgufModel({
      id: config.id,
      verbs: loaded.verbs,
      states: loaded.states,
      call: (order, options) => this.pool.call(spec, order, options),
      identify: async () => {
        const identity = await identityOf(file, lora, template, loaded.engine, this.digests);
        // A file that was written over while it was read has a digest of neither state.
        spec.verify();
        return identity;
      },
      release: () => this.release(spec.key),
    });
  }

  close(): Promise<void> {
    this.pool.close();
    return Promise.resolve();
  }

  private async load(spec: EngineSpec, { file }: Prepared): Promise<Loaded> {
    try {
      return await this.pool.load(spec, {});
    } catch (error) {
      throw openError(error, file.path);
    }
  }

  private async release(key: string): Promise<void> {
    const left = (this.users.get(key) ?? 1) - 1;
    this.users.set(key, left);
    if (left === 0) await this.pool.forget(key);
  }
}

function prepare(config: ModelConfig): Prepared {
  const file = openModel(config.model, config.folder);
  const lora = config.lora === undefined ? undefined : openLora(config.lora, config.folder);
  const { metadata } = file.header;
  const own = metadata.get('tokenizer.chat_template');
  const template = config.template ?? (typeof own === 'string' ? own : undefined);
  if (config.promptFormat === 'chat' && template === undefined) {
    throw new UserError(
      {
        where: file.path,
        message: `checkpoint ${config.id} is asked in chat format, and this file has no chat template`,
        fix: 'Set "template" to the Jinja text of its template, or "promptFormat: raw" for a base model.',
      },
      EXIT.environment,
    );
  }
  const trained = metadata.get(`${metadata.get('general.architecture')}.context_length`);
  const options = readOptions(config.options, typeof trained === 'number' ? trained : undefined);
  return { config, file, lora, template, options };
}

function specOf({ config, file, lora, template, options }: Prepared): EngineSpec {
  const load = {
    kind: 'load',
    config: { path: file.path, ...(lora === undefined ? {} : { lora: lora.path }), ...options },
    ...(template === undefined ? {} : { template }),
  } as const;
  const files = [...file.parts, ...(lora?.parts ?? [])];
  const stamp = stampOf(files);
  return {
    // A control copy must not share an engine with its twin.
    key: canonicalJson({ load, stamp, control: config.control === 'copy' ? config.id : null }),
    load,
    threads: options.threads,
    weightBytes: file.bytes + (lora?.bytes ?? 0),
    bytes: estimateBytes(file, lora, options),
    verify: () => verifyUnchanged(files, stamp),
  };
}

/** Two different weights must never share an identity, not even one after the other. */
function verifyUnchanged(files: readonly string[], stamp: string): void {
  let now: string;
  try {
    now = stampOf(files);
  } catch (error) {
    throw new AdapterError(`the weights are gone: ${messageOf(error)}`, {
      retry: 'never',
      code: 'weights-changed',
    });
  }
  if (now === stamp) return;
  throw new AdapterError(`${files.join(', ')}: changed on disk since the checkpoint was opened`, {
    retry: 'never',
    code: 'weights-changed',
  });
}

/** What went wrong while a checkpoint was opened, for the person who named it. */
function openError(error: unknown, path: string): unknown {
  if (!AdapterError.is(error)) return error;
  if (error.code === 'unavailable') {
    return new UserError(
      { message: `GGUF files need the engine: ${error.message}`, fix: INSTALL },
      EXIT.environment,
    );
  }
  const message =
    error.code === 'crashed'
      ? `brings the engine down: ${error.message}`
      : `cannot be loaded: ${error.message}`;
  const fix =
    'Check that llama.cpp supports this architecture, and that the file is whole (compare its checksum).';
  return new UserError({ where: path, message, fix }, EXIT.environment, error);
}

/** Where the compiled engine program is: a child process cannot run TypeScript sources on every supported Node. */
function engineEntry(): string {
  return packageFile('dist', 'adapters', 'gguf', 'engine.js');
}

function checkEntry(entry: string): void {
  if (existsSync(entry)) return;
  const message = 'the compiled engine is missing';
  throw new UserError({ where: entry, message, fix: 'Run npm run build.' }, EXIT.environment);
}
