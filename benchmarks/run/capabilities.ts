import type { StatesOf, Verb } from '../../adapters/model.ts';
import { otherBeta } from '../definition/beta.ts';
import type { Alignment, RoleDefinition } from '../definition/definition.ts';
import type { ManifestModel } from '../journal/records.ts';
import type { PreparedTask } from './prepare-tasks.ts';

/** An instrument that a checkpoint cannot be asked, and why. */
export interface Gap {
  readonly checkpoint: string;
  readonly instrument: string;
  readonly missing: string;
  /** Follows from the definition itself: left out without being asked for. */
  readonly foreseen?: true;
}

/** What a model is known to be able to do, live or from a manifest. */
export interface CapableModel {
  readonly definition: Pick<RoleDefinition, 'id'> & { readonly alignment?: Pick<Alignment, 'beta'> };
  readonly facts: Pick<ManifestModel, 'identity' | 'verbs' | 'states'>;
}

export interface CapableModels {
  /** By checkpoint id. */
  readonly checkpoints: ReadonlyMap<string, CapableModel>;
  /** By role. */
  readonly roles: ReadonlyMap<string, CapableModel>;
}

/** Every instrument that some checkpoint or role cannot serve. */
export function findGaps(
  tasks: readonly Pick<PreparedTask, 'task' | 'instrument' | 'beta'>[],
  models: CapableModels,
): Gap[] {
  const gaps: Gap[] = [];
  for (const [checkpoint, model] of models.checkpoints) {
    for (const { task, instrument, beta } of tasks) {
      const other = otherBeta(model.definition.alignment, beta);
      if (other !== undefined) {
        gaps.push({ checkpoint, instrument, missing: other, foreseen: true });
        continue;
      }
      if (task.states !== undefined && isSilent(model)) {
        gaps.push({ checkpoint, instrument, missing: NO_STATES, foreseen: true });
        continue;
      }
      const missing = [
        ...missingVerbs(model, task.needs),
        ...missingStates(model, task.states),
        ...missingRoles(task.roles, models),
      ];
      if (missing.length > 0) gaps.push({ checkpoint, instrument, missing: missing.join('; ') });
    }
  }
  return gaps;
}

/** What nobody foresaw: a run refuses to start over it unless told to leave it out. */
export function unforeseen(gaps: readonly Gap[]): readonly Gap[] {
  return gaps.filter(({ foreseen }) => foreseen !== true);
}

/** A recording in which nobody asked for any vector; one that holds states is asked for them. */
function isSilent({ facts }: CapableModel): boolean {
  return facts.identity.adapter === 'replay' && !facts.verbs.includes('embed');
}

/** Names no checkpoint: those with the same reason share one alarm. */
const NO_STATES = 'the recording holds no hidden states';

function missingVerbs({ definition, facts }: CapableModel, needs: readonly Verb[]): string[] {
  return needs
    .filter((verb) => !facts.verbs.includes(verb))
    .map((verb) => `${definition.id} (${facts.identity.engine}) cannot ${verb}`);
}

/** Said only of models that embed: of the others it is said that they do not. */
function missingStates({ definition, facts }: CapableModel, states: StatesOf | undefined): string[] {
  if (states === undefined || !facts.verbs.includes('embed') || facts.states?.includes(states) === true)
    return [];
  const what = states === 'prompt' ? 'of a prompt in its format' : 'along an answer';
  return [`${definition.id} (${facts.identity.engine}) embeds texts, and gives no hidden states ${what}`];
}

function missingRoles(roles: PreparedTask['task']['roles'], models: CapableModels): string[] {
  return Object.entries(roles).flatMap(([role, needs]) => {
    const model = models.roles.get(role);
    if (model === undefined) return [`the definition names no ${role}`];
    return missingVerbs(model, needs ?? []);
  });
}
