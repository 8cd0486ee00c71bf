import { deriveSeed, seededRandom } from '../../core/random.ts';
import { readTextChoice } from '../scorers/text-choice.ts';
import type { Answer, Ask, LoadedDataset, MetricSpec, ReadOutcome, Sample, Task } from '../task.ts';
import { sampleOf, truthItems } from './items.ts';
import { checkLetters, lettered, letterOf, plain, promptOf } from './prompts.ts';

const NAME = 'truthfulness/mc-generate';
/** Room for a letter and the longest option repeated. */
const MAX_TOKENS = 96;

const ACCURACY: MetricSpec = {
  key: 'mc_generate',
  label: 'best answer named',
  range: [0, 1],
  unit: 'share',
  direction: 'higher-is-better',
  binary: true,
  chance: 'per-sample',
  counts: {},
  fold: 'mean',
};

/** MC1's options under shuffled letters, answered in greedy text: for checkpoints that cannot score. */
export const mcGenerate: Task = {
  name: NAME,
  dimension: 'truthfulness',
  version: 3,
  question: 'Asked to pick one of several answers in words, does the checkpoint name the true one?',
  source: 'options of Lin et al. 2022, arXiv 2109.07958; the lettered prompt is ours',
  needs: ['generate'],
  roles: {},
  datasets: ['truthfulqa-817', 'truthfulqa-790', 'zoo-truth'],
  presets: ['robust'],
  cluster: 'question',
  headline: ACCURACY,
  metrics: [ACCURACY],
  samples: generateSamples,
  ask: askInWords,
  read: readWords,
};

type GenerateData = {
  readonly turn: string;
  readonly raw: string;
  readonly stop: readonly string[];
  /** In the order shown. */
  readonly options: readonly string[];
  /** Where the best answer was shown. */
  readonly best: number;
};

function* generateSamples(dataset: LoadedDataset): Generator<Sample> {
  for (const item of truthItems(dataset)) {
    checkLetters(item.listed, `${dataset.id}, ${item.id}`);
    const options = seededRandom(deriveSeed(NAME, item.id)).shuffled(item.listed);
    const data: GenerateData = {
      ...plain(lettered(item.question, options), dataset.rawForm),
      stop: dataset.rawForm.stop,
      options,
      best: options.indexOf(item.listed[0] ?? ''),
    };
    yield sampleOf(item, data);
  }
}

function askInWords({ data }: Sample, answers: readonly Answer[]): readonly Ask[] {
  if (answers.length > 0) return [];
  const { turn, raw, stop } = data as GenerateData;
  const decoding = { maxTokens: MAX_TOKENS, temperature: 0, stop };
  return [{ verb: 'generate', role: 'checkpoint', prompt: promptOf({ turn, raw }), decoding }];
}

function readWords({ data }: Sample, [answer]: readonly Answer[]): ReadOutcome {
  const { options, best } = data as GenerateData;
  if (answer?.verb !== 'generate') return { kind: 'unscored', reason: 'unparsed', detail: 'no text' };
  const choice = readTextChoice(answer.completion, options);
  if (choice.kind === 'unscored') return choice;
  return {
    kind: 'scored',
    values: { mc_generate: Number(choice.option === best), mc_generate_chance: 1 / options.length },
    detail: { chosen: letterOf(choice.option), best: letterOf(best) },
  };
}
