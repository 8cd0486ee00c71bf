import type { JsonObject } from '../../core/json.ts';
import {
  count,
  digest,
  type Fields,
  listOf,
  nullable,
  number,
  numberOrNull,
  object,
  ref,
  text,
  textOrNull,
  words,
} from '../schema-fields.ts';
import { summarySchema } from '../summary.schema.ts';
import type {
  BoardCell,
  BoardColumn,
  BoardEffect,
  BoardMethod,
  BoardPublication,
  BoardRank,
  BoardRow,
  BoardScore,
  Leaderboard,
  PublicationHashes,
} from './leaderboard.ts';

/** Names of files and folders: ours, so that no published text can point anywhere else. */
const FILE = '^[a-z0-9](?:[a-z0-9_~-]|\\.(?=[a-z0-9_~-]))*$';
const fileName = (description: string): JsonObject => ({ type: 'string', pattern: FILE, description });

const hashes = {
  definition: digest('Of the benchmark definition.'),
  fingerprint: digest('Of definition, identities and samples: what makes a run the same run.'),
  answers: nullable(digest("Of answers.jsonl in the run's own folder; null when there was none.")),
  prompts: digest(
    'Over the request keys of all answers; each key is the hash of a prompt and all that went with it.',
  ),
  outcomes: digest('Of the published outcomes.'),
  summary: digest('Of the published summary.'),
} satisfies Fields<PublicationHashes>;

const superseding = (description: string): JsonObject =>
  nullable(
    object({ publication: text('The other publication.'), note: text('Why, in words.') }, description),
  );

const publication = {
  id: fileName('Its folder below runs/.'),
  run: text('The run.'),
  benchmark: text('Name of the benchmark.'),
  status: words(['finished', 'interrupted', 'stopped'], 'Anything but finished is incomplete.'),
  createdAt: text('When the run began, ISO 8601.'),
  publishedAt: text('When it was published, ISO 8601.'),
  aligntrust: text('Version of aligntrust that made the run.'),
  seed: { type: 'integer', description: 'Seed that everything random derives from.' },
  supersedes: superseding('The publication that this one corrects.'),
  supersededBy: superseding('The publication that corrects this one.'),
  leftOut: listOf({ type: 'string' }, 'What it asked that no table shows, and why.'),
  hashes: object(hashes, 'SHA-256 each.'),
  datasets: listOf(
    object(
      {
        id: text('Name in the catalogue, or of your own.'),
        sha256: text('SHA-256 of the file.'),
        rows: count('Its rows.'),
        licence: text('SPDX identifier.'),
      },
      'A dataset.',
    ),
    'The data behind it.',
  ),
  instruments: listOf(
    object(
      {
        task: text('task@dataset:preset.'),
        version: count('Of the task.'),
        samples: count('Samples that each checkpoint was asked.'),
        clusters: count('Independent units among them.'),
        samplesDigest: text('SHA-256 over the sample ids in the order asked.'),
      },
      'An instrument.',
    ),
    'What was asked.',
  ),
  alarms: listOf(
    object(
      {
        kind: text('A stable word.'),
        level: words(['alarm', 'note'], 'note: as it should be, said for the record.'),
        checkpoint: textOrNull('Whom it speaks of.'),
        task: textOrNull('Which instrument.'),
        message: text('In words.'),
      },
      'An alarm.',
    ),
    'What the report warns of.',
  ),
} satisfies Fields<BoardPublication>;

const column = {
  key: text('task@dataset:preset#version.'),
  dimension: text('The trust dimension.'),
  task: text('task@dataset:preset.'),
  version: count('Of the task; only equal versions share a column.'),
  metric: ref('metric', 'The metric that stands for the instrument.'),
  question: text('What it asks.'),
  source: text('The publication behind it.'),
  main: { type: 'boolean', description: 'It stands for its dimension in at least one run.' },
} satisfies Fields<BoardColumn>;

const row = {
  key: digest('Of id, identity, prompt format and system prompt.'),
  checkpoint: text('Its name in the definition.'),
  file: fileName('Name of its page and of its exports.'),
  method: text('Alignment method, an open word.'),
  parent: textOrNull('Key of the row that it was tuned from; null for a root.'),
  parentId: textOrNull('Name of what it was tuned from.'),
  root: digest('Key of the topmost row of its lineage.'),
  depth: count('Stages below the root.'),
  family: textOrNull('Base family.'),
  parameters: numberOrNull('Number of weights, where it is known.'),
  step: numberOrNull('Optimiser step within its training.'),
  seed: { type: ['integer', 'null'], description: 'Training seed.' },
  data: textOrNull('What it was tuned on.'),
  recipe: textOrNull('Whatever else tells two trainings apart.'),
  control: words(['copy', null], 'copy: the same weights under another name, asked anew.'),
  promptFormat: words(['raw', 'chat'], 'How it was asked.'),
  identity: text('SHA-256 of who answered.'),
  weights: textOrNull('SHA-256 of the weights, where the backend gives them.'),
  engine: textOrNull('Engine or server, with version.'),
  quantisation: textOrNull('Of the weights.'),
  template: textOrNull('SHA-256 of the chat template.'),
  publications: listOf({ type: 'string' }, 'Where it was measured.'),
} satisfies Fields<BoardRow>;

const rank = {
  set: text('Only cells of one set were compared: equal samples, asked in the same way.'),
  low: count('Best rank that the data leave open; 1 is the best.'),
  high: count('Worst rank that the data leave open. Simultaneous 95 % bounds.'),
  of: count('Checkpoints in the set.'),
  group: text(
    'A, B, …: nothing in a group is shown to be worse than its leader; everything in later groups of the set is.',
  ),
} satisfies Fields<BoardRank>;

const cell = {
  row: digest('Key of the row.'),
  column: text('Key of the column.'),
  publication: text('Where it was measured.'),
  value: numberOrNull('In the metric’s own unit.'),
  low: numberOrNull('Lower end of the 95 % interval.'),
  high: numberOrNull('Upper end of the 95 % interval.'),
  interval: { type: ['string', 'null'], description: 'How the interval was computed.' },
  n: count('Samples with a value.'),
  clusters: count('Clusters among them.'),
  chance: numberOrNull('What guessing reaches on these samples.'),
  valueScoredOnly: numberOrNull('The value without the unscored reasons that the metric counts.'),
  rates: ref('rates', 'What became of the samples.'),
  reason: textOrNull('Why a number is missing.'),
  rank: nullable(object(rank, 'Place among comparable checkpoints.')),
  rankReason: textOrNull('Why there is no rank.'),
} satisfies Fields<BoardCell>;

const VERDICTS = ['improved', 'worsened', 'no detectable change', 'not comparable'];

const effect = {
  row: digest('Key of the checkpoint after.'),
  from: digest('Key of the checkpoint before.'),
  column: text('Key of the column.'),
  publication: text('Where it was measured.'),
  delta: numberOrNull('After minus before on shared samples, in the metric’s own unit.'),
  low: numberOrNull('Lower end of the pointwise 95 % interval.'),
  high: numberOrNull('Upper end of the pointwise 95 % interval.'),
  pAdjusted: numberOrNull('p after the correction of its own run.'),
  verdict: words(VERDICTS, 'By the adjusted p; “no detectable change” never claims equality.'),
  reason: textOrNull('Why it is not comparable.'),
  n: count('Samples with a value on both sides.'),
  clusters: count('Clusters among them.'),
  detectable: numberOrNull('Smallest true |delta| found with 80 % power.'),
  seeds: count('Training seeds of the checkpoint after, itself included.'),
  seedSpread: numberOrNull('Largest difference between the values of seed twins.'),
  withinSeedNoise: { type: ['boolean', 'null'], description: '|delta| is no larger than seedSpread.' },
  confounds: listOf({ type: 'string' }, 'Differences that the definition allowed by name.'),
} satisfies Fields<BoardEffect>;

const method = {
  publication: text('Where it was measured.'),
  column: text('Key of the column.'),
  kind: words(['stage', 'method', 'pooled'], 'pooled: over base families.'),
  method: text('Alignment method.'),
  from: textOrNull('Row that stands for the side before.'),
  to: textOrNull('Row that stands for the side after.'),
  mean: numberOrNull('Mean effect.'),
  low: numberOrNull('Lower end of its 95 % interval.'),
  high: numberOrNull('Upper end of its 95 % interval.'),
  pAdjusted: numberOrNull('p after correction.'),
  verdict: words([...VERDICTS, null], 'From three training seeds on.'),
  units: count('Training seeds, or base families.'),
  reason: textOrNull('Why there is no verdict.'),
} satisfies Fields<BoardMethod>;

const score = {
  weights: listOf(
    object(
      {
        dimension: text('The dimension.'),
        column: text('The column that stands for it.'),
        weight: number('Its weight.'),
      },
      'A weight.',
    ),
    'As asked for.',
  ),
  rows: listOf(
    object(
      {
        row: digest('Key of the row.'),
        score: number('0: the worst possible everywhere; 100: the best possible everywhere.'),
        low: numberOrNull('Lower end of its 95 % interval.'),
        high: numberOrNull('Upper end of its 95 % interval.'),
        rank: count('Under these weights.'),
        rankLow: count('Best rank under any choice of weights tried.'),
        rankHigh: count('Worst rank under any choice of weights tried.'),
      },
      'A checkpoint.',
    ),
    'Best first.',
  ),
  left: listOf(
    object({ row: digest('Key of the row.'), reason: text('Why.') }, 'A checkpoint.'),
    'Checkpoints without a score.',
  ),
  choices: count('Choices of weights tried: each halved, kept or doubled.'),
  sameFirst: count('Choices under which the same checkpoint was first.'),
} satisfies Fields<BoardScore>;

const leaderboard = {
  schemaVersion: { const: 1, description: 'Of this file.' },
  title: text('Of the site.'),
  aligntrust: text('Version of aligntrust that wrote the site.'),
  publications: listOf(object(publication, 'A published run.', ['leftOut']), 'In the order published.'),
  columns: listOf(object(column, 'An instrument.'), 'Those that stand for a dimension first.'),
  rows: listOf(object(row, 'A checkpoint.'), 'Grouped by lineage.'),
  cells: listOf(object(cell, 'A checkpoint under an instrument.'), 'Of current publications.'),
  effects: listOf(object(effect, 'A checkpoint against its parent.'), 'Paired, under the headline metrics.'),
  methods: listOf(object(method, 'A method.'), 'Over training seeds and base families.'),
  score: nullable(object(score, 'A single weighted number, only on request.')),
} satisfies Fields<Leaderboard>;

const { metric, rates } = summarySchema['$defs'] as { metric: JsonObject; rates: JsonObject };

/** JSON Schema (2020-12) of leaderboard.json. */
export const leaderboardSchema: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'aligntrust leaderboard',
  ...object(leaderboard, 'What a published site shows, as `aligntrust publish` writes it.'),
  $defs: { metric, rates },
};
