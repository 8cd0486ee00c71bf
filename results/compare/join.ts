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
  /** What makes them fit; null where nothing does, or where there is nothing to mend. */
  readonly fix: string | null;
}

export interface Join {
  readonly joined: readonly Joined[];
  readonly notJoined: readonly NotJoined[];
}

/**
 * Which instruments can stand in one table: equal task version, data, preset, repeats and scorers. How many samples were
 * asked is said, and keeps nothing apart.
 */
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
  if (outdated !== null) return { joined: null, notJoined: [{ instrument, conflict: true, ...outdated }] };
  const judged = others.map((other) => ({ other, differences: differencesOf(first, other) }));
  const fitting = judged.filter(({ differences }) => differences.length === 0).map(({ other }) => other);
  const notJoined = judged
    .filter(({ differences }) => differences.length > 0)
    .map(({ differences }) => ({
      instrument,
      why: differences.map(({ why }) => why).join('; '),
      conflict: true,
      fix: [...new Set(differences.map(({ fix }) => fix))].join(' '),
    }));
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
  if (rival === undefined) return { instrument, why: `only ${label} asked it`, conflict: false, fix: null };
  const kinds = [
    rival.asked.preset === asked.preset ? null : 'preset',
    rival.asked.dataset === asked.dataset ? null : 'dataset',
  ].filter((kind) => kind !== null);
  return {
    instrument,
    why: `${rival.label} asked ${clean(rival.asked.instrument)}: another ${kinds.join(' and ')}, so another instrument`,
    conflict: true,
    fix: `Name ${kinds.join(' and ')} in both definitions (${clean(instrument)}) and run the other one again.`,
  };
}

function outdatedOf({ label, asked }: Placed): Difference | null {
  if (asked.present === null) {
    return {
      why: 'this version of aligntrust does not know the task',
      fix: 'Use the version of aligntrust that ran it, or the folder of its extensions (--data-folder).',
    };
  }
  if (asked.present === asked.version) return null;
  return {
    why: `${label} was read with version ${asked.version} of the task and this is version ${asked.present}`,
    fix: RESCORE,
  };
}

interface Difference {
  readonly why: string;
  readonly fix: string;
}

const RESCORE = '`aligntrust rescore RUN` reads the outcomes of a run again, without asking.';

/** What to do about a condition that differs; conditions are named by whoever loads a run. */
const FIXES: Readonly<Record<string, string>> = {
  'stopping rule':
    'A run that stops by what it sees has a report of its own; ask both without --until to compare them.',
  judge: 'Let the same judge read both: put it into the definition and run it again; answers are kept.',
};

const SAME_DEFINITION = 'Ask both with one definition: what differs is named before the colon.';

function differencesOf(a: Placed, b: Placed): Difference[] {
  const names = [...new Set([...Object.keys(a.asked.conditions), ...Object.keys(b.asked.conditions)])];
  const found = [
    differing('task version', RESCORE, a, b, ({ version }) => String(version)),
    a.asked.dataDigest !== null && b.asked.dataDigest !== null
      ? differing(
          'data',
          'The file of the dataset changed: run the older one again with `--new`.',
          a,
          b,
          ({ dataDigest }) => (dataDigest ?? '').slice(0, 12),
        )
      : null,
    differing('repeats of each sample', 'Set `repeats` alike in both definitions.', a, b, ({ repeats }) =>
      String(repeats),
    ),
    ...names.map((name) =>
      differing(name, FIXES[name] ?? SAME_DEFINITION, a, b, ({ conditions }) => conditions[name] ?? 'none'),
    ),
  ];
  return found.filter((difference) => difference !== null);
}

/** `repeats of each sample: 1 in A, 3 in B`, or null where they are equal. */
function differing(
  what: string,
  fix: string,
  a: Placed,
  b: Placed,
  read: (asked: Asked) => string,
): Difference | null {
  const [left, right] = [read(a.asked), read(b.asked)];
  if (left === right) return null;
  return { why: `${what}: ${clean(left)} in ${a.label}, ${clean(right)} in ${b.label}`, fix };
}
