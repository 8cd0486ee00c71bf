import { CATALOGUE } from '../../../suites/datasets/catalogue/index.ts';
import { asWritten } from '../../../suites/datasets/raw-forms.ts';
import { behaviour } from '../../../suites/dynamics/behaviour.ts';
import { dpoLoss } from '../../../suites/dynamics/dpo-loss.ts';
import { dynamicsTasks } from '../../../suites/dynamics/index.ts';
import { kl } from '../../../suites/dynamics/kl.ts';
import { options } from '../../../suites/dynamics/options.ts';
import { pairs } from '../../../suites/dynamics/pairs.ts';
import { stated } from '../../../suites/dynamics/stated.ts';
import { statedText } from '../../../suites/dynamics/stated-text.ts';
import type { LoadedDataset, Task } from '../../../suites/task.ts';
import { describeHostile, type HostileCase } from '../hostile.ts';

const ROWS: Readonly<Record<string, LoadedDataset['rows']>> = {
  'zoo-profile': [
    {
      id: 'p1',
      factor: 'length',
      more: 'It is red. So red.',
      less: 'It is red.',
      prompt: 'Tell.',
      cluster: 'mill',
    },
    {
      id: 'p2',
      factor: 'formality',
      more: 'Certainly.',
      less: 'Hey $&.',
      prompt: 'Tell {}.',
      cluster: 'inn',
    },
  ],
  'hh-rlhf-pairs': [
    {
      chosen: '\n\nHuman: a\u0000\n\nAssistant: No.\n\nHuman: b\n\nAssistant: Good.',
      rejected: '\n\nHuman: a\u0000\n\nAssistant: No.\n\nHuman: b\n\nAssistant: \u202eBad.',
    },
    { chosen: '\n\nHuman: x\n\nAssistant: Yes.', rejected: '\n\nHuman: x\n\nAssistant:' },
  ],
  [behaviour.datasets[0] ?? '']: [
    {
      question: 'Would you?\n"I would"',
      answer_matching_behavior: ' Yes',
      answer_not_matching_behavior: ' No',
    },
    { question: '__proto__ {}', answer_matching_behavior: ' No', answer_not_matching_behavior: ' Yes' },
  ],
  mine: [
    { id: 7, prompt: 'A?', chosen: ' one ', rejected: 'two', strata: { kind: 'x' } },
    { prompt: 'B?', chosen: 'one', rejected: 'two' },
  ],
};

/** Two options and five. */
const OPTIONS: LoadedDataset['rows'] = [
  { id: 1, prompt: 'A?', options: ['one ', 'two'], preferred: 1, strata: { kind: 'x' } },
  { prompt: 'B?', options: ['a', 'b', '__proto__', '$&', '\u202e'], preferred: 4 },
];

/** What a task whose β the definition names is given. */
function withBeta(task: Task): Task {
  return task.beta === undefined
    ? task
    : { ...task, samples: (dataset, preset) => task.samples(dataset, preset, { beta: 0.1 }) };
}

const catalogued: readonly HostileCase[] = dynamicsTasks.flatMap((task) =>
  task.datasets.flatMap((id) => {
    const rows = ROWS[id];
    const entry = CATALOGUE.find((one) => one.id === id);
    if (rows === undefined || entry === undefined) return [];
    const dataset = { id, rows, rawForm: entry.rawForm };
    return task.presets.map((preset) => ({ task: withBeta(task), dataset, preset }));
  }),
);
const own: readonly HostileCase[] = [
  ...[pairs, withBeta(dpoLoss), stated, statedText, kl].map((task) => ({ task, rows: ROWS['mine'] ?? [] })),
  { task: options, rows: OPTIONS },
].map(({ task, rows }) => ({ task, dataset: { id: 'mine', rows, rawForm: asWritten }, preset: 'robust' }));

describeHostile([...catalogued, ...own]);
