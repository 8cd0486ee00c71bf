import { type LoadedExtension, loadExtensions } from '../benchmarks/definition/extensions.ts';
import { loadDefinition } from '../benchmarks/definition/load.ts';
import { installedVocabulary } from '../benchmarks/definition/vocabulary.ts';
import { type OptionValues, textOption } from './command.ts';
import type { Io } from './io.ts';

/**
 * What the modules bring that the benchmark of `--benchmark` names, registered, so that it is found by name like anything
 * installed; nothing without the option. Their code runs, as when the benchmark is validated.
 *
 * @throws UserError for a benchmark or module that is wrong.
 */
export async function benchmarkExtensions(
  options: OptionValues,
  io: Io,
): Promise<readonly LoadedExtension[]> {
  const written = textOption(options, 'benchmark');
  if (written === undefined) return [];
  const { extensions = [], folder } = await loadDefinition(written, { folder: io.cwd });
  const paths = extensions.map(({ path }) => path);
  return (await loadExtensions(paths, folder, await installedVocabulary())).loaded;
}
