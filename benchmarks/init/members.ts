import { dirname } from 'node:path';
import type { FolderFacts } from './facts.ts';
import { isRewardModel } from './method.ts';
import { lastPart } from './scan.ts';

/** Weights that could be asked: the end of a training run, or a `checkpoint-N` on the way. */
export interface Member {
  readonly facts: FolderFacts;
  /** The run's own folder when that said anything, else the member itself; the model card lies there. */
  readonly run: FolderFacts;
  readonly runPath: string;
  readonly isStep: boolean;
  readonly step?: number;
}

/** Every member of every run, in the order of the folders, and in words what was left out and why. */
export function membersOf(folders: readonly FolderFacts[]): {
  readonly members: readonly Member[];
  readonly notes: readonly string[];
} {
  const byPath = new Map(folders.map((facts) => [facts.folder.path, facts]));
  const leftOut = folders.flatMap((facts) => {
    const reason = whyLeftOut(facts);
    return reason === undefined ? [] : [`${shown(facts)}: ${reason}; left out`];
  });
  const all = folders
    .filter((facts) => facts.weights !== 'none' && whyLeftOut(facts) === undefined)
    .map((facts) => asMember(facts, byPath));
  const doubles = all.flatMap((member) => doubleOf(member, all) ?? []);
  const members = all
    .filter((member) => !doubles.some(({ step }) => step === member))
    .map((member) => doubles.find(({ end }) => end === member)?.completed ?? member);
  const doubled = doubles.map(
    ({ step, end }) =>
      `${shown(step.facts)}: the end of its run, which ${shown(end.facts)} holds too; left out`,
  );
  return { members: inStepOrder(members), notes: [...leftOut, ...doubled] };
}

/** The checkpoints of one run side by side, in the order of their steps, which a definition asks for; its end last. */
function inStepOrder(members: readonly Member[]): Member[] {
  const runs = new Map<string, Member[]>();
  for (const member of members) runs.set(member.runPath, [...(runs.get(member.runPath) ?? []), member]);
  const place = ({ step = Number.POSITIVE_INFINITY }: Member): number => step;
  return [...runs.values()].flatMap((run) =>
    run.sort((one, other) => (place(one) === place(other) ? 0 : place(one) - place(other))),
  );
}

/** How a message names a folder. */
export function shown({ folder }: FolderFacts): string {
  return folder.name === '' ? '.' : folder.name;
}

function whyLeftOut(facts: FolderFacts): string | undefined {
  if (isRewardModel(facts)) return 'a reward model or classifier, not a checkpoint under test';
  const hasConfig = facts.folder.files.has('config.json') || facts.adapter !== undefined;
  if (facts.weights === 'none') return hasConfig ? 'no weights (*.safetensors) beside its config' : undefined;
  return hasConfig ? undefined : 'weights without a config that says what they are';
}

function asMember(facts: FolderFacts, byPath: ReadonlyMap<string, FolderFacts>): Member {
  const inName = /^checkpoint-(\d{1,12})$/.exec(lastPart(facts.folder))?.[1];
  const isStep = inName !== undefined;
  const runPath = isStep ? dirname(facts.folder.path) : facts.folder.path;
  const step = facts.state?.step ?? (isStep ? Number(inName) : undefined);
  return {
    facts,
    run: byPath.get(runPath) ?? facts,
    runPath,
    isStep,
    ...(step === undefined ? {} : { step }),
  };
}

interface Double {
  readonly step: Member;
  readonly end: Member;
  /** The end, with the step that it turned out to stand at. */
  readonly completed: Member;
}

/** Trainers save the end of a run twice: as the last `checkpoint-N` and as the run's own folder. */
function doubleOf(end: Member, all: readonly Member[]): Double | undefined {
  if (end.isStep) return undefined;
  const steps = all.filter(({ isStep, runPath }) => isStep && runPath === end.runPath);
  const last = steps.reduce<Member | undefined>(
    (latest, member) => ((member.step ?? 0) >= (latest?.step ?? 0) ? member : latest),
    undefined,
  );
  if (last?.step === undefined) return undefined;
  const endStep = end.step ?? last.facts.state?.lastStep;
  return endStep === last.step ? { step: last, end, completed: { ...end, step: last.step } } : undefined;
}
