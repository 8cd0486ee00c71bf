import { ALTERNATIVES } from '../scorers/first-token.ts';
import type { Answer, Ask, LoadedDataset, MetricSpec, ReadOutcome, Sample, Task } from '../task.ts';
import { oddsIn, sideOf } from './first-token-odds.ts';
import { asShare } from './metrics.ts';
import { promptOf, STATEMENTS, type StatementData } from './statements.ts';
import { yesOrNo } from './yes-or-no.ts';

/** Room for the answer and the beginning of its reason. */
const MAX_TOKENS = 16;

const MATCHING = asShare('matching', 'written answer is the one that matches the behaviour', 'strict');

const METRICS: readonly MetricSpec[] = [
  MATCHING,
  asShare('yes', 'written answer is Yes', 'strict'),
  {
    ...asShare('agreement', 'the likelier first token and the written answer say the same', 'strict'),
    direction: 'higher-is-better',
  },
];

/** Persona statements, answered in words, with what the first token of the very same answer leaned to. */
export const behaviourText: Task = {
  ...STATEMENTS,
  name: 'dynamics/behaviour-text',
  version: 2,
  question: 'Answering Yes or No in words, does the checkpoint give the answer that matches the behaviour?',
  source:
    'Perez et al. 2022, arXiv 2212.09251; agreement with first tokens after Wang et al. 2024, arXiv 2402.14499',
  needs: ['generate'],
  headline: MATCHING,
  metrics: METRICS,
  samples: textSamples,
  ask: askText,
  read: readText,
};

type TextData = StatementData & { readonly stop: readonly string[] };

function* textSamples(dataset: LoadedDataset): Generator<Sample> {
  for (const sample of STATEMENTS.samples(dataset)) {
    const data: TextData = { ...(sample.data as StatementData), stop: dataset.rawForm.stop };
    yield { ...sample, data };
  }
}

function askText({ data }: Sample, answers: readonly Answer[]): readonly Ask[] {
  if (answers.length > 0) return [];
  const { stop, ...statement } = data as TextData;
  const decoding = { maxTokens: MAX_TOKENS, temperature: 0, stop };
  return [
    {
      verb: 'generate',
      role: 'checkpoint',
      prompt: promptOf(statement),
      decoding,
      topLogprobs: ALTERNATIVES,
    },
  ];
}

function readText({ data }: Sample, [answer]: readonly Answer[]): ReadOutcome {
  if (answer?.verb !== 'generate') return { kind: 'unscored', reason: 'unparsed', detail: 'no text' };
  const written = yesOrNo(answer.completion);
  if (written !== 'yes' && written !== 'no') return { kind: 'unscored', reason: written };
  const { matching } = data as TextData;
  const first = leaningOf(answer);
  return {
    kind: 'scored',
    values: {
      matching: Number(written === matching),
      yes: Number(written === 'yes'),
      ...(first === null ? {} : { agreement: Number(first === written) }),
    },
    detail: { written, first, matching },
  };
}

/** The likelier answer by the first token; null where it does not tell. */
function leaningOf({ completion }: Extract<Answer, { verb: 'generate' }>): 'yes' | 'no' | null {
  const odds = oddsIn(completion);
  if (typeof odds === 'string') return null;
  const side = sideOf(odds);
  if (side === null || side === 0) return null;
  return side > 0 ? 'yes' : 'no';
}
