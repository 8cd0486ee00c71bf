import type { EffectInput } from '../effects/effects.ts';
import type { Alarm, Cell, Effect, RunFacts, SummaryCheckpoint } from '../summary.ts';
import { answerAlarms } from './answers.ts';
import { fewClusterAlarms } from './clusters.ts';
import { answerMassAlarms, censoredAlarms, displacementAlarms } from './dynamics.ts';
import { familyAlarms, missingnessAlarms, seedAlarms } from './effects.ts';
import { unreadJudgeAlarms } from './judges.ts';
import { isNote } from './level.ts';
import { chanceAlarms, incompleteAlarms, rateAlarms, skipAlarms } from './rates.ts';
import { equalWeightsAlarms } from './weights.ts';

export interface AlarmInput {
  readonly run: RunFacts;
  readonly checkpoints: readonly SummaryCheckpoint[];
  readonly inputs: readonly EffectInput[];
  readonly cells: readonly Cell[];
  readonly effects: readonly Effect[];
  readonly primaryTests: number;
  readonly draws: number;
  /** What the runner saw while asking; it comes first, and is not said twice. */
  readonly runnerAlarms: readonly Alarm[];
  /** Outcomes that belong to no checkpoint or task of the summary. */
  readonly strangers: number;
}

/** Everything a reader must know before believing the table: alarms first, notes (all is as it should be) last. */
export function raiseAlarms(input: AlarmInput): Alarm[] {
  const said = new Set(input.runnerAlarms.map(placeOf));
  const found = [
    ...incompleteAlarms(input),
    ...equalWeightsAlarms(input.checkpoints),
    ...answerAlarms(input.checkpoints, input.inputs),
    ...chanceAlarms(input),
    ...rateAlarms(input),
    ...unreadJudgeAlarms(input.inputs),
    ...skipAlarms(input),
    ...missingnessAlarms(input),
    ...displacementAlarms(input),
    ...answerMassAlarms(input),
    ...censoredAlarms(input),
    ...familyAlarms(input),
    ...seedAlarms(input),
    ...fewClusterAlarms(input),
  ].filter((alarm) => !said.has(placeOf(alarm)));
  const all = [...input.runnerAlarms, ...found];
  return [...all.filter((alarm) => !isNote(alarm)), ...all.filter(isNote)];
}

function placeOf({ kind, checkpoint, task }: Alarm): string {
  return JSON.stringify([kind, checkpoint, task]);
}
