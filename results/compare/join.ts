import { clean } from '../report/text.ts';

/** What one run recorded of one instrument. */
export interface Asked {
  /** `task@dataset:preset`. */
  readonly instrument: string;
  readonly task: string;
  readonly dataset: string;
  readonly preset: string;
  readonly version: number;
  /** The task's version in this program; null where the program does not know the task. */
  readonly present: number | null;
  readonly samples: number;
  /** Digest of the sample ids. */
  readonly samplesDigest: string;
  /** SHA-256 of the data; null where the run recorded none. */
  readonly dataDigest: string | null;
  readonly repeats: number;
  /** Everything else that makes answers or scores of the same samples another measurement, by name. */
  readonly conditions: Readonly<Record<string, string>>;
}

export interface RunToJoin {
  readonly label: string;
  readonly asked: readonly Asked[];
}

/** An instrument that several runs asked in the same way. */
export interface Joined {
  readonly instrument: string;
  /** Labels of the runs, at least two, in the order given. */
  readonly runs: readonly string[];
  /** Those of them that asked the very same samples as the first: at least two, or none. */
  readonly paired: readonly string[];
}

export interface NotJoined {
  readonly instrument: string;
  readonly why: string;
  /** Several runs asked the task, in ways that do not fit together; false where only one asked it. */
  readonly conflict: boolean;
}

export interface Join {
  readonly joined: readonly Joined[];
  readonly notJoined: readonly NotJoined[];
}

/** Which instruments can stand in one table: equal task version, data, preset, number of samples, repeats and scorers. */
export function joinInstruments(runs: readonly RunToJoin[]): Join {
  const instruments = [...new Set(runs.flatMap(({ asked }) => asked.map(({ instrument }) => instrument)))];
  const results = instruments.map((instrument) => joinOne(instrument, runs));
  return {
    joined: results.flatMap(({ joined }) => (joined === null ? [] : [joined])),
    notJoined: results.flatMap(({ notJoined }) => notJoined),
  };
}

interface Placed {
  readonly label: string;
  readonly asked: Asked;
}

function joinOne(
  instrument: string,
  runs: readonly RunToJoin[],
): { joined: Joined | null; notJoined: readonly NotJoined[] } {
  const placed = runs.flatMap(({ label, asked }) =>
    asked.filter((one) => one.instrument === instrument).map((one): Placed => ({ label, asked: one })),
  );
  const [first, ...others] = placed;
  if (first === undefined) return { joined: null, notJoined: [] };
  if (others.length === 0) return { joined: null, notJoined: [alone(first, runs)] };
  const outdated = outdatedOf(first);
  if (outdated !== null) return { joined: null, notJoined: [{ instrument, why: outdated, conflict: true }] };
  const judged = others.map((other) => ({ other, differences: differencesOf(first, other) }));
  const fitting = judged.filter(({ differences }) => differences.length === 0).map(({ other }) => other);
  const notJoined = judged
    .filter(({ differences }) => differences.length > 0)
    .map(({ differences }) => ({ instrument, why: differences.join('; '), conflict: true }));
  if (fitting.length === 0) return { joined: null, notJoined };
  const same = [first, ...fitting].filter(
    ({ asked }) => asked.samplesDigest === first.asked.samplesDigest && asked.dataDigest !== null,
  );
  return {
    joined: {
      instrument,
      runs: [first, ...fitting].map(({ label }) => label),
      paired: same.length < 2 ? [] : same.map(({ label }) => label),
    },
    notJoined,
  };
}

/** Only one run asked the instrument; perhaps another asked the same task in another way. */
function alone({ label, asked }: Placed, runs: readonly RunToJoin[]): NotJoined {
  const { instrument, task } = asked;
  const rivals = runs
    .filter((run) => run.label !== label)
    .flatMap((run) =>
      run.asked.filter((one) => one.task === task).map((one) => ({ label: run.label, asked: one })),
    );
  const [rival] = rivals;
  if (rival === undefined) return { instrument, why: `only ${label} asked it`, conflict: false };
  const kinds = [
    rival.asked.preset === asked.preset ? null : 'preset',
    rival.asked.dataset === asked.dataset ? null : 'dataset',
  ].filter((kind) => kind !== null);
  return {
    instrument,
    why: `${rival.label} asked ${clean(rival.asked.instrument)}: another ${kinds.join(' and ')}, so another instrument`,
    conflict: true,
  };
}

function outdatedOf({ label, asked }: Placed): string | null {
  if (asked.present === null) return 'this version of aligntrust does not know the task';
  if (asked.present === asked.version) return null;
  return `${label} was read with version ${asked.version} of the task and this is version ${asked.present}; \`aligntrust rescore\` reads its outcomes again`;
}

function differencesOf(a: Placed, b: Placed): string[] {
  const names = [...new Set([...Object.keys(a.asked.conditions), ...Object.keys(b.asked.conditions)])];
  const found = [
    differing('task version', a, b, ({ version }) => String(version)),
    a.asked.dataDigest !== null && b.asked.dataDigest !== null
      ? differing('data', a, b, ({ dataDigest }) => (dataDigest ?? '').slice(0, 12))
      : null,
    differing('number of samples', a, b, ({ samples }) => String(samples)),
    differing('repeats of each sample', a, b, ({ repeats }) => String(repeats)),
    ...names.map((name) => differing(name, a, b, ({ conditions }) => conditions[name] ?? 'none')),
  ];
  return found.filter((words) => words !== null);
}

/** `number of samples: 200 in A, 40 in B`, or null where they are equal. */
function differing(what: string, a: Placed, b: Placed, read: (asked: Asked) => string): string | null {
  const [left, right] = [read(a.asked), read(b.asked)];
  return left === right ? null : `${what}: ${clean(left)} in ${a.label}, ${clean(right)} in ${b.label}`;
}
