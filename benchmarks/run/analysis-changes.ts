import { canonicalJson } from '../../core/canonical-json.ts';
import { digestOf } from '../../core/digest.ts';
import type { JsonValue } from '../../core/json.ts';
import type { Definition, TaskSelection } from '../definition/definition.ts';
import { definitionJson } from '../definition/fill.ts';
import { isBesideHeadline } from '../definition/judges.ts';
import { constraintWords } from '../definition/keep.ts';
import type { AnalysisChange, AnalysisSetting, Manifest } from '../journal/records.ts';
import type { PreparedTask } from './prepare-tasks.ts';
import { recordedDefinition } from './rescore.ts';

/** What of a task the analysis of its effects looks at. */
type KnownTask = Pick<PreparedTask, 'instrument'> & {
  readonly task: Pick<PreparedTask['task'], 'dimension' | 'family'>;
};

export interface SittingInput {
  readonly definition: Definition;
  readonly tasks: readonly KnownTask[];
  /** Answers that the run holds. */
  readonly answers: number;
  readonly at: string;
}

/**
 * The manifest of a run that goes on under this definition. Margins, headlines, dimensions, allowed differences and what
 * the step to keep must satisfy decide
 * how answers are analysed and not what is asked: the new ones hold from now on, and what they were stays on record.
 * The same manifest where nothing of it changed.
 */
export function underDefinition(manifest: Manifest, input: SittingInput): Manifest {
  const { definition, tasks, answers, at } = input;
  const recorded = recordedDefinition(manifest, definition.folder);
  const dimensionOf = dimensionsBy(tasks);
  const before = settingsOf(recorded, dimensionOf);
  const now = settingsOf(definition, dimensionOf);
  const changes = [...new Set([...before.keys(), ...now.keys()])].flatMap((key): AnalysisChange[] => {
    const [old, next] = [before.get(key), now.get(key)];
    const [was, is] = [old?.value ?? null, next?.value ?? null];
    const known = old ?? next;
    if (known === undefined || canonicalJson(was) === canonicalJson(is)) return [];
    const { setting, of } = known;
    return [{ at, answers, definitionDigest: manifest.definitionDigest, setting, of, was, is }];
  });
  if (changes.length === 0) return manifest;
  const changed = definitionJson(withAnalysisOf(definition, recorded, dimensionOf));
  return {
    ...manifest,
    definition: changed,
    definitionDigest: digestOf(changed),
    analysisChanges: [...(manifest.analysisChanges ?? []), ...changes],
  };
}

type DimensionOf = (selection: TaskSelection) => string | undefined;

/** Undefined outside trust, where no task is a headline. */
function dimensionsBy(tasks: readonly KnownTask[]): DimensionOf {
  const known = new Map(
    tasks.map(({ instrument, task }) => [
      instrument,
      (task.family ?? 'trust') === 'trust' ? task.dimension : undefined,
    ]),
  );
  return ({ instrument, dimension }) => dimension ?? known.get(instrument);
}

interface Setting {
  readonly setting: AnalysisSetting;
  readonly of: string | null;
  readonly value: JsonValue;
}

/** By name; what is not set is not there. */
function settingsOf(
  { tasks, settings, roles, keep = [] }: Definition,
  dimensionOf: DimensionOf,
): Map<string, Setting> {
  const allow = [...(settings.allow ?? [])].sort();
  const found: Setting[] = [
    ...tasks.flatMap(({ instrument, equivalence }): Setting[] =>
      equivalence === undefined ? [] : [{ setting: 'equivalence', of: instrument, value: equivalence }],
    ),
    ...tasks.flatMap(({ instrument, dimension }): Setting[] =>
      dimension === undefined ? [] : [{ setting: 'dimension', of: instrument, value: dimension }],
    ),
    ...[...headlinesOf({ tasks, roles }, dimensionOf)].map(
      ([dimension, instrument]): Setting => ({ setting: 'headline', of: dimension, value: instrument }),
    ),
    ...(allow.length === 0 ? [] : [{ setting: 'allow' as const, of: null, value: allow }]),
    ...(keep.length === 0 ? [] : [{ setting: 'keep' as const, of: null, value: keep.map(constraintWords) }]),
  ];
  return new Map(found.map((one) => [JSON.stringify([one.setting, one.of]), one]));
}

/** The declared headline of every dimension: the task that is marked, else the first. */
function headlinesOf(
  { tasks, roles }: Pick<Definition, 'tasks' | 'roles'>,
  dimensionOf: DimensionOf,
): Map<string, string> {
  const headlines = new Map<string, string>();
  const rivals = tasks.filter((one) => !isBesideHeadline(one, { roles }));
  for (const one of [...rivals.filter(({ headline }) => headline === true), ...rivals]) {
    const dimension = dimensionOf(one);
    if (dimension !== undefined && !headlines.has(dimension)) headlines.set(dimension, one.instrument);
  }
  return headlines;
}

/** The definition as recorded, with the analysis of another one. Its order stays, so a headline that came first is marked. */
function withAnalysisOf(definition: Definition, recorded: Definition, dimensionOf: DimensionOf): Definition {
  const next = new Map(definition.tasks.map((one) => [one.instrument, one]));
  const headlines = new Set(headlinesOf(definition, dimensionOf).values());
  const { allow: _allow, ...settings } = recorded.settings;
  const { allow } = definition.settings;
  const { keep } = definition;
  const { keep: _keep, ...rest } = recorded;
  return {
    ...rest,
    ...(keep === undefined ? {} : { keep }),
    settings: { ...settings, ...(allow === undefined ? {} : { allow }) },
    tasks: recorded.tasks.map(({ equivalence: _margin, headline: _mark, dimension: _name, ...task }) => {
      const { equivalence, dimension } = next.get(task.instrument) ?? {};
      return {
        ...task,
        ...(dimension === undefined ? {} : { dimension }),
        ...(headlines.has(task.instrument) ? { headline: true as const } : {}),
        ...(equivalence === undefined ? {} : { equivalence }),
      };
    }),
  };
}

/** What changed, in a few words for whoever runs the benchmark: `equivalence of truthfulness/mc1@zoo-truth:robust`. */
export function changedSettings(changes: readonly Pick<AnalysisChange, 'setting' | 'of'>[]): string {
  return changes.map(({ setting, of }) => (of === null ? setting : `${setting} of ${of}`)).join(', ');
}
