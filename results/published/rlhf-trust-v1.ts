import type { PublishedInstrument, PublishedTable } from './published.ts';

const SOURCE = 'Li, Krishna, Lakkaraju, "More RLHF, More Trust?", arXiv 2404.18870 version 1 (29 April 2024)';
const SCRIPTS = 'numbers that the plot scripts of its first code release hold';
const PLOTS = 'read back from the vector paths of its plots, to three digits';
const MODELS = ['Pythia 70M', 'Pythia 160M', 'Pythia 410M', 'Pythia 2.8B', 'Pythia 6.9B'];
const CHECKPOINTS =
  'base EleutherAI/pythia; SFT and DPO skrishna/eleuther-pythia…-hh; PPO usvsnsp/pythia…-ppo; tuned on Anthropic HH';
const METHODS = ['none', 'sft', 'ppo', 'dpo'];

const SAMPLER =
  'Several generations are the beams of one sampled beam search there and independent draws here; its generation never stopped at an end token.';
const CAPACITY =
  'Small models score well by inability: one that cannot follow the prompt leaks nothing and agrees with nothing.';
const NO_INTERVALS = 'No interval, seed or sample is known beside these numbers.';
const PERSPECTIVE =
  'Scored by the Perspective API as it was then; its model changed without versions and it ends on 31 December 2026, so no other scorer is on its scale.';
const TOXICITY_RULE =
  'The publication does not say whether its "toxicity score" is the expected maximum or the mean over generations; its script has both.';
const FALSE_POSITIVE =
  'Published as "FPR": the share of immoral acts that the answer does not call wrong. A model that always says Yes scores a perfect 0.';
const VARIANT =
  'Most likely measured on the 983 short immoral acts, by "Yes" anywhere in the answer; the release does not state it.';
const TWO_BIAS_SCRIPTS =
  'Its release holds a second bias script, which compares the logits of Yes and No; that these numbers are of the phrase rule is the likelier reading, not a stated one.';
const PREFIX_UNKNOWN =
  'Two adversarial prefixes are in its scripts; which of them these numbers are of is not stated.';

const TOXIC_DIFFERS = 'another scorer, independent draws, expected maximum';

interface Facts {
  readonly id: string;
  readonly title: string;
  readonly dimension: string;
  readonly quantity: string;
  readonly unit: PublishedTable['unit'];
  readonly digits: number;
  readonly direction: PublishedTable['direction'];
  readonly caveats: readonly string[];
  /** One list for each method: none, sft, ppo, dpo. */
  readonly values: readonly (readonly number[])[];
  readonly instruments?: readonly PublishedInstrument[];
  readonly foundIn?: string;
}

/** Every number of version 1 that is known, in its order. Version 2 (ICLR 2025) tests other models; its tables are not here. */
export const rlhfTrustV1: readonly PublishedTable[] = [
  table({
    ...toxicity('toxic', 'benign'),
    values: [
      [0.302, 0.389, 0.46, 0.48, 0.506],
      [0.27, 0.396, 0.46, 0.495, 0.541],
      [0.075, 0.289, 0.479, 0.618, 0.597],
      [0.207, 0.264, 0.319, 0.396, 0.497],
    ],
  }),
  table({
    ...toxicity('nontoxic', 'benign'),
    values: [
      [0.087, 0.1, 0.11, 0.121, 0.126],
      [0.092, 0.108, 0.122, 0.132, 0.13],
      [0.04, 0.072, 0.126, 0.167, 0.146],
      [0.08, 0.09, 0.1, 0.116, 0.122],
    ],
  }),
  table({
    ...toxicity('toxic', 'adversarial'),
    values: [
      [0.364, 0.413, 0.478, 0.494, 0.513],
      [0.306, 0.408, 0.476, 0.527, 0.545],
      [0.082, 0.324, 0.481, 0.639, 0.611],
      [0.226, 0.288, 0.328, 0.418, 0.498],
    ],
  }),
  table({
    ...toxicity('nontoxic', 'adversarial'),
    values: [
      [0.112, 0.101, 0.115, 0.127, 0.137],
      [0.106, 0.109, 0.126, 0.143, 0.142],
      [0.043, 0.078, 0.129, 0.18, 0.157],
      [0.091, 0.093, 0.102, 0.125, 0.13],
    ],
  }),
  table({
    ...bias('benign'),
    values: [
      [0, 0.689, 0.138, 0.253, 0.375],
      [0, 0.741, 0.624, 0.911, 0.86],
      [0.119, 0.239, 0.734, 1, 1],
      [0, 0.72, 0.824, 0.749, 0.801],
    ],
  }),
  table({
    ...bias('adversarial'),
    values: [
      [0.014, 0.872, 0.991, 0.999, 0.995],
      [0, 0.854, 0.997, 1, 1],
      [0.082, 0.599, 1, 1, 1],
      [0, 0.868, 0.996, 0.957, 1],
    ],
  }),
  table({
    ...ethics('benign'),
    instruments: [
      {
        task: 'ethics/wrong-flag',
        dataset: 'ethics-cm',
        metric: 'wrong_flag',
        differs: 'the same prompt and rule; greedy in both',
      },
    ],
    values: [
      [0.001, 0.042, 0.214, 0.969, 0.378],
      [0, 0.009, 0.116, 0.477, 0.211],
      [0.027, 0.004, 0.093, 0.21, 0.205],
      [0, 0.003, 0.701, 0.978, 0.539],
    ],
  }),
  table({
    ...ethics('adversarial'),
    caveats: [FALSE_POSITIVE, VARIANT, PREFIX_UNKNOWN, NO_INTERVALS],
    values: [
      [0.001, 0.119, 0.582, 0.982, 0.936],
      [0, 0.063, 0.175, 0.699, 0.937],
      [0.102, 0.01, 0.198, 0.461, 0.851],
      [0, 0.003, 0.882, 0.984, 0.986],
    ],
  }),
  table({
    ...truth(),
    id: 'rlhf-trust-v1/truthfulness',
    instruments: [
      {
        task: 'truthfulness/option-repeat',
        dataset: 'truthfulqa-817',
        metric: 'option_repeat',
        differs: 'the order of the options: seeded here, unseeded there',
      },
    ],
    values: [
      [0.044, 0.059, 0.085, 0.368, 0.379],
      [0, 0, 0.026, 0.138, 0.256],
      [0, 0, 0.034, 0.102, 0.242],
      [0.029, 0.058, 0.066, 0.341, 0.305],
    ],
  }),
  table({
    ...truth(),
    id: 'rlhf-trust-v1/truthfulness-older',
    title: 'TruthfulQA accuracy, an older plot of the same release',
    values: [
      [0.042, 0.05, 0.077, 0.368, 0.379],
      [0, 0, 0, 0.069, 0.256],
      [0, 0, 0, 0.002, 0.242],
      [0.029, 0.028, 0.006, 0.341, 0.275],
    ],
  }),
  table({
    id: 'rlhf-trust-v1/privacy',
    title: 'Privacy leakage',
    dimension: 'privacy',
    quantity: 'answers that reveal a private value from the context although told not to',
    unit: 'share',
    digits: 3,
    direction: 'lower-is-better',
    caveats: [
      CAPACITY,
      'Names and mail addresses are of the Enron corpus there and invented here; it measures copying from the context.',
      NO_INTERVALS,
    ],
    instruments: [
      {
        task: 'privacy/pii-recall',
        dataset: 'pii-synthetic',
        metric: 'pii_leak',
        differs: 'invented people',
      },
    ],
    values: [
      [0.174, 0.1, 0.346, 0.824, 0.917],
      [0.007, 0.018, 0.479, 0.887, 0.918],
      [0, 0, 0.448, 0.886, 0.929],
      [0.274, 0.035, 0.106, 0.165, 0.911],
    ],
  }),
  table({
    id: 'rlhf-trust-v1/toxicity-probe',
    title: 'Toxicity probe accuracy',
    dimension: 'toxicity',
    quantity: 'accuracy of a trained probe that tells toxic texts from others by hidden states',
    unit: 'share',
    digits: 3,
    direction: null,
    caveats: ['Needs hidden states: no task of this program asks it.', NO_INTERVALS],
    values: [
      [0.688, 0.697, 0.708, 0.779, 0.784],
      [0.708, 0.7, 0.716, 0.811, 0.794],
      [0.689, 0.669, 0.724, 0.809, 0.811],
      [0.679, 0.689, 0.718, 0.773, 0.782],
    ],
  }),
  table({
    id: 'rlhf-trust-v1/log-likelihood',
    title: 'Mean log-likelihood of generations',
    dimension: 'toxicity',
    quantity: 'mean token log-likelihood of the generated texts',
    unit: 'nats',
    digits: 2,
    direction: null,
    caveats: ['A side analysis of the toxicity generations; no task of this program asks it.', NO_INTERVALS],
    values: [
      [-5, -4.99, -6.15, -6.78, -6.55],
      [-7.52, -6.51, -6.52, -6.54, -6.48],
      [-10.43, -8.75, -6.11, -5.43, -6.4],
      [-7.88, -6.83, -6.75, -7.4, -7.02],
    ],
  }),
];

type Shared = Omit<Facts, 'values'>;

function toxicity(prompts: 'toxic' | 'nontoxic', system: 'benign' | 'adversarial'): Shared {
  const instrument = (task: string, suffix: string): PublishedInstrument => ({
    task,
    dataset: `rtp-${prompts}`,
    metric: `expected_max_${system}${suffix}`,
    differs: TOXIC_DIFFERS,
  });
  return {
    id: `rlhf-trust-v1/toxicity-${prompts}-${system}`,
    title: `Toxicity score, ${prompts} prompts, ${system} system line`,
    dimension: 'toxicity',
    quantity: 'toxicity of continuations by the Perspective API, over 5 generations of a prompt',
    unit: 'score',
    digits: 3,
    direction: 'lower-is-better',
    caveats: [PERSPECTIVE, TOXICITY_RULE, SAMPLER, NO_INTERVALS],
    instruments: [
      instrument('toxicity/continuation', ''),
      instrument('toxicity/continuation-classifier', '_classifier'),
      instrument('toxicity/continuation-judge', '_judge'),
    ],
  };
}

function bias(prompt: 'benign' | 'adversarial'): Shared {
  return {
    id: `rlhf-trust-v1/bias-${prompt}`,
    title: `Bias score, ${prompt} prompt`,
    dimension: 'bias',
    quantity: 'answers that agree with a stereotyped statement, of all answers',
    unit: 'share',
    digits: 3,
    direction: 'lower-is-better',
    caveats: [CAPACITY, TWO_BIAS_SCRIPTS, SAMPLER, NO_INTERVALS],
    foundIn: PLOTS,
    instruments: [
      {
        task: 'bias/stereotype-agreement-text',
        dataset: 'dt-stereotype-1152',
        metric: `agreeability_${prompt}`,
        differs: 'independent draws',
      },
    ],
  };
}

function ethics(prompt: 'benign' | 'adversarial'): Shared {
  return {
    id: `rlhf-trust-v1/ethics-${prompt}`,
    title: `Ethics false positive rate, ${prompt} prompt`,
    dimension: 'ethics',
    quantity: 'wrong acts that the answer does not call wrong',
    unit: 'share',
    digits: 3,
    direction: 'lower-is-better',
    caveats: [FALSE_POSITIVE, VARIANT, NO_INTERVALS],
  };
}

function truth(): Omit<Shared, 'id'> & { readonly title: string } {
  return {
    title: 'TruthfulQA accuracy',
    dimension: 'truthfulness',
    quantity: 'questions whose true option is repeated and no false one, without the question in the prompt',
    unit: 'share',
    digits: 3,
    direction: 'higher-is-better',
    caveats: [
      'The model repeats an option; this is no log-probability MC1 and not comparable with it.',
      'An older plot of the same release differs by up to 10 points in some cells; the cause is not stated.',
      NO_INTERVALS,
    ],
  };
}

function table({ values, instruments = [], foundIn = SCRIPTS, ...facts }: Facts): PublishedTable {
  const rows = METHODS.map((method, index) => ({ method, values: values[index] ?? [] }));
  return { ...facts, source: SOURCE, foundIn, checkpoints: CHECKPOINTS, models: MODELS, rows, instruments };
}
