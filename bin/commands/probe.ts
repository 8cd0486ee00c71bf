import type { Adapter, AdapterSession, ModelConfig } from '../../adapters/adapter.ts';
import { type Model, type ModelIdentity, type PromptFormat, verbsOf } from '../../adapters/model.ts';
import { type ProbeReport, probeModel } from '../../adapters/probe.ts';
import { adapterNames, loadAdapter } from '../../adapters/registry.ts';
import { EXIT, type ExitCode, UserError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { nearest } from '../../core/nearest.ts';
import { benchmarkExtensions } from '../benchmark-extensions.ts';
import { type CommandAction, type OptionValues, textOption } from '../command.ts';
import { printable } from '../format.ts';
import type { Io } from '../io.ts';
import { optionPairs } from '../option-pairs.ts';
import { table } from '../table.ts';

const MEMORY_BUDGET = 8 * 2 ** 30;

export const probe: CommandAction = async ([adapterName = '', modelName = ''], options, io) => {
  const promptFormat: PromptFormat = options['chat'] === true ? 'chat' : 'raw';
  await benchmarkExtensions(options, io);
  const one = await openModel(
    adapterName,
    modelName,
    optionPairs(options['option'], '--option'),
    promptFormat,
    options,
    io,
  );
  try {
    const other = textOption(options, 'parity');
    if (other !== undefined) return await certify(one, other, promptFormat, options, io);
    const report = await probeModel(one.model, { promptFormat });
    const identity = await one.model.identify({});
    io.out(
      options.json
        ? probeJson(one.model, identity, report)
        : await probeText(one.model, identity, report, io.columns),
    );
    return report.findings.every(({ passed, required }) => passed || !required)
      ? EXIT.fine
      : EXIT.environment;
  } finally {
    await one.close();
  }
};

interface OpenModel {
  readonly model: Model;
  close(): Promise<void>;
}

async function openModel(
  adapterName: string,
  model: string,
  options: JsonObject,
  promptFormat: PromptFormat,
  { quiet }: OptionValues,
  io: Io,
): Promise<OpenModel> {
  const adapter = await adapterOf(adapterName);
  await checkOptions(adapter, options);
  const notify = (line: string) => {
    if (!quiet) io.err(`${line}\n`);
  };
  const session: AdapterSession = adapter.createSession({
    env: io.env,
    memoryBudgetBytes: MEMORY_BUDGET,
    notify,
  });
  const config: ModelConfig = { id: model, model, promptFormat, options, folder: io.cwd };
  try {
    const opened = await session.open(config);
    return {
      model: opened,
      close: async () => {
        await opened.close?.();
        await session.close();
      },
    };
  } catch (error) {
    await session.close();
    throw error;
  }
}

async function adapterOf(name: string): Promise<Adapter> {
  const adapter = await loadAdapter(name);
  if (adapter !== undefined) return adapter;
  const [close] = nearest(name, adapterNames);
  const suggestion = close === undefined ? '' : ` Did you mean ${close}?`;
  throw new UserError({
    message: `unknown adapter "${name}"`,
    fix: `There are: ${adapterNames.join(', ')}.${suggestion}`,
  });
}

async function checkOptions(adapter: Adapter, options: JsonObject): Promise<void> {
  const { shapeCheck } = await import('../../benchmarks/definition/shape.ts');
  const findings = shapeCheck(adapter.optionsSchema)(options, []);
  if (findings.length === 0) return;
  throw new UserError(
    findings.map(({ path, message, fix }) => ({
      field: `--option ${path.join('.')}`.trim(),
      message,
      ...(fix === undefined ? {} : { fix }),
    })),
  );
}

async function certify(
  one: OpenModel,
  other: string,
  promptFormat: PromptFormat,
  options: OptionValues,
  io: Io,
): Promise<ExitCode> {
  const at = other.indexOf(':');
  if (at <= 0) throw new UserError({ field: '--parity', message: `"${other}" is not adapter:model` });
  const pairs = optionPairs(options['parityOption'], '--option');
  const second = await openModel(other.slice(0, at), other.slice(at + 1), pairs, promptFormat, options, io);
  try {
    const { compareModels, defaultParityProbes, renderParity } = await import('../../adapters/parity.ts');
    const certificate = await compareModels(one.model, second.model, defaultParityProbes(promptFormat));
    io.out(options.json ? `${JSON.stringify(certificate, undefined, 2)}\n` : renderParity(certificate));
    return certificate.verdict === 'same' ? EXIT.fine : EXIT.environment;
  } finally {
    await second.close();
  }
}

function probeJson(model: Model, identity: ModelIdentity, report: ProbeReport): string {
  const facts = {
    model: model.id,
    verbs: verbsOf(model),
    scoreMethod: model.scoreMethod ?? null,
    identity,
    ...report,
  };
  return `${JSON.stringify(facts, undefined, 2)}\n`;
}

async function probeText(
  model: Model,
  identity: ModelIdentity,
  report: ProbeReport,
  width: number,
): Promise<string> {
  const rows = report.findings.map(({ check, passed, required, detail }) => [
    check,
    passed ? 'passed' : required ? 'FAILED' : 'note',
    printable(detail),
  ]);
  const facts = Object.entries({ ...identity, ...identity.notes, notes: undefined, endpoint: undefined })
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) =>
        `${name.padEnd(16)} ${printable(typeof value === 'string' ? value : JSON.stringify(value))}`,
    );
  const scores = model.scoreMethod === undefined ? '' : ` (scores by ${model.scoreMethod})`;
  const can = `${model.id} can ${verbsOf(model).join(', ')}${scores}; proven by ${report.requests + report.earlierRequests} requests`;
  return `${facts.join('\n')}\n\n${can}\n${await table(['check', 'result', 'what was seen'], rows, width)}\n`;
}
