import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import type { OutcomeRecord } from '../../../benchmarks/journal/records.ts';
import { sha256 } from '../../../core/digest.ts';
import { buildBoard } from '../../../results/leaderboard/board.ts';
import { everyEvalEver } from '../../../results/leaderboard/exports/every-eval-ever.ts';
import { hubExports } from '../../../results/leaderboard/exports/hub.ts';
import { boardCsv } from '../../../results/leaderboard/exports/tables.ts';
import { summarise } from '../../../results/summarise.ts';
import type { Summary } from '../../../results/summary.ts';
import { describeWithData, sharedData } from '../../suites/shared-data.ts';
import { bernoulli, checkpoint, input, metric, records, task } from '../support/synthetic.ts';
import { publicationOf } from './boards.ts';

const CHECKPOINTS = [
  checkpoint('base'),
  checkpoint('sft "x"\n<b>', {
    method: 'sft',
    parent: 'base',
    data: 'ultra',
    seed: 3,
    step: 100,
    family: 'Tiny',
  }),
];
const TASKS = [
  task('truthfulness/mc1@zoo-truth:robust', { metrics: [metric('right', { counts: { refused: 0 } })] }),
  task('toxicity/words@zoo-truth:robust', {
    metrics: [
      metric('words', {
        range: [0, Number.POSITIVE_INFINITY],
        unit: 'score',
        binary: false,
        direction: 'lower-is-better',
      }),
    ],
  }),
];
const OUTCOMES: OutcomeRecord[] = records(
  CHECKPOINTS,
  TASKS,
  ({ task: name, unit, checkpoint: id }, latent, noise) => {
    if (unit % 10 === 3) return { kind: 'unscored', reason: 'refused' };
    if (unit % 10 === 4) return { kind: 'failed', error: { code: 'timeout', message: '' } };
    if (name.startsWith('toxicity'))
      return { kind: 'scored', values: { words: Math.floor(noise() * (id === 'base' ? 9 : 4)) } };
    return bernoulli(0.7, latent, noise, ['right']);
  },
);

async function published(): Promise<{
  summary: Summary;
  exportOf: (id: string) => ReturnType<typeof everyEvalEver>;
}> {
  const summary = await summarise(input(CHECKPOINTS, TASKS, OUTCOMES));
  const { manifest } = publicationOf(summary);
  const evaluator = {
    organisation: 'ACME',
    relationship: 'third_party',
    at: '2026-11-22T12:00:00.000Z',
  } as const;
  return {
    summary,
    exportOf: (id) => {
      const one = CHECKPOINTS.find((each) => each.id === id);
      if (one === undefined) throw new Error(id);
      const outcomes = OUTCOMES.filter((record) => record.checkpoint === id);
      return everyEvalEver({ summary, manifest, evaluator, checkpoint: one, outcomes, specs: new Map() });
    },
  };
}

const folder = join(sharedData, 'every-eval-ever');
const SCHEMAS = ['eval.schema.json', 'instance_level_eval.schema.json'].map((name) => join(folder, name));

describeWithData('Every Eval Ever', SCHEMAS, () => {
  const compiled = (path: string): ValidateFunction =>
    new Ajv({ strict: false, allErrors: true }).compile(JSON.parse(readFileSync(path, 'utf8')) as object);

  it('accepts the aggregate and every line of the samples', async () => {
    const [aggregate, instance] = SCHEMAS.map((path) => compiled(path)) as [
      ValidateFunction,
      ValidateFunction,
    ];
    const { exportOf } = await published();
    for (const { id } of CHECKPOINTS) {
      const { json, samples } = exportOf(id);
      aggregate(JSON.parse(json));
      expect(aggregate.errors ?? []).toEqual([]);
      const lines = samples.trim().split('\n');
      // Of 240 samples a task 24 failed, and 24 were refused, which one of the two metrics counts.
      expect(lines).toHaveLength(216 + 192);
      for (const line of lines) {
        instance(JSON.parse(line));
        expect(instance.errors ?? []).toEqual([]);
      }
    }
  });

  it('would refuse what is damaged', async () => {
    const validate = compiled(SCHEMAS[0] as string);
    const { exportOf } = await published();
    const value = JSON.parse(exportOf('base').json) as Record<string, unknown>;
    expect(validate({ ...value, evaluation_id: 7 })).toBe(false);
    expect(
      validate({ ...value, detailed_evaluation_results: { format: 'jsonl', file_path: 'x.jsonl' } }),
    ).toBe(false);
  });
});

describe('Every Eval Ever', () => {
  it('carries method, parent and effect as text, and the checksum of its samples', async () => {
    const { summary, exportOf } = await published();
    const made = exportOf('sft "x"\n<b>');
    const value = JSON.parse(made.json) as {
      model_info: { additional_details: Record<string, string> };
      evaluation_results: {
        score_details: { score: number; details: Record<string, string>; uncertainty: object };
      }[];
      detailed_evaluation_results: { checksum: string; file_path: string; total_rows: number };
    };
    expect(value.model_info.additional_details).toMatchObject({
      alignment_method: 'sft',
      alignment_parent: 'base',
      alignment_seed: '3',
      base_family: 'Tiny',
    });
    const effect = summary.effects.find(
      ({ kind, task: name }) => kind === 'stage' && name.startsWith('truthfulness'),
    );
    expect(value.evaluation_results[0]?.score_details.details['effect_delta']).toBe(String(effect?.delta));
    expect(value.evaluation_results[0]?.score_details.details['effect_verdict']).toBe(effect?.verdict);
    const cell = summary.cells.find((each) => each.checkpoint.startsWith('sft') && each.metric === 'right');
    expect(value.evaluation_results[0]?.score_details.score).toBe(cell?.value);
    expect(value.detailed_evaluation_results).toMatchObject({
      checksum: sha256(made.samples),
      file_path: made.samplesPath,
      total_rows: made.samples.trim().split('\n').length,
    });
    expect(made.path).toMatch(/^data\/[^/]+\/[^/]+\/[^/]+\/[0-9a-f-]{36}\.json$/);
  });

  it('writes the same bytes again', async () => {
    const [one, other] = [await published(), await published()];
    expect(one.exportOf('base')).toEqual(other.exportOf('base'));
  });
});

describe('exports for the Hub', () => {
  const MAP = {
    'zoo-truth': { id: 'owner/truth', revision: 'abc' },
    'truthfulness/mc1@zoo-truth:robust': { id: 'owner/mc1', task_id: 'default' },
  };

  async function hub(map: Parameters<typeof hubExports>[1], url: string | null) {
    const { summary } = await published();
    const { board } = buildBoard([publicationOf(summary)], { title: 'A site', aligntrust: '0.1.0' });
    return { board, ...hubExports(board, map, url) };
  }

  it('give a model-index with an interval beside each number and nothing rounded', async () => {
    const { board, files } = await hub({}, 'https://example.org/site');
    const row = board.rows[1];
    const text = files[`exports/huggingface/${row?.file}/model-index.yaml`] ?? '';
    const [model] = (parse(text) as { 'model-index': { name: string; results: Record<string, never>[] }[] })[
      'model-index'
    ];
    expect(model?.name).toBe('sft "x"\n<b>');
    const cell = board.cells.find((each) => each.row === row?.key && each.column.startsWith('truthfulness'));
    expect(model?.results[0]).toMatchObject({
      task: { type: 'text-generation' },
      dataset: { type: 'zoo-truth', name: 'truthfulness/mc1@zoo-truth:robust' },
      metrics: [
        { type: 'right', value: Number(((cell?.value ?? 0) * 100).toPrecision(15)), verified: false },
      ],
      source: { url: `https://example.org/site/checkpoints/${row?.file}.html` },
    });
    const [metrics] = (model?.results[0]?.['metrics'] ?? []) as { name: string }[];
    expect(metrics?.name).toMatch(/95 % interval [\d.]+ to [\d.]+, n 216/);
  });

  it('write .eval_results for mapped datasets alone, and say which had none', async () => {
    const none = await hub({}, null);
    expect(Object.keys(none.files).filter((path) => path.includes('.eval_results'))).toEqual([]);
    expect(none.unmapped).toEqual(['truthfulness/mc1@zoo-truth:robust', 'toxicity/words@zoo-truth:robust']);
    const { files, unmapped } = await hub(MAP, null);
    expect(unmapped).toEqual([]);
    const entries = Object.entries(files).filter(([path]) => path.includes('.eval_results'));
    expect(entries).toHaveLength(4);
    const ids = new Set<string>();
    for (const [path, text] of entries) {
      expect(path).toMatch(/^exports\/huggingface\/[a-z0-9~-]+\/\.eval_results\/[a-z0-9_~-]+\.yaml$/);
      const list = parse(text) as {
        dataset: { id: string };
        value: number;
        date: string;
        source?: object;
        verifyToken?: string;
      }[];
      expect(list).toHaveLength(1);
      const [one] = list;
      ids.add(one?.dataset.id ?? '');
      expect(typeof one?.value).toBe('number');
      expect(one?.date).toBe('2026-11-22');
      expect(one).not.toHaveProperty('source');
      expect(one).not.toHaveProperty('verifyToken');
    }
    expect(ids).toEqual(new Set(['owner/mc1', 'owner/truth']));
  });
});

describe('the CSV of a board', () => {
  it('has a row a cell, in full precision', async () => {
    const { summary } = await published();
    const { board } = buildBoard([publicationOf(summary)], { title: 'A site', aligntrust: '0.1.0' });
    const lines = boardCsv(board).trim().split('\r\n');
    expect(lines).toHaveLength(1 + board.cells.length);
    const cell = board.cells[0];
    expect(boardCsv(board)).toContain(`,${cell?.value},${cell?.low},${cell?.high},`);
  });
});
