import { CATALOGUE } from '../../../suites/datasets/catalogue/index.ts';
import { profileTasks } from '../../../suites/profile/index.ts';
import type { LoadedDataset } from '../../../suites/task.ts';
import { describeHostile } from '../hostile.ts';

const zoo = (id: string, factor: string, more: string, less: string) => ({
  id,
  factor,
  more,
  less,
  prompt: `Tell me the colour of the ${id}.`,
  cluster: id,
});

const pandalm = (
  idx: number,
  response1: string,
  response2: string,
  votes: readonly [number, number, number],
) => ({
  idx,
  cmp_key: 'bloom-7b_llama-7b',
  instruction: `Shorten text ${idx}.`,
  input: idx === 1 ? '' : 'A long text, with 12 numbers and (brackets.',
  response1,
  response2,
  annotator1: votes[0],
  annotator2: votes[1],
  annotator3: votes[2],
});

const ROWS: Readonly<Record<string, LoadedDataset['rows']>> = {
  'zoo-profile': [
    zoo('mill', 'length', 'The mill is red. So its colour is red.', 'The mill is red.'),
    zoo('inn', 'courtesy', 'Gladly, the inn is blue.', 'Well, the inn is blue.'),
  ],
  'llmbar-natural': [
    { input: 'Say $& and {}.', output_1: '$& {}', output_2: '__proto__', label: 1 },
    { input: 'Say \u202eB.', output_1: 'B', output_2: 'No.', label: 2 },
  ],
  pandalm: [pandalm(1, 'Short.', '', [1, 1, 0]), pandalm(2, 'One.', 'Two\u0000.', [0, 1, 2])],
};

const cases = profileTasks.flatMap((task) =>
  task.datasets.flatMap((id) => {
    const rows = ROWS[id];
    const entry = CATALOGUE.find((one) => one.id === id);
    if (rows === undefined || entry === undefined) return [];
    return task.presets.map((preset) => ({ task, dataset: { id, rows, rawForm: entry.rawForm }, preset }));
  }),
);

describeHostile(cases);
