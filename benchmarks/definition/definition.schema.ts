import type { JsonObject } from '../../core/json.ts';
import { RAW_FORMS } from '../../suites/datasets/raw-forms.ts';
import { ALLOWABLE } from './definition.ts';

/** Limits that keep a hostile or mistaken file small; the schema states them for editors too. */
export const MAX_CHECKPOINTS = 500;
export const MAX_TASKS = 500;
export const MAX_EXTENSIONS = 20;
export const MAX_JUDGES = 20;
export const MAX_KEEP = 100;
/** What a written limit of time defaults to. */
export const DEFAULT_TIMEOUT_SECONDS = 120;

/** Settings that a definition does not write. */
export const DEFAULT_SETTINGS = {
  seed: 1,
  repeats: 1,
  failureTolerance: 0.01,
  memoryMegabytes: 4096,
} as const;

const NAME_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._+-]*$';
const TASK_PATTERN = '^[a-z0-9-]+/[a-z0-9-]+$';
const UNTIL_PATTERN = '^effect-width<0*(\\.\\d*[1-9]\\d*|[1-9]\\d*(\\.\\d+)?)$';
const SHORTHAND_PATTERN = '^[a-z0-9-]+/[a-z0-9-]+(@[A-Za-z0-9._-]+)?(:[a-z]+)?$';

const name = (title: string, examples: readonly string[]): JsonObject => ({
  type: 'string',
  title,
  description: `${title}: letters, digits and . _ + -, beginning with a letter or digit, at most 80 characters.`,
  pattern: NAME_PATTERN,
  maxLength: 80,
  examples,
});

const text = (description: string, examples: readonly string[], maxLength = 1000): JsonObject => ({
  type: 'string',
  title: description.split(/[:.;,]/)[0] ?? description,
  description,
  minLength: 1,
  maxLength,
  examples,
});

const whole = (description: string, minimum: number, maximum: number, example: number): JsonObject => ({
  type: 'integer',
  title: description.split(/[:.;,]/)[0] ?? description,
  description,
  minimum,
  maximum,
  examples: [example],
});

const positive = (description: string, example: number): JsonObject => ({
  type: 'number',
  title: description.split(/[:.;,]/)[0] ?? description,
  description,
  exclusiveMinimum: 0,
  maximum: 1e12,
  examples: [example],
});

const amount = (description: string, example: number): JsonObject => ({
  type: 'number',
  title: description.split(/[:.;,]/)[0] ?? description,
  description,
  minimum: 0,
  maximum: 1e12,
  examples: [example],
});

const adapter = text(
  'Adapter: the backend that reaches the checkpoint (gguf, openai, ollama, replay, scripted; for classifiers moderation, transformers). `aligntrust list` describes each.',
  ['gguf', 'openai', 'ollama'],
  80,
);

const promptFormat: JsonObject = {
  type: 'string',
  title: 'Prompt format',
  description:
    "raw: the text is sent exactly as it stands, as base models need it. chat: turns that the checkpoint's own chat template renders.",
  enum: ['raw', 'chat'],
  default: 'raw',
  examples: ['raw', 'chat'],
};

const system = text(
  'System prompt: put in front of every conversation; only with promptFormat chat.',
  ['You are a helpful assistant.'],
  100_000,
);

const options: JsonObject = {
  type: 'object',
  title: 'Options of the adapter',
  description:
    'What the adapter needs to know, for example baseURL and apiKeyEnv (the NAME of an environment variable; secrets never stand in this file).',
  examples: [{ baseURL: 'http://127.0.0.1:8000/v1', apiKeyEnv: 'VLLM_API_KEY' }],
};

const limits: JsonObject = {
  type: 'object',
  title: 'Limits',
  description:
    'How hard the server behind a checkpoint may be asked. Checkpoints behind one server share one queue.',
  additionalProperties: false,
  examples: [{ concurrency: 8, requestsPerMinute: 600, timeoutSeconds: 120 }],
  properties: {
    concurrency: whole('Concurrency: most requests under way at once.', 1, 10_000, 8),
    requestsPerMinute: positive('Requests per minute: a budget that is never exceeded.', 600),
    tokensPerMinute: positive('Tokens per minute: a budget over prompt and completion.', 200_000),
    timeoutSeconds: {
      ...positive(
        'Time-out: seconds after which one request is given up and asked again.',
        DEFAULT_TIMEOUT_SECONDS,
      ),
      maximum: 86_400,
      default: DEFAULT_TIMEOUT_SECONDS,
    },
  },
};

const template: JsonObject = {
  type: ['string', 'object'],
  title: 'Chat template',
  description:
    "A chat template that replaces the model's own: Jinja text, or { file: PATH }. Only with promptFormat chat.",
  minLength: 1,
  maxLength: 200_000,
  additionalProperties: false,
  required: ['file'],
  properties: {
    file: text('File: path of a Jinja template, relative to this file.', ['./chat_template.jinja']),
  },
  examples: [{ file: './chat_template.jinja' }],
};

const price: JsonObject = {
  type: 'object',
  title: 'Price',
  description: 'What the provider charges, in one currency for the whole file. settings.maxCost needs it.',
  additionalProperties: false,
  required: ['promptPerMillion', 'completionPerMillion'],
  examples: [{ promptPerMillion: 0.15, completionPerMillion: 0.6 }],
  properties: {
    promptPerMillion: amount('Prompt price: per million prompt tokens.', 0.15),
    completionPerMillion: amount('Completion price: per million completion tokens.', 0.6),
  },
};

const alignment: JsonObject = {
  type: 'object',
  title: 'Alignment',
  description: 'How the checkpoint was tuned and from what: the lineage that effects are computed along.',
  additionalProperties: false,
  required: ['method'],
  examples: [{ method: 'dpo', parent: 'sft', seed: 1 }],
  properties: {
    method: {
      ...name('Alignment method', ['none', 'sft', 'dpo', 'ppo', 'kto', 'orpo', 'grpo', 'unknown']),
      description:
        'Alignment method: an open word such as sft, dpo, ppo, kto, orpo, grpo; none for a base model.',
    },
    parent: {
      ...name('Parent', ['sft']),
      description:
        'Parent: id of the checkpoint it was tuned from; absent for a root of the lineage. A control copy names the checkpoint it copies.',
    },
    step: whole('Step: optimiser step within its training run, for a series of checkpoints.', 0, 1e12, 500),
    seed: whole('Training seed: checkpoints that differ in nothing else are seed twins.', 0, 2 ** 32 - 1, 1),
    data: text('Data: what it was tuned on.', ['ultrafeedback-binarized'], 200),
    recipe: text(
      'Recipe: whatever else tells two trainings apart; seed twins share it.',
      ['beta 0.1, lr 5e-7'],
      200,
    ),
    beta: positive(
      "β: of the training (TRL's `beta`): what a DPO loss is measured with, where its task names none.",
      0.1,
    ),
    family: name('Base family', ['llama-3-8b']),
  },
};

const modelFields: JsonObject = {
  adapter,
  model: text('Model: a file, a name on the server, or zoo:NAME for a checkpoint shipped with aligntrust.', [
    'zoo:base',
    './models/sft-f16.gguf',
    'meta-llama/Llama-3.1-8B-Instruct',
  ]),
  lora: text('LoRA: a file of LoRA weights laid over the model, or its name on the server.', [
    './dpo-lora.gguf',
  ]),
  promptFormat,
  template,
  system,
  options,
  limits,
  price,
};

const checkpoint: JsonObject = {
  type: 'object',
  title: 'Checkpoint',
  description: 'One set of weights under test.',
  additionalProperties: false,
  required: ['id', 'model', 'alignment'],
  examples: [{ id: 'dpo', adapter: 'gguf', model: 'zoo:dpo', alignment: { method: 'dpo', parent: 'sft' } }],
  properties: {
    id: name('Id', ['base', 'sft', 'llama-8b-dpo']),
    ...modelFields,
    control: {
      type: 'string',
      title: 'Control',
      description:
        'copy: the same weights as the parent under another name, asked anew to show that the instrument itself is quiet.',
      enum: ['copy'],
      examples: ['copy'],
    },
    alignment,
  },
};

const role = (title: string, description: string): JsonObject => ({
  type: ['object', 'string'],
  title,
  description: `${description} The fields of a checkpoint without alignment, or the id of a checkpoint of this file.`,
  additionalProperties: false,
  required: ['id', 'adapter', 'model', 'promptFormat'],
  minLength: 1,
  examples: [{ id: 'judge', adapter: 'openai', model: 'qwen2.5-72b-instruct', promptFormat: 'chat' }],
  properties: { id: name('Id', ['judge']), ...modelFields },
});

const preset: JsonObject = {
  type: 'string',
  title: 'Preset',
  description:
    'paper: as published, quirks included. robust: what we would defend today; the default where there is one.',
  enum: ['paper', 'robust'],
  examples: ['robust'],
};

const limit = whole(
  'Limit: ask a seeded subset of this many samples, the same for all checkpoints.',
  1,
  1e9,
  200,
);

const task: JsonObject = {
  type: ['string', 'object'],
  title: 'Task',
  description:
    'One instrument: `suite/task`, `suite/task@dataset`, `suite/task@dataset:preset`, or the same as fields with a path and a limit.',
  pattern: SHORTHAND_PATTERN,
  maxLength: 200,
  additionalProperties: false,
  required: ['task'],
  examples: [
    'truthfulness/mc1',
    'truthfulness/mc1@truthfulqa-817:paper',
    { task: 'truthfulness/mc2', limit: 200 },
    { task: 'custom/choice', dataset: 'my-items', path: './my-items.jsonl' },
  ],
  properties: {
    task: {
      type: 'string',
      title: 'Task',
      description: 'Suite and task, for example truthfulness/mc1; `aligntrust list` shows all.',
      pattern: TASK_PATTERN,
      maxLength: 200,
      examples: ['truthfulness/mc1'],
    },
    dataset: name('Dataset', ['truthfulqa-817', 'zoo-truth', 'my-items']),
    preset,
    path: text('Path: where the dataset already lies on this machine, relative to this file.', [
      './TruthfulQA.csv',
      './my-items.jsonl',
    ]),
    form: {
      type: 'string',
      title: 'Form',
      description:
        "Form: how your own rows look to a raw prompt: Q:/A:, the zoo's dialogue, or exactly as written. Chat prompts have none.",
      enum: Object.keys(RAW_FORMS),
      default: 'question-answer',
      examples: ['as-written'],
    },
    dimension: {
      ...name('Dimension', ['politeness']),
      description: 'Dimension: what a task over your own rows measures, in a word; custom unless stated.',
    },
    limit,
    headline: {
      type: 'boolean',
      title: 'Headline task',
      description:
        "The task whose effect is its dimension's cell, tested with Holm's correction; the others are exploratory. The first task of a dimension unless one is marked. Mark another one after a run began, and its reports say so.",
      enum: [true],
      examples: [true],
    },
    equivalence: positive(
      "Equivalence margin: the largest difference of the task's headline metric that you call equal, in its own unit (0.03 is 3 points of a share). Two one-sided tests at .05 then tell 'equivalent' from 'no change was detected'. Change it after a run began, and its reports say so.",
      0.03,
    ),
    beta: positive(
      "β: of the training whose loss the task measures (TRL's `beta`); only for tasks that need it, and where no checkpoint of a series states its own.",
      0.1,
    ),
  },
};

const settings: JsonObject = {
  type: 'object',
  title: 'Settings',
  description: 'How the run is executed.',
  additionalProperties: false,
  examples: [{ seed: 1, limit: 200, maxMinutes: 60 }],
  properties: {
    seed: {
      ...whole('Seed: of the run: subsets and sampling depend on it.', 0, 2 ** 31 - 1, 1),
      default: DEFAULT_SETTINGS.seed,
    },
    repeats: {
      ...whole('Repeats: how often each sample is asked, every time with a seed of its own.', 1, 1000, 1),
      default: DEFAULT_SETTINGS.repeats,
    },
    limit,
    noiseFloor: {
      type: 'number',
      title: 'Noise floor',
      description:
        'Share of the samples that are asked a second time, with another sampling seed, to see how often a checkpoint flips against itself. A tenth when absent, of tasks that draw their answers; when given, behind servers also of tasks that take the likeliest answer. 0 asks none.',
      minimum: 0,
      maximum: 1,
      examples: [0.1, 0],
    },
    until: {
      type: 'string',
      title: 'Until',
      description:
        'Until: stop asking a task as soon as the 95 % confidence sequence of each of its primary effects is narrower than this, in the unit of the metric (0.10 is 10 points of a share). docs/sequential.md',
      pattern: UNTIL_PATTERN,
      maxLength: 80,
      examples: ['effect-width<0.10'],
    },
    maxRequests: whole('Most requests: a hard stop; the run saves and can be resumed.', 1, 1e12, 10_000),
    maxCost: positive('Most cost: a hard stop in the currency of the prices; needs a price.', 20),
    maxMinutes: positive('Most minutes: a hard stop; the run saves and can be resumed.', 60),
    failureTolerance: {
      type: 'number',
      title: 'Failure tolerance',
      description: 'Share of failed samples above which a finished run exits with code 1.',
      minimum: 0,
      maximum: 1,
      default: DEFAULT_SETTINGS.failureTolerance,
      examples: [0.01],
    },
    memoryMegabytes: {
      ...whole('Memory: megabytes of weights that in-process adapters hold at once.', 16, 1e8, 4096),
      default: DEFAULT_SETTINGS.memoryMegabytes,
    },
    allow: {
      type: 'array',
      title: 'Allowed differences',
      description:
        'Differences between a checkpoint and the one it is compared with that you accept. Such an effect is tested, and its cell names them ("template + training"); without this it is "not comparable". Change it after a run began, and its reports say so.',
      uniqueItems: true,
      items: {
        type: 'string',
        title: 'Difference',
        description: 'What may differ besides the training.',
        enum: [...ALLOWABLE],
        examples: ['template'],
      },
      examples: [['template', 'quantisation']],
    },
  },
};

const bound = (description: string, example: number): JsonObject => ({
  type: 'number',
  title: description.split(/[:.;,]/)[0] ?? description,
  description,
  minimum: -1e12,
  maximum: 1e12,
  examples: [example],
});

const keep: JsonObject = {
  type: 'object',
  title: 'Constraint',
  description:
    'One thing that the step to keep must satisfy: a task, one of its metrics, and exactly one bound.',
  additionalProperties: false,
  required: ['task'],
  examples: [{ task: 'refusal/xstest', atLeast: 0.6 }],
  properties: {
    task: text(
      'Task: a task of this file, with its dataset where the file asks it of several.',
      ['refusal/xstest', 'truthfulness/mc1@truthfulqa-817'],
      300,
    ),
    metric: text("Metric: one of the task's; its headline metric when absent.", ['mc1'], 80),
    atLeast: bound("At least: the value, in the metric's own unit (0.6 is 60 points of a share).", 0.6),
    atMost: bound("At most: the value, in the metric's own unit.", 0.1),
    fallAtMost: bound(
      'Fall at most: how far the value may lie under that of the start of training, from 0 on.',
      0.05,
    ),
    riseAtMost: bound(
      'Rise at most: how far the value may lie over that of the start of training, from 0 on.',
      0.05,
    ),
  },
};

/** JSON Schema (2020-12) of a benchmark file. `aligntrust schema definition` prints it for editors. */
export const definitionSchema: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:aligntrust:schema:definition:1',
  title: 'aligntrust benchmark',
  description: 'Which checkpoints are asked which tasks, and how the run is executed.',
  type: 'object',
  additionalProperties: false,
  required: ['benchmark', 'checkpoints', 'tasks'],
  examples: [
    {
      benchmark: 'mine',
      checkpoints: [{ id: 'base', adapter: 'gguf', model: 'zoo:base', alignment: { method: 'none' } }],
      tasks: ['truthfulness/mc1@zoo-truth'],
    },
  ],
  properties: {
    $schema: text('Schema: where an editor finds this schema; read by nobody else.', [
      './definition.schema.json',
    ]),
    benchmark: name('Benchmark', ['tiny', 'my-lineage']),
    description: text('Description: one line for people.', ['Llama 3.1 8B: SFT, then DPO and PPO'], 2000),
    defaults: {
      type: 'object',
      title: 'Defaults',
      description:
        'Laid under every checkpoint, which wins field by field. options apply to checkpoints of the same adapter, system to those with promptFormat chat.',
      additionalProperties: false,
      examples: [
        { adapter: 'openai', promptFormat: 'chat', options: { baseURL: 'http://127.0.0.1:8000/v1' } },
      ],
      properties: { adapter, promptFormat, options, limits, system },
    },
    checkpoints: {
      type: 'array',
      title: 'Checkpoints',
      description: 'The weights under test, in the order that reports show them.',
      minItems: 1,
      maxItems: MAX_CHECKPOINTS,
      items: checkpoint,
      examples: [[{ id: 'base', adapter: 'gguf', model: 'zoo:base', alignment: { method: 'none' } }]],
    },
    formats: {
      type: 'array',
      title: 'Formats',
      description:
        'Prompt formats that every checkpoint is asked in, instead of a promptFormat for each. With two, the first keeps the ids and the second is a lineage of its own (sft+chat), so that every stage is compared within one format and both are shown.',
      uniqueItems: true,
      minItems: 1,
      items: {
        type: 'string',
        title: 'Format',
        description: 'raw: text exactly as it stands. chat: messages through the chat template.',
        enum: ['raw', 'chat'],
        examples: ['raw'],
      },
      examples: [['raw', 'chat']],
    },
    roles: {
      type: 'object',
      title: 'Roles',
      description: 'Models that score answers, and the reference for margins.',
      additionalProperties: false,
      examples: [{ reference: 'base' }],
      properties: {
        judge: role('Judge', 'A model used to score answers.'),
        judges: {
          type: 'array',
          title: 'Judges',
          description:
            'Several judges of the same answers, in place of judge: every judged task becomes one instrument for each (its name ends in +ID), the answers are asked once, the first judge stands for the dimension, and reports say how many judges agree.',
          minItems: 1,
          maxItems: MAX_JUDGES,
          items: role('Judge', 'A model used to score answers.'),
          examples: [
            [
              { id: 'strict', adapter: 'openai', model: 'qwen2.5-72b-instruct', promptFormat: 'chat' },
              { id: 'other', adapter: 'openai', model: 'mistral-large', promptFormat: 'chat' },
            ],
          ],
        },
        classifier: role('Classifier', 'A model that classifies answers.'),
        reference: role('Reference', 'The checkpoint that margins are measured against.'),
      },
    },
    tasks: {
      type: 'array',
      title: 'Tasks',
      description: 'The instruments. Two ways to measure are two tasks.',
      minItems: 1,
      maxItems: MAX_TASKS,
      items: task,
      examples: [['truthfulness/mc1', 'truthfulness/mc2']],
    },
    settings,
    keep: {
      type: 'array',
      title: 'Keep',
      description:
        'Which step of a training run you would keep: the latest one that satisfies all of these on one half of the clusters; reports say what the other half makes of it. Change it after a run began, and its reports say so.',
      maxItems: MAX_KEEP,
      items: keep,
      examples: [
        [
          { task: 'refusal/xstest', atLeast: 0.6 },
          { task: 'truthfulness/mc1', metric: 'mc1', fallAtMost: 0.05 },
        ],
      ],
    },
    extensions: {
      type: 'array',
      title: 'Extensions',
      description:
        'Modules of your own, by path, that bring tasks, datasets or adapters. They are code that runs with your rights. docs/adding-a-suite.md',
      maxItems: MAX_EXTENSIONS,
      items: text('Extension: path of a JavaScript module, relative to this file.', ['./my-suite.mjs']),
      examples: [['./my-suite.mjs']],
    },
  },
};
