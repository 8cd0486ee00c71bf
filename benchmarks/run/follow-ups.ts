import type { Answer, Ask, Sample, Task } from '../../suites/task.ts';

/** No task asks in more rounds than this for a plan's sake. */
const MOST_ROUNDS = 4;

/**
 * What a task would ask after the first round, found by answering in a model's stead with a bland sentence and equal
 * probabilities. Real answers may lead elsewhere, so this is an estimate.
 */
export function followUps(task: Pick<Task, 'ask'>, sample: Sample): Ask[] {
  const answers: Answer[] = [];
  const later: Ask[] = [];
  try {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const asks = task.ask(sample, answers);
      if (asks.length === 0) break;
      if (round > 0) later.push(...asks);
      answers.push(...asks.map(standIn));
    }
  } catch {
    // A task may not know what to make of an invented answer; what it asked so far counts.
  }
  return later;
}

function standIn(ask: Ask): Answer {
  switch (ask.verb) {
    case 'generate':
      return {
        verb: 'generate',
        completion: { text: 'I would say that it depends on the person.', finish: 'stop', usage: {} },
      };
    case 'score':
      return {
        verb: 'score',
        scores: ask.continuations.map((text) => ({
          logprob: -1,
          tokenLogprobs: [-1],
          bytes: Buffer.byteLength(text),
          method: 'scripted' as const,
        })),
      };
    case 'embed':
      return { verb: 'embed', vectors: 'texts' in ask ? ask.texts.map(() => [1]) : [[1]] };
    case 'classify':
      return { verb: 'classify', classifications: ask.texts.map(() => ({ scores: {} })) };
  }
}
