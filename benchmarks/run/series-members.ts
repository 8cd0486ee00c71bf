import { canonicalJson } from '../../core/canonical-json.ts';
import { EXIT, type Problem, UserError } from '../../core/errors.ts';
import type { JsonValue } from '../../core/json.ts';
import type { Allowable, CheckpointDefinition, Definition } from '../definition/definition.ts';
import type { ManifestModel } from '../journal/records.ts';
import type { Gap } from './capabilities.ts';
import type { PreparedTask } from './prepare-tasks.ts';

/** Who answered, as far as a series depends on it. */
export interface SeriesModels {
  readonly checkpoints: ReadonlyMap<string, { readonly facts: ManifestModel }>;
  readonly roles: ReadonlyMap<string, { readonly facts: ManifestModel }>;
}

/**
 * Refuses, before anything is asked, learning dynamics of a series whose members, or of margins whose two sides, are
 * measured differently: by another engine, method, quantisation or chat template. What a definition allows by name
 * passes; so does what a checkpoint is not asked anyway.
 *
 * @throws UserError (exit code 3) with every member that differs, and in what
 */
export function refuseMixedSeries(
  definition: Pick<Definition, 'checkpoints' | 'settings'>,
  tasks: readonly Pick<PreparedTask, 'task' | 'instrument'>[],
  models: SeriesModels,
  gaps: readonly Gap[],
): void {
  const asked = tasks.filter(({ task }) => task.family === 'dynamics');
  if (asked.length === 0) return;
  const problems = [
    ...mixedMembers(definition, asked, models, gaps),
    ...mixedMargins(definition, asked, models, gaps),
  ];
  const first = new Map(problems.map((problem) => [`${problem.field} ${problem.message}`, problem]));
  if (first.size > 0) throw new UserError([...first.values()], EXIT.environment);
}

type Asked = readonly Pick<PreparedTask, 'task' | 'instrument'>[];

function mixedMembers(
  { checkpoints, settings }: Pick<Definition, 'checkpoints' | 'settings'>,
  tasks: Asked,
  models: SeriesModels,
  gaps: readonly Gap[],
): Problem[] {
  const against = (one: CheckpointDefinition, first: CheckpointDefinition, what: string): Problem[] => {
    const [own, other] = [models.checkpoints.get(one.id), models.checkpoints.get(first.id)];
    return differences(own?.facts, other?.facts, one, settings.allow ?? []).map((difference) =>
      problemOf(one.id, `"${first.id}"${what}`, difference),
    );
  };
  return tasks.flatMap(({ instrument }) => {
    const asked = checkpoints.filter(({ id }) => !isGap(gaps, id, instrument));
    return seriesOf(asked).flatMap(([first, ...others]) => {
      if (first === undefined || others.length === 0) return [];
      const start = startOf(first, asked);
      return [
        ...(start === undefined ? [] : against(first, start, ', from which the series starts')),
        ...others.flatMap((one) => against(one, first, ' of the same series')),
      ];
    });
  });
}

/** The parent, where it is asked in the same format, is the first point of a curve (results/series). */
function startOf(
  { alignment: { parent, step = 0 }, promptFormat }: CheckpointDefinition,
  asked: readonly CheckpointDefinition[],
): CheckpointDefinition | undefined {
  if (step <= 0) return undefined;
  return asked.find(
    (one) => one.id === parent && one.control === undefined && one.promptFormat === promptFormat,
  );
}

function mixedMargins(
  { checkpoints, settings }: Pick<Definition, 'checkpoints' | 'settings'>,
  tasks: Asked,
  models: SeriesModels,
  gaps: readonly Gap[],
): Problem[] {
  const reference = models.roles.get('reference');
  return tasks.flatMap(({ task, instrument }) => {
    if (task.roles.reference === undefined || reference === undefined) return [];
    return checkpoints
      .filter(({ id }) => !isGap(gaps, id, instrument))
      .flatMap((one) =>
        differences(models.checkpoints.get(one.id)?.facts, reference.facts, one, settings.allow ?? []).map(
          (difference) => problemOf(one.id, 'the reference', difference),
        ),
      );
  });
}

function isGap(gaps: readonly Gap[], checkpoint: string, instrument: string): boolean {
  return gaps.some((gap) => gap.checkpoint === checkpoint && gap.instrument === instrument);
}

/** Checkpoints with a step by training run and prompt format. */
function seriesOf(checkpoints: readonly CheckpointDefinition[]): CheckpointDefinition[][] {
  const series = new Map<string, CheckpointDefinition[]>();
  for (const one of checkpoints) {
    const { parent, method, data, recipe, seed, step } = one.alignment;
    if (step === undefined || one.control !== undefined) continue;
    const key = JSON.stringify(
      [parent, method, data, recipe, seed, one.promptFormat].map((part) => part ?? null),
    );
    series.set(key, [...(series.get(key) ?? []), one]);
  }
  return [...series.values()];
}

interface Difference {
  readonly what: string;
  readonly name: Allowable;
  readonly own: string;
  readonly other: string;
}

function differences(
  own: ManifestModel | undefined,
  other: ManifestModel | undefined,
  { promptFormat }: CheckpointDefinition,
  allowed: readonly Allowable[],
): Difference[] {
  if (own === undefined || other === undefined) return [];
  return FACTS.filter(({ name }) => !allowed.includes(name)).flatMap(({ what, name, of }) => {
    if (name === 'template' && promptFormat !== 'chat') return [];
    const [a, b] = [of(own), of(other)];
    if (canonicalJson(a ?? null) === canonicalJson(b ?? null)) return [];
    return [{ what, name, own: shown(a), other: shown(b) }];
  });
}

/** The same facts that keep an effect from being tested (results/effects/comparable.ts). */
const FACTS: readonly {
  readonly what: string;
  readonly name: Allowable;
  readonly of: (facts: ManifestModel) => JsonValue | undefined;
}[] = [
  { what: 'engine', name: 'engine', of: ({ identity }) => identity.engine },
  { what: 'scoring method', name: 'scoring', of: ({ scoreMethod }) => scoreMethod },
  { what: 'quantisation', name: 'quantisation', of: ({ identity }) => identity.notes?.['quantisation'] },
  { what: 'chat template', name: 'template', of: ({ identity }) => identity.template },
];

function problemOf(id: string, than: string, { what, name, own, other }: Difference): Problem {
  return {
    field: id,
    message: `has another ${what} than ${than}: ${own} against ${other}`,
    fix: `learning dynamics compare what was measured alike; give both the same ${what}, or allow the difference by name: settings: { allow: [${name}] }`,
  };
}

/** A name, or the beginning of a digest. */
function shown(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return 'none';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /^[0-9a-f]{64}$/.test(text) ? text.slice(0, 12) : text;
}
