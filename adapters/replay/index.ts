import { digestOf } from '../../core/digest.ts';
import { AdapterError } from '../../core/errors.ts';
import type { JsonValue } from '../../core/json.ts';
import type { Adapter, AdapterContext, ModelConfig } from '../adapter.ts';
import type {
  Classification,
  ClassifyRequest,
  Completion,
  ContinuationScore,
  EmbedRequest,
  GenerateRequest,
  Model,
  ModelIdentity,
  PromptInput,
  ScoreMethod,
  ScoreRequest,
} from '../model.ts';
import { classifyKey, embedKey, generateKeys, scoreKey, statesKey } from './content.ts';
import { describeNearest, type Outline, outlineOf, outlineOfGenerate } from './nearest-request.ts';
import { Recording, type Track, verbsIn } from './recording.ts';
import type { RunManifest } from './records.ts';
import { chooseTrack, parseSource, readManifest } from './source.ts';

/**
 * Answers that were given before: `model: runs/ID#CHECKPOINT` for a checkpoint of an earlier run, or a JSONL
 * file whose lines hold `prompt` or `messages` with `text`, or with `continuations` and `scores`, or `classify` with
 * `labels`. `zoo:NAME`: what was recorded of a checkpoint that the zoo's lab trained and does not ship.
 */
export const replayAdapter: Adapter = {
  name: 'replay',
  description:
    'answers from an earlier run (runs/ID#CHECKPOINT) or from a JSONL file, without asking anybody',
  optionsSchema: { type: 'object', additionalProperties: false, properties: {} },
  createSession: (context) => createSession(context),
};

function createSession(context: AdapterContext) {
  const recordings = new Map<string, Promise<Recording>>();
  return {
    open: async (config: ModelConfig): Promise<Model> => {
      const source = parseSource(config.model, config.folder);
      const opening = recordings.get(source.path) ?? openRecording(source.path, context);
      recordings.set(source.path, opening);
      const recording = await opening;
      const manifest = await readManifest(source.path);
      return createModel(config.id, recording, chooseTrack(recording, source, manifest), manifest);
    },
    close: async (): Promise<void> => {
      const opened = await Promise.allSettled(recordings.values());
      recordings.clear();
      for (const one of opened) if (one.status === 'fulfilled') await one.value.close();
    },
  };
}

async function openRecording(path: string, { notify }: AdapterContext): Promise<Recording> {
  const recording = await Recording.open(path);
  if (recording.damaged > 0) {
    notify(`${path}: ${recording.damaged} damaged or torn lines are passed over; what they held is missing`);
  }
  return recording;
}

function createModel(
  id: string,
  recording: Recording,
  track: Track,
  manifest: RunManifest | undefined,
): Model {
  const verbs = verbsIn(track);
  const scoreMethod = methodOf(track);
  return {
    id,
    rateLimitKey: `replay:${recording.path}`,
    maxConcurrency: 16,
    identify: async () => identityOf(recording, track, manifest),
    ...(verbs.includes('generate') && {
      generate: async (request, { signal }) => {
        signal?.throwIfAborted();
        return generate(recording, track, request);
      },
    }),
    ...(verbs.includes('score') && {
      scoreMethod,
      score: async (request, { signal }) => {
        signal?.throwIfAborted();
        return score(recording, track, request, scoreMethod);
      },
    }),
    ...(verbs.includes('embed') && {
      embed: async (request, { signal }) => {
        signal?.throwIfAborted();
        return embed(recording, track, request);
      },
      embedPrompt: async (prompt, { signal }) => {
        signal?.throwIfAborted();
        return (await states(recording, track, prompt))[0] as Float32Array;
      },
      embedAnswer: async ({ prompt, answer }, { signal }) => {
        signal?.throwIfAborted();
        return states(recording, track, prompt, answer);
      },
    }),
    ...(verbs.includes('classify') && {
      classify: async (request, { signal }) => {
        signal?.throwIfAborted();
        return classify(recording, track, request);
      },
    }),
  };
}

/** How the run measured, so that effects never mix methods unseen; `replayed` where it cannot be told. */
function methodOf({ methods }: Track): ScoreMethod {
  const [method] = methods;
  return method !== undefined && methods.size === 1 ? method : 'replayed';
}

function identityOf(
  recording: Recording,
  { owner, checkpoints }: Track,
  manifest: RunManifest | undefined,
): ModelIdentity {
  const models = Object.entries(manifest?.models ?? {});
  const original = models.find(([, { identityDigest }]) => identityDigest === owner?.identity)?.[1].identity;
  const notes = {
    file: recording.path,
    ...(manifest !== undefined && { run: manifest.run }),
    ...(owner !== undefined && { checkpoints: [...checkpoints] }),
    ...(original !== undefined && { adapter: original.adapter, engine: original.engine }),
    ...(recording.damaged > 0 && { damagedLines: recording.damaged }),
  };
  return {
    adapter: 'replay',
    weights: digestOf({ file: recording.digest, owner: owner?.identity ?? null } satisfies JsonValue),
    engine: 'replay 1',
    notes,
  };
}

async function generate(recording: Recording, track: Track, request: GenerateRequest): Promise<Completion> {
  const found = await recording.find(track, 'generate', generateKeys(request));
  if (found === undefined) throw notRecorded(recording, track, outlineOfGenerate(request));
  const { firstToken, ...completion } = found.exchange.completion;
  const top = request.topLogprobs ?? 0;
  return top > 0 && firstToken !== undefined
    ? { ...completion, firstToken: firstToken.slice(0, top) }
    : completion;
}

async function score(
  recording: Recording,
  track: Track,
  { prompt, continuations }: ScoreRequest,
  method: ScoreMethod,
): Promise<ContinuationScore[]> {
  if (continuations.length === 0) {
    throw new AdapterError('there is no continuation to score', { retry: 'never', code: 'bad-request' });
  }
  const scores: ContinuationScore[] = [];
  for (const continuation of continuations) {
    const found = await recording.find(track, 'score', [scoreKey(prompt, continuation)]);
    const recorded = found?.exchange.scores[found.item];
    if (recorded === undefined) {
      throw notRecorded(recording, track, outlineOf({ verb: 'score', prompt, continuations, scores: [] }));
    }
    scores.push({ ...recorded, method });
  }
  return scores;
}

async function embed(recording: Recording, track: Track, { texts }: EmbedRequest): Promise<Float32Array[]> {
  const vectors: Float32Array[] = [];
  for (const text of texts) {
    const found = await recording.find(track, 'embed', [embedKey(text)]);
    const recorded = found?.exchange.vectors[found.item];
    if (recorded === undefined) {
      throw notRecorded(recording, track, outlineOf({ verb: 'embed', texts: [text], vectors: [] }));
    }
    vectors.push(Float32Array.from(recorded));
  }
  return vectors;
}

async function states(
  recording: Recording,
  track: Track,
  prompt: PromptInput,
  answer?: string,
): Promise<Float32Array[]> {
  const found = await recording.find(track, 'embed', [statesKey(prompt, answer)]);
  if (found === undefined) {
    const asked = { prompt, ...(answer === undefined ? {} : { answer }) };
    throw notRecorded(recording, track, outlineOf({ verb: 'embed', ...asked, vectors: [] }));
  }
  return found.exchange.vectors.map((vector) => Float32Array.from(vector));
}

async function classify(
  recording: Recording,
  track: Track,
  { texts }: ClassifyRequest,
): Promise<Classification[]> {
  const classifications: Classification[] = [];
  for (const text of texts) {
    const found = await recording.find(track, 'classify', [classifyKey(text)]);
    const recorded = found?.exchange.classifications[found.item];
    if (recorded === undefined) {
      throw notRecorded(
        recording,
        track,
        outlineOf({ verb: 'classify', texts: [text], classifications: [] }),
      );
    }
    classifications.push(recorded);
  }
  return classifications;
}

function notRecorded(recording: Recording, track: Track, missing: Outline): AdapterError {
  const message = `${recording.path} has no answer to this ${missing.verb} request; ${describeNearest(missing, track.outlines)}`;
  return new AdapterError(message, { retry: 'never', code: 'not-recorded' });
}
