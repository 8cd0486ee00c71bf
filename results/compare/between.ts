import type { OutcomeRecord } from '../../benchmarks/journal/records.ts';
import { type SummaryTaskInput, summarise } from '../summarise.ts';
import type { Effect, Families, SummaryCheckpoint } from '../summary.ts';
import { comparedPlaces, placeKey } from './columns.ts';
import type { Counterparts } from './counterparts.ts';
import type { RunInput } from './run-input.ts';
import type { SharedJoin } from './shared.ts';

/** A summary over the checkpoints of all runs in which every checkpoint's parent is whom it is held against. */
export async function effectsBetween(
  inputs: readonly RunInput[],
  joined: readonly SharedJoin[],
  tasks: readonly SummaryTaskInput[],
  pairs: readonly Counterparts[],
): Promise<{ effects: readonly Effect[]; families: Families | null }> {
  const labels = inputs.map(({ label }) => label);
  const paired = joined
    .map((join) => ({ ...join, paired: join.paired.filter((label) => labels.includes(label)) }))
    .filter((join) => join.paired.length > 1);
  const kept = pairs.filter(({ from, to }) => labels.includes(from.run) && labels.includes(to.run));
  const [first] = inputs;
  if (first === undefined || paired.length === 0 || kept.length === 0) return { effects: [], families: null };
  const summary = await summarise({
    run: first.run,
    benchmark: 'comparison',
    checkpoints: lineageOf(kept),
    tasks: tasks.flatMap((task) => {
      const join = paired.find(({ instrument }) => instrument === task.facts.task);
      if (join === undefined) return [];
      return [{ ...task, facts: { ...task.facts, samples: join.shared ?? task.facts.samples } }];
    }),
    outcomes: joinedOutcomes(inputs, paired, kept),
    runnerAlarms: [],
    seed: first.run.seed,
    // What every one of the definitions allows.
    allow: first.allow.filter((name) => inputs.every(({ allow }) => allow.includes(name))),
  });
  const compared = comparedPlaces(summary.tasks);
  const effects = summary.effects.filter(
    (effect) =>
      (effect.kind === 'stage' || effect.kind === 'control') &&
      compared.has(placeKey(effect)) &&
      bothAsked(paired, effect.task, effect.from, effect.to),
  );
  return { effects, families: summary.families };
}

function bothAsked(
  paired: readonly { instrument: string; paired: readonly string[] }[],
  task: string,
  from: string,
  to: string,
): boolean {
  const labels = paired.find(({ instrument }) => instrument === task)?.paired ?? [];
  return [from, to].every((name) => labels.includes(runOf(name)));
}

/** Everything that would make seed twins or steps of them is left out: each pair is a comparison of its own. */
function lineageOf(pairs: readonly Counterparts[]): SummaryCheckpoint[] {
  const members = new Map(
    pairs.flatMap(({ from, to }) => [from, to].map((member) => [member.name, member] as const)),
  );
  const parents = new Map(
    pairs.map(({ from, to, sameWeights }) => [to.name, { from: from.name, sameWeights }]),
  );
  return [...members.values()].map(({ name, checkpoint }) => {
    const parent = parents.get(name);
    return {
      ...checkpoint,
      id: name,
      parent: parent?.from ?? null,
      control: parent?.sameWeights === true ? 'copy' : null,
      seed: null,
      step: null,
      data: null,
      recipe: name,
      family: null,
    };
  });
}

async function* joinedOutcomes(
  inputs: readonly RunInput[],
  paired: readonly SharedJoin[],
  pairs: readonly Counterparts[],
): AsyncGenerator<OutcomeRecord> {
  const names = new Set(pairs.flatMap(({ from, to }) => [from.name, to.name]));
  for (const { label, outcomes } of inputs) {
    const wanted = new Map(
      paired.filter((join) => join.paired.includes(label)).map(({ instrument, only }) => [instrument, only]),
    );
    for await (const record of outcomes()) {
      const name = `${label}/${record.checkpoint}`;
      const only = wanted.get(record.instrument);
      if (only === undefined || !names.has(name)) continue;
      if (only === null || only.has(record.sample)) yield { ...record, checkpoint: name };
    }
  }
}

/** The label of the run in `A/dpo`; labels have no slash, ids may. */
function runOf(name: string): string {
  return name.slice(0, name.indexOf('/'));
}
