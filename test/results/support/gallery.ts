import { summarise } from '../../../results/summarise.ts';
import type { Summary } from '../../../results/summary.ts';
import type { Outcome } from '../../../suites/task.ts';
import { bernoulli, checkpoint, input, metric, RUN, records, task } from './synthetic.ts';

/** The summaries whose printed forms are committed, so that a change of one line is seen in the diff. */
export const GALLERY: Readonly<Record<string, () => Promise<Summary>>> = {
  'seeds-and-controls': once(seedsAndControls),
  'five-dimensions': once(fiveDimensions),
  'families-and-margins': once(familiesAndMargins),
  trouble: once(trouble),
  'nothing-to-compare': once(nothingToCompare),
};

function once(make: () => Promise<Summary>): () => Promise<Summary> {
  let made: Promise<Summary> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** One dimension, three instruments, three training seeds, a copy, and variants of the methods. */
async function seedsAndControls(): Promise<Summary> {
  const sft = { method: 'sft', parent: 'base' };
  const dpo = { method: 'dpo', parent: 'sft' };
  const ppo = { method: 'ppo', parent: 'sft' };
  const checkpoints = [
    checkpoint('base'),
    ...[1, 2, 3].map((seed) => checkpoint(seed === 1 ? 'sft' : `sft-s${seed}`, { ...sft, seed })),
    ...[1, 2, 3].map((seed) => checkpoint(seed === 1 ? 'dpo' : `dpo-s${seed}`, { ...dpo, seed })),
    ...[1, 2, 3].map((seed) => checkpoint(seed === 1 ? 'ppo' : `ppo-s${seed}`, { ...ppo, seed })),
    checkpoint('ppo-hacked', { ...ppo, seed: 1, recipe: 'no KL penalty' }),
    checkpoint('sft-copy', { ...sft, parent: 'sft', control: 'copy' }),
  ];
  const names = [
    'truthfulness/mc1@zoo-truth:robust',
    'truthfulness/mc2@zoo-truth:robust',
    'truthfulness/binary@zoo-truth:robust',
  ];
  const chance = [0.25, 0.4, 0.5];
  const tasks = names.map((name, index) =>
    task(name, {
      samples: 240,
      perCluster: 4,
      metrics: [
        metric(name.split(/[/@]/)[1] ?? '', {
          label: ['single-choice accuracy', 'mass on true answers', 'two-option accuracy'][index] ?? '',
          binary: index !== 1,
          chance: chance[index] ?? null,
        }),
      ],
    }),
  );
  const rates: Readonly<Record<string, number>> = {
    base: 0.7,
    sft: 0.58,
    dpo: 0.17,
    ppo: 0.5,
    'ppo-hacked': 0.3,
  };
  const wobble: Readonly<Record<string, number>> = { s2: 0.03, s3: -0.03 };
  const draw = (
    place: { checkpoint: string; task: string },
    latent: number,
    noise: () => number,
  ): Outcome => {
    const [root, seed] = place.checkpoint.split(/-(?=s\d)/);
    const easier = place.task.includes('binary') ? 0.15 : 0;
    const rate = (rates[root ?? ''] ?? 0) + easier + (wobble[seed ?? ''] ?? 0);
    const key = place.task.split(/[/@]/)[1] ?? '';
    if (key !== 'mc2') return bernoulli(rate, latent, noise, [key]);
    return {
      kind: 'scored',
      values: { mc2: Math.min(1, Math.max(0, rate + 0.5 * (0.5 - latent) + 0.2 * (noise() - 0.5))) },
    };
  };
  return summarise(input(checkpoints, tasks, records(checkpoints, tasks, draw, 4)));
}

/** One instrument a dimension, one training run a method, refusals that count in one of them. */
async function fiveDimensions(): Promise<Summary> {
  const checkpoints = [
    checkpoint('llama-3-8b', { family: 'llama-3' }),
    checkpoint('llama-3-8b-sft', { method: 'sft', parent: 'llama-3-8b', seed: 0 }),
    checkpoint('llama-3-8b-dpo', { method: 'dpo', parent: 'llama-3-8b-sft', seed: 0 }),
    checkpoint('llama-3-8b-ppo', { method: 'ppo', parent: 'llama-3-8b-sft', seed: 0 }),
  ];
  const toxic = metric('toxic', { label: 'toxic continuations', direction: 'lower-is-better' });
  const leak = metric('leak', {
    label: 'leaked contact data',
    direction: 'lower-is-better',
    counts: { refused: 0 },
  });
  const stereotype = metric('preference', {
    label: 'preference for the stereotype',
    direction: 'lower-is-better',
    chance: 0.5,
  });
  const nats = metric('margin', {
    label: 'margin of the wrong act',
    unit: 'nats',
    range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    binary: false,
  });
  const tasks = [
    task('toxicity/continuation@prompts-1200:robust', { samples: 400, metrics: [toxic] }),
    task('bias/crows-pairs@crows-1508:paper', { samples: 300, perCluster: 3, metrics: [stereotype] }),
    task('ethics/acts@acts-300:robust', { samples: 300, metrics: [nats] }),
    task('truthfulness/mc1@truthfulqa-817:robust', {
      samples: 817,
      metrics: [metric('mc1', { label: 'single-choice accuracy', chance: 0.22 })],
    }),
    task('privacy/leak@contacts-200:robust', { samples: 200, metrics: [leak] }),
  ];
  const rates: Readonly<Record<string, readonly number[]>> = {
    'llama-3-8b': [0.6, 0.55, 0.2, 0.35, 0.5],
    'llama-3-8b-sft': [0.3, 0.56, 0.4, 0.33, 0.3],
    'llama-3-8b-dpo': [0.1, 0.7, 0.6, 0.39, 0.2],
    'llama-3-8b-ppo': [0.12, 0.6, 0.5, 0.36, 0.28],
  };
  const draw = (
    place: { checkpoint: string; task: string },
    latent: number,
    noise: () => number,
  ): Outcome => {
    const index = tasks.findIndex(({ facts }) => facts.task === place.task);
    const rate = rates[place.checkpoint]?.[index] ?? 0;
    const key = tasks[index]?.facts.headline ?? '';
    if (key === 'margin')
      return { kind: 'scored', values: { margin: rate + 2 * (latent - 0.5) + 0.8 * (noise() - 0.5) } };
    if (key === 'leak' && place.checkpoint.endsWith('dpo') && noise() < 0.2)
      return { kind: 'unscored', reason: 'refused' };
    return bernoulli(rate, latent, noise, [key]);
  };
  const outcomes = tasks.flatMap((each) =>
    records(checkpoints, [each], draw, each.facts.samples / each.facts.clusters),
  );
  return summarise(input(checkpoints, tasks, outcomes, { benchmark: 'rlhf-trust' }));
}

/**
 * Three base families, one of them quantised differently after training (which the definition allows), a margin of
 * equivalence, refusals that leave unevenly, a judge with labels, a checkpoint asked again.
 */
async function familiesAndMargins(): Promise<Summary> {
  const families = ['llama', 'qwen', 'olmo'];
  const checkpoints = families.flatMap((family) => {
    const facts = family === 'qwen' ? { notes: { quantisation: 'Q4_K_M' } } : {};
    return [
      checkpoint(`${family}-base`, { family }),
      checkpoint(`${family}-sft`, { method: 'sft', parent: `${family}-base`, family }),
      checkpoint(`${family}-dpo`, { method: 'dpo', parent: `${family}-sft`, family }, facts),
    ];
  });
  const toxic = metric('toxic', { label: 'toxic by the judge', direction: 'lower-is-better' });
  const mc1 = task('truthfulness/mc1@truthfulqa-817:robust', {
    samples: 600,
    metrics: [metric('mc1', { label: 'single-choice accuracy', chance: 0.22 })],
  });
  const tasks = [
    { ...mc1, facts: { ...mc1.facts, equivalence: 0.07 } },
    task('truthfulness/mc2@truthfulqa-817:robust', {
      samples: 300,
      metrics: [metric('mc2', { label: 'mass on true answers', binary: false })],
    }),
    task('toxicity/continuation-judge@prompts:robust', { samples: 400, metrics: [toxic] }),
  ];
  const rates: Readonly<Record<string, readonly number[]>> = {
    base: [0.36, 0.4, 0.6],
    sft: [0.36, 0.45, 0.4],
    dpo: [0.37, 0.3, 0.15],
  };
  const draw = (
    place: { checkpoint: string; task: string; unit: number },
    latent: number,
    noise: () => number,
  ): Outcome => {
    const [family = '', role = ''] = place.checkpoint.split('-');
    const index = tasks.findIndex(({ facts }) => facts.task === place.task);
    const rate = (rates[role]?.[index] ?? 0.5) + families.indexOf(family) / 50;
    if (index === 1)
      return { kind: 'scored', values: { mc2: Math.min(1, 0.6 * rate + 0.3 * latent + 0.2 * noise()) } };
    if (index === 2 && role === 'dpo' && place.unit % 20 === 0)
      return { kind: 'unscored', reason: 'refused' };
    return bernoulli(rate, index === 0 ? latent * 4 - 1.5 : latent, noise, [index === 0 ? 'mc1' : 'toxic']);
  };
  return summarise(
    input(checkpoints, tasks, records(checkpoints, tasks, draw), {
      benchmark: 'three-families',
      allow: ['quantisation'],
      noise: [
        { checkpoint: 'llama-sft', task: 'toxicity/continuation-judge@prompts:robust', n: 40, flipped: 3 },
      ],
      judge: ({ delta, metric: key }) =>
        key !== 'toxic' || delta === null
          ? null
          : {
              estimator: 'difference',
              labels: 200,
              delta: delta * 0.9,
              low: delta * 0.9 - 0.08,
              high: delta * 0.9 + 0.08,
              note: 'corrected by 200 human labels of this run',
            },
    }),
  );
}

/** Everything that can be wrong at once: hostile names, another engine, few clusters, failures, a copy that differs. */
async function trouble(): Promise<Summary> {
  const checkpoints = [
    checkpoint('base'),
    checkpoint('evil\u001b[31m|red|\u202e<b>', { method: 'sft', parent: 'base' }),
    checkpoint('dpo', { method: 'dpo', parent: 'base' }, { engine: 'vllm 0.9.1' }),
    checkpoint('a-checkpoint-with-a-very-long-name-indeed-step-3000', { method: 'ppo', parent: 'base' }),
    checkpoint('base-copy', { parent: 'base', control: 'copy' }),
  ];
  const tasks = [
    task('truthfulness/mc1@truthfulqa-817:robust', {
      samples: 120,
      metrics: [metric('mc1', { label: 'single-choice accuracy', chance: 0.25 })],
    }),
    task('refusal/over-refusal@few:robust', { samples: 24, perCluster: 4 }),
    task('privacy/unscored@none:robust', { samples: 20 }),
  ];
  const draw = (
    place: { checkpoint: string; task: string; unit: number },
    latent: number,
    noise: () => number,
  ): Outcome => {
    if (place.task.startsWith('privacy'))
      return { kind: 'skipped', missing: 'cannot score (the server ignored echo)' };
    if (place.checkpoint.startsWith('a-') && place.unit % 5 === 0)
      return { kind: 'unscored', reason: 'truncated' };
    if (place.checkpoint.startsWith('a-') && place.unit % 7 === 0)
      return { kind: 'failed', error: { code: 'timeout', message: 'no answer' } };
    return bernoulli(place.task.startsWith('refusal') ? 0.5 : 0.27, latent, noise, [
      place.task.startsWith('refusal') ? 'accuracy' : 'mc1',
    ]);
  };
  const outcomes = tasks.flatMap((each) =>
    records(checkpoints, [each], draw, each.facts.samples / each.facts.clusters),
  );
  const noisy = outcomes.map((record, index) =>
    record.checkpoint === 'base-copy' && index % 40 === 3 ? { ...record, content: 'f'.repeat(64) } : record,
  );
  const runnerAlarms = [
    {
      kind: 'fingerprint-changed',
      checkpoint: 'dpo',
      task: null,
      message: 'the server said fp_1 and later fp_2: two builds answered',
    },
  ];
  return summarise(
    input(checkpoints, tasks, noisy, { run: { ...RUN, status: 'interrupted' }, runnerAlarms }),
  );
}

/** A single checkpoint. */
async function nothingToCompare(): Promise<Summary> {
  const checkpoints = [checkpoint('only')];
  const tasks = [task('truthfulness/mc1@zoo-truth:robust', { samples: 40 })];
  return summarise(
    input(
      checkpoints,
      tasks,
      records(checkpoints, tasks, (_, latent, noise) => bernoulli(0.5, latent, noise)),
    ),
  );
}
