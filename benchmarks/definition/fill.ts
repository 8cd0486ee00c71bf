import type { PromptFormat } from '../../adapters/model.ts';
import { digestOf } from '../../core/digest.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import { agreedBeta } from './beta.ts';
import { DEFAULT_SETTINGS, DEFAULT_TIMEOUT_SECONDS } from './definition.schema.ts';
import type {
  Alignment,
  CheckpointDefinition,
  Definition,
  ExtensionUse,
  Limits,
  Price,
  RoleDefinition,
  Settings,
  TaskSelection,
} from './definition.ts';
import { listOf, member, objectOf, textOf } from './finding.ts';
import { inFormats } from './formats.ts';
import { type FilledRole, judgedBy, rolesByKey } from './judges.ts';
import { fillKeep } from './keep.ts';
import { selectTask, writtenTask } from './selection.ts';
import type { Vocabulary } from './vocabulary.ts';
import {
  roleEntries,
  type WrittenModel,
  writtenCheckpoints,
  writtenFormats,
  writtenRole,
} from './written.ts';

/** Chat templates by path as written, already read. */
export type Templates = ReadonlyMap<string, string>;

/** What a definition refers to, already read. */
export interface FillContext {
  /** Where its relative paths start. */
  readonly folder: string;
  readonly templates: Templates;
  readonly vocabulary: Vocabulary;
  readonly extensions: readonly ExtensionUse[];
}

/** A file that has passed every check, with its defaults filled in. */
export function fillDefinition(
  file: JsonValue,
  { folder, templates, vocabulary, extensions }: FillContext,
): Definition {
  const description = textOf(file, 'description');
  const checkpoints = inFormats(
    inheritFamilies(writtenCheckpoints(file).map((model) => fillCheckpoint(model, templates))),
    writtenFormats(file),
  );
  const models = fillRoles(file, checkpoints, templates);
  const judges = models.filter(({ role }) => role === 'judge').map(({ model }) => model.id);
  const keep = fillKeep(file, vocabulary);
  const content = {
    benchmark: textOf(file, 'benchmark') ?? '',
    ...(description === undefined ? {} : { description }),
    checkpoints,
    tasks: listOf(file, 'tasks').flatMap((entry) =>
      fillTask(entry, { vocabulary, judges, beta: agreedBeta(checkpoints) }),
    ),
    roles: rolesByKey(models),
    settings: { ...DEFAULT_SETTINGS, ...objectOf(file, 'settings') } as Settings,
    ...(keep.length === 0 ? {} : { keep }),
    ...(extensions.length === 0 ? {} : { extensions }),
  };
  return { ...content, folder, digest: digestOf(asJson(content)) };
}

/** Everything of a definition that its digest covers, as plain JSON: what a manifest records. */
export function definitionJson(definition: Definition): JsonObject {
  const { folder: _folder, digest: _digest, ...content } = definition;
  return asJson(content);
}

function fillCheckpoint(model: WrittenModel, templates: Templates): CheckpointDefinition {
  return {
    ...fillModel(model.fields, templates),
    ...(textOf(model.fields, 'control') === 'copy' ? { control: 'copy' as const } : {}),
    alignment: objectOf(model.fields, 'alignment') as unknown as Alignment,
  };
}

function fillModel(fields: JsonObject, templates: Templates): RoleDefinition {
  const lora = textOf(fields, 'lora');
  const system = textOf(fields, 'system');
  const file = textOf(member(fields, 'template'), 'file');
  const template = file === undefined ? textOf(fields, 'template') : templates.get(file);
  const price = member(fields, 'price');
  return {
    id: textOf(fields, 'id') ?? '',
    adapter: textOf(fields, 'adapter') ?? '',
    model: textOf(fields, 'model') ?? '',
    ...(lora === undefined ? {} : { lora }),
    promptFormat: (textOf(fields, 'promptFormat') ?? 'raw') as PromptFormat,
    ...(template === undefined ? {} : { template }),
    ...(system === undefined ? {} : { system }),
    options: objectOf(fields, 'options'),
    limits: { timeoutSeconds: DEFAULT_TIMEOUT_SECONDS, ...objectOf(fields, 'limits') } as Limits,
    ...(price === undefined ? {} : { price: price as unknown as Price }),
  };
}

/** The family is written once, at the root, and holds for all that came from it. */
function inheritFamilies(checkpoints: readonly CheckpointDefinition[]): CheckpointDefinition[] {
  const byId = new Map(checkpoints.map((checkpoint) => [checkpoint.id, checkpoint]));
  const familyOf = ({ alignment }: CheckpointDefinition): string | undefined => {
    if (alignment.family !== undefined || alignment.parent === undefined) return alignment.family;
    const parent = byId.get(alignment.parent);
    return parent === undefined ? undefined : familyOf(parent);
  };
  return checkpoints.map((checkpoint) => {
    const family = familyOf(checkpoint);
    return family === undefined
      ? checkpoint
      : { ...checkpoint, alignment: { ...checkpoint.alignment, family } };
  });
}

function fillTask(
  entry: JsonValue,
  {
    vocabulary,
    judges,
    beta,
  }: {
    readonly vocabulary: Vocabulary;
    readonly judges: readonly string[];
    readonly beta: number | undefined;
  },
): TaskSelection[] {
  const written = writtenTask(entry);
  const task = written === undefined ? undefined : vocabulary.findTask(written.task);
  if (written === undefined || task === undefined) return [];
  const selection = selectTask(written, task);
  const known = task.beta === 'needed' && selection.beta === undefined && beta !== undefined ? { beta } : {};
  return judgedBy({ ...selection, ...known }, task, judges);
}

function fillRoles(
  file: JsonValue,
  checkpoints: readonly CheckpointDefinition[],
  templates: Templates,
): FilledRole[] {
  return roleEntries(file).flatMap((entry) => {
    const named = checkpoints.find(({ id }) => id === entry.value);
    const written = writtenRole(entry);
    if (named !== undefined) return [{ role: entry.role, model: withoutLineage(named) }];
    return written === undefined ? [] : [{ role: entry.role, model: fillModel(written.fields, templates) }];
  });
}

function withoutLineage(checkpoint: CheckpointDefinition): RoleDefinition {
  const { alignment: _alignment, control: _control, ...role } = checkpoint;
  return role;
}

/** Interfaces lack the index signature of JsonObject, though they hold nothing but JSON. */
function asJson(content: Omit<Definition, 'folder' | 'digest'>): JsonObject {
  return content as unknown as JsonObject;
}
