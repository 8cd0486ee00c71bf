import type { Definition } from '../benchmarks/definition/definition.ts';
import type { Manifest, ManifestTask } from '../benchmarks/journal/records.ts';
import { ruleWidth, type SequentialDesign } from '../results/sequential/rule.ts';

/** How a recorded run must be read; undefined when it asked every sample. */
export function sequentialDesign(
  definition: Definition,
  { tasks }: Pick<Manifest, 'tasks'>,
): SequentialDesign | undefined {
  return designOf(definition, new Map(Object.entries(tasks)));
}

/** The design of a definition's `until`; undefined without one. */
export function designOf(
  { settings }: Definition,
  tasks: ReadonlyMap<string, ManifestTask>,
): SequentialDesign | undefined {
  const { until, seed, repeats } = settings;
  const width = until === undefined ? undefined : ruleWidth(until);
  if (until === undefined || width === undefined) return undefined;
  const largestClusters = new Map(
    [...tasks].map(([instrument, { largestClusters: largest = {} }]) => [
      instrument,
      Object.fromEntries(Object.entries(largest).map(([group, size]) => [group, size * repeats])),
    ]),
  );
  const clusters = new Map([...tasks].map(([instrument, facts]) => [instrument, facts.clusters]));
  return { rule: until, width, seed, clusters, largestClusters };
}
