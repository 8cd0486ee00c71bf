import { resolve } from 'node:path';
import type { Definition, TaskSelection } from '../../benchmarks/definition/definition.ts';
import { readsOwnRows } from '../../benchmarks/definition/selection.ts';
import { readOutcomes } from '../../benchmarks/journal/outcomes.ts';
import type { Manifest } from '../../benchmarks/journal/records.ts';
import { readManifest } from '../../benchmarks/journal/run-folder.ts';
import { recordedDefinition } from '../../benchmarks/run/rescore.ts';
import { EXIT, type ExitCode, UserError } from '../../core/errors.ts';
import { grouped } from '../../results/format.ts';
import { factorValue, type PairDetail, profileDetail } from '../../results/profile/detail.ts';
import { loadDataset } from '../../suites/datasets/index.ts';
import { loadOwnDataset } from '../../suites/datasets/own.ts';
import { RAW_FORMS } from '../../suites/datasets/raw-forms.ts';
import { allFactors } from '../../suites/profile/all-factors.ts';
import { pairItems } from '../../suites/profile/items.ts';
import type { AnnotatorFacts } from '../../suites/profile/pairs/annotated-writer.ts';
import type { PairRow, Vote } from '../../suites/profile/pairs/pair.ts';
import { findTask } from '../../suites/registry.ts';
import type { LoadedDataset } from '../../suites/task.ts';
import { type OptionValues, textOption } from '../command.ts';
import type { Io } from '../io.ts';
import { definitionFolder, loadRecordedExtensions } from '../recorded-extensions.ts';
import { chooseRun } from '../run-choice.ts';
import { writeAnnotatedPairs, writePairs } from './convert.ts';
import { factorAnnotators, factorVote } from './factor-votes.ts';
import { limitOf } from './open-import.ts';

/** What the checkpoints of a run said of its pairs, by dataset and pair. */
type RunVotes = Map<string, Map<string, Record<string, Vote>>>;

/**
 * Exports the pairs that a run's checkpoints chose between: their choices and the factors as votes beside those of
 * people. What a checkpoint did not decide is `tie` where both orders disagree, and no vote where it gave no preference.
 */
export async function exportRun(
  named: string,
  out: string | undefined,
  options: OptionValues,
  io: Io,
): Promise<ExitCode> {
  const folder = await chooseRun(named, options, io);
  await loadRecordedExtensions(folder, options, io);
  const manifest = await readManifest(folder);
  const definition = recordedDefinition(manifest, definitionFolder(folder, manifest, options, io));
  const selections = definition.tasks.filter(({ task }) => task.startsWith('profile/'));
  const { votes, raters } = await readVotes(folder, selections, manifest);
  if (votes.size === 0) {
    const message = 'holds no preference between given pairs';
    const fix = 'run a benchmark with profile/evaluation, for example `aligntrust run profile`';
    throw new UserError({ where: folder, message, fix }, EXIT.environment);
  }
  let count = 0;
  const write = textOption(options, 'to') === 'pairs' ? writePairs : writeAnnotatedPairs;
  const limit = limitOf(options) ?? Number.POSITIVE_INFINITY;
  await write(
    {
      pairs: (async function* () {
        for await (const pair of votedPairs(definition, selections, votes, io, options)) {
          if (count >= limit) return;
          count++;
          yield pair;
        }
      })(),
      header: () => undefined,
      datasetName: manifest.run,
      createdAt: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
      raters: new Map([...factorAnnotators(allFactors()), ...raters]),
    },
    out,
    io,
  );
  const checkpoints = raters.size;
  if (options.json) {
    const found = { run: manifest.run, pairs: count, raters: [...raters.keys()], out };
    io.out(`${JSON.stringify(found, undefined, 2)}\n`);
  } else if (!options.quiet) {
    const words = `${manifest.run}: ${grouped(count)} pairs, ${checkpoints} rater${checkpoints === 1 ? '' : 's'} beside people and factors\n`;
    (out === undefined ? io.err : io.out)(words);
  }
  return EXIT.fine;
}

async function readVotes(
  folder: string,
  selections: readonly TaskSelection[],
  { run }: Manifest,
): Promise<{ readonly votes: RunVotes; readonly raters: Map<string, AnnotatorFacts> }> {
  const byInstrument = new Map(selections.map((one) => [one.instrument, one]));
  const votes: RunVotes = new Map();
  const raters = new Map<string, AnnotatorFacts>();
  for await (const record of readOutcomes(folder)) {
    const selection = byInstrument.get(record.instrument);
    const detail = selection === undefined ? null : profileDetail(record);
    if (selection === undefined || detail?.kind !== 'pair' || record.repeat > 0) continue;
    const name = `${record.checkpoint} ${selection.task}`;
    const pairs = votes.get(selection.dataset) ?? new Map<string, Record<string, Vote>>();
    votes.set(selection.dataset, pairs);
    const vote = voteOf(detail);
    if (vote !== undefined) {
      raters.set(name, {
        name,
        description: `Choice of ${record.checkpoint} under ${record.instrument}, run ${run}`,
        type: 'model',
      });
    }
    pairs.set(record.sample, {
      ...pairs.get(record.sample),
      ...factorVotes(detail),
      ...(vote === undefined ? {} : { [name]: vote }),
    });
  }
  return { votes, raters };
}

function voteOf({ preference }: PairDetail): Vote | undefined {
  return preference === 1 ? 'a' : preference === -1 ? 'b' : preference === 0 ? 'tie' : undefined;
}

function factorVotes({ factors }: PairDetail): Record<string, Vote> {
  const known = allFactors().flatMap(({ key }) => {
    const [a, b] = [factorValue(factors, key, 0), factorValue(factors, key, 1)];
    return factorVote(key, [Number.isNaN(a) ? null : a, Number.isNaN(b) ? null : b]);
  });
  return Object.fromEntries(known);
}

/** The pairs that were asked, with their texts, from the data of the run. */
async function* votedPairs(
  definition: Definition,
  selections: readonly TaskSelection[],
  votes: RunVotes,
  io: Io,
  options: OptionValues,
): AsyncGenerator<PairRow> {
  for (const [id, ofDataset] of votes) {
    const selection = selections.find(({ dataset }) => dataset === id);
    if (selection === undefined) continue;
    for (const pair of pairItems(await datasetOf(selection, definition.folder, io, options))) {
      const said = ofDataset.get(pair.id);
      if (said === undefined) continue;
      yield {
        ...pair,
        id: votes.size === 1 ? pair.id : `${id}/${pair.id}`,
        votes: { ...pair.votes, ...said },
        meta: { ...pair.meta, dataset: id },
      };
    }
  }
}

async function datasetOf(
  { task: name, dataset: id, path, form }: TaskSelection,
  folder: string,
  io: Io,
  { quiet }: OptionValues,
): Promise<LoadedDataset> {
  const task = await findTask(name);
  if (task !== undefined && readsOwnRows(task, id)) {
    const rawForm = RAW_FORMS[form ?? 'question-answer'];
    const own = { id, path: resolve(folder, path ?? ''), rowSchema: task.ownRows ?? {}, rawForm };
    return (await loadOwnDataset(own)).dataset;
  }
  const notify = (line: string) => {
    if (!quiet) io.err(`${line}\n`);
  };
  const given = path === undefined ? {} : { path: resolve(folder, path) };
  return (await loadDataset(id, { env: io.env, notify, offline: true, ...given })).dataset;
}
