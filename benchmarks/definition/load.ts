import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, resolve } from 'node:path';
import { codeOf, EXIT, messageOf, type Problem, UserError } from '../../core/errors.ts';
import type { JsonValue } from '../../core/json.ts';
import { catalogFile, catalogNames } from '../catalog/index.ts';
import { checkBeta } from './check-beta.ts';
import { checkLineage } from './check-lineage.ts';
import { checkModels } from './check-models.ts';
import { checkNumbers } from './check-numbers.ts';
import { checkRoles } from './check-roles.ts';
import { checkSeries } from './check-series.ts';
import { checkSettings } from './check-settings.ts';
import { checkTasks } from './check-tasks.ts';
import {
  definitionSchema,
  MAX_CHECKPOINTS,
  MAX_EXTENSIONS,
  MAX_KEEP,
  MAX_TASKS,
} from './definition.schema.ts';
import type { Definition } from './definition.ts';
import { type ExtensionProblem, extendVocabulary, loadExtensions, registerExtensions } from './extensions.ts';
import { fillDefinition, type Templates } from './fill.ts';
import { type Finding, fieldName, listOf, objectOf, suggest, textOf } from './finding.ts';
import { checkFormats } from './formats.ts';
import { checkKeep } from './keep.ts';
import { MAX_FILE_BYTES, type ParsedFile, parseFile } from './parse.ts';
import { checkSecrets } from './secrets.ts';
import { writtenTask } from './selection.ts';
import { shapeCheck } from './shape.ts';
import { installedVocabulary, type Vocabulary } from './vocabulary.ts';
import { roleEntries, writtenCheckpoints, writtenRoles } from './written.ts';

export interface LoadOptions {
  /** Where relative paths of arguments start, and those of a catalogue benchmark; the working folder if absent. */
  readonly folder?: string;
  /** The adapters and tasks that a definition may name; what is installed if absent. */
  readonly vocabulary?: Vocabulary;
}

/** More would scroll the first ones away. */
const MAX_PROBLEMS = 50;

/**
 * Reads a benchmark: a name of the catalogue (`tiny`) or the path of a YAML or JSON file.
 *
 * @throws UserError with exit code 2 and every problem at once, each with `file:line:column`, field, value and
 *   remedy, in the order of the file; with exit code 3 when a chat template that the file names cannot be read
 */
export async function loadDefinition(nameOrPath: string, options: LoadOptions = {}): Promise<Definition> {
  const workingFolder = resolve(options.folder ?? process.cwd());
  const catalogued = catalogFile(nameOrPath);
  const path = catalogued ?? resolve(workingFolder, nameOrPath);
  const text = await readDefinitionFile(path, nameOrPath);
  const shownName = catalogued === undefined ? nameOrPath : `catalog/${basename(catalogued)}`;
  const folder = catalogued === undefined ? dirname(path) : workingFolder;
  return definitionFromText(text, { ...options, file: shownName, folder });
}

/**
 * The same for a text that is already at hand.
 *
 * @param options.file the name to show in messages
 * @param options.folder where relative paths of the definition start
 */
export async function definitionFromText(
  text: string,
  options: LoadOptions & { readonly file: string; readonly folder: string },
): Promise<Definition> {
  const parsed = parseFile(text, options.file);
  const paths = extensionPaths(parsed.value);
  // An extension must not take any name of ours, so all of them are looked at.
  const wanted = paths.length > 0 ? undefined : taskNamesIn(parsed.value);
  const installed = options.vocabulary ?? (await installedVocabulary(wanted));
  const { loaded, problems } = await loadExtensions(paths, options.folder, installed);
  const vocabulary = extendVocabulary(installed, loaded);
  const findings = [...extensionFindings(problems), ...(await check(parsed.value, vocabulary))];
  if (findings.length > 0) throw new UserError(problemsOf(findings, parsed, options.file));
  const templates = await readTemplates(parsed, options.file, options.folder);
  await registerExtensions(loaded);
  const uses = loaded.map(({ use }) => use);
  return fillDefinition(parsed.value, { folder: options.folder, templates, vocabulary, extensions: uses });
}

function taskNamesIn(file: JsonValue): readonly string[] {
  return listOf(file, 'tasks').flatMap((entry) => writtenTask(entry)?.task ?? []);
}

/** None where the list has the wrong shape: what nobody meant to run is not run. */
function extensionPaths(file: JsonValue): readonly string[] {
  const written = listOf(file, 'extensions');
  const paths = written.filter((path) => typeof path === 'string');
  return paths.length === written.length && paths.length <= MAX_EXTENSIONS ? paths : [];
}

function extensionFindings(problems: readonly ExtensionProblem[]): Finding[] {
  const indexes = [...new Set(problems.map(({ index }) => index))];
  return indexes.map((index) => {
    const messages = problems.filter((problem) => problem.index === index).map(({ message }) => message);
    const fix = 'docs/adding-a-suite.md shows what a module exports';
    return { path: ['extensions', index], message: messages.join('\n   '), fix };
  });
}

/** Every check runs on every file, also on one whose shape is wrong, so that all problems come at once. */
async function check(file: JsonValue, vocabulary: Vocabulary): Promise<Finding[]> {
  const shape = shapeCheck(definitionSchema)(file, []);
  const tooMany =
    listOf(file, 'checkpoints').length > MAX_CHECKPOINTS ||
    listOf(file, 'tasks').length > MAX_TASKS ||
    listOf(file, 'keep').length > MAX_KEEP;
  if (tooMany) return shape;
  const checkpoints = writtenCheckpoints(file);
  const roles = roleEntries(file).map(({ role }) => role);
  return [
    ...checkSecrets(file),
    ...checkNumbers(file),
    ...shape,
    ...checkLineage(checkpoints),
    ...checkFormats(file),
    ...(await checkModels([...checkpoints, ...writtenRoles(file)], vocabulary)),
    ...checkRoles(file, checkpoints),
    ...checkTasks(file, roles, vocabulary),
    ...checkBeta(file, checkpoints, vocabulary),
    ...checkSeries(file, checkpoints, vocabulary),
    ...checkSettings(file, checkpoints),
    ...checkKeep(file, checkpoints, vocabulary),
  ];
}

function problemsOf(findings: readonly Finding[], parsed: ParsedFile, file: string): Problem[] {
  const byField = new Map<string, Finding>();
  for (const finding of findings) {
    const field = fieldName(finding.path);
    if (!byField.has(field)) byField.set(field, finding);
  }
  const located = [...byField].slice(0, MAX_PROBLEMS).map(([field, finding]) => {
    const place = parsed.locate(finding.path, finding.at);
    const [line = 0, column = 0] = place.split(':').map(Number);
    const problem: Problem = {
      where: `${file}:${place}`,
      ...(field === '' ? {} : { field }),
      message: finding.message,
      ...(finding.fix === undefined ? {} : { fix: finding.fix }),
    };
    return { problem, line, column };
  });
  located.sort((a, b) => a.line - b.line || a.column - b.column);
  const problems = located.map(({ problem }) => problem);
  const rest = byField.size - problems.length;
  return rest > 0 ? [...problems, { where: file, message: `and ${rest} more problems` }] : problems;
}

async function readDefinitionFile(path: string, nameOrPath: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) {
      throw new UserError({
        where: nameOrPath,
        message: `the file is larger than ${MAX_FILE_BYTES / 2 ** 20} MiB`,
      });
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    if (UserError.is(error)) throw error;
    throw new UserError(unreadable(error, nameOrPath), EXIT.usage, error);
  }
}

function unreadable(error: unknown, nameOrPath: string): Problem {
  const code = codeOf(error);
  if (code === 'ENOENT') {
    const isPath = isAbsolute(nameOrPath) || /[\\/]|\.(ya?ml|json)$/i.test(nameOrPath);
    const message = `${isPath ? 'there is no such file' : 'there is no benchmark and no file of this name'}`;
    return {
      where: nameOrPath,
      message,
      fix: suggest(nameOrPath, catalogNames(), 'benchmarks of the catalogue'),
    };
  }
  if (code === 'EISDIR') return { where: nameOrPath, message: 'is a folder, not a benchmark file' };
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return { where: nameOrPath, message: 'is not UTF-8 text', fix: 'save the file as UTF-8' };
  }
  return { where: nameOrPath, message: `cannot be read: ${messageOf(error)}` };
}

/** Reads the chat templates that the file names by path. They are part of the digest, as text. */
async function readTemplates(parsed: ParsedFile, file: string, folder: string): Promise<Templates> {
  const models = [...writtenCheckpoints(parsed.value), ...writtenRoles(parsed.value)];
  const templates = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { fields, path } of models) {
    const named = textOf(objectOf(fields, 'template'), 'file');
    if (named === undefined || templates.has(named)) continue;
    try {
      templates.set(named, await readTemplate(resolve(folder, named)));
    } catch (error) {
      const at = [...path, 'template', 'file'];
      problems.push({
        where: `${file}:${parsed.locate(at)}`,
        field: fieldName(at),
        message: messageOf(error),
      });
    }
  }
  if (problems.length > 0) throw new UserError(problems, EXIT.environment);
  return templates;
}

async function readTemplate(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > MAX_FILE_BYTES) throw new Error('the chat template is larger than 1 MiB');
  return readFile(path, 'utf8');
}
