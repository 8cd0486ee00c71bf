import { describe, expect, it } from '@jest/globals';
import { sha256 } from '../../../core/digest.ts';
import { buildBoard, withRanks } from '../../../results/leaderboard/board.ts';
import { rankKey } from '../../../results/leaderboard/columns.ts';
import type { BoardRank, Leaderboard } from '../../../results/leaderboard/leaderboard.ts';
import type { Publication } from '../../../results/leaderboard/publications.ts';
import { siteFiles } from '../../../results/leaderboard/site/files.ts';
import { renderJson } from '../../../results/report/json.ts';
import { summarise } from '../../../results/summarise.ts';
import type { Summary, SummaryCheckpoint } from '../../../results/summary.ts';
import { bernoulli, checkpoint, input, records, task, uniform } from '../support/synthetic.ts';
import { publicationOf } from './boards.ts';

const TRUTH = 'truthfulness/mc1@zoo-truth:robust';
const BASE = checkpoint('base');
const SFT = checkpoint('sft', { method: 'sft', parent: 'base' });
const seedOf = (seed: number, rest: Partial<SummaryCheckpoint> = {}) =>
  checkpoint(seed === 1 ? 'dpo' : `dpo-s${seed}`, { method: 'dpo', parent: 'sft', seed, ...rest });
const SEEDS = [seedOf(1), seedOf(2), seedOf(3)];
const ORPO = checkpoint('orpo', { method: 'orpo', parent: 'sft' });

interface Made {
  readonly name: string;
  readonly samples: number;
  readonly checkpoints: readonly SummaryCheckpoint[];
  readonly status?: Summary['run']['status'];
}

/** A published run of its own samples: other runs of other sizes ask others. */
async function published({ name, samples, checkpoints, status = 'finished' }: Made): Promise<Publication> {
  const tasks = [task(TRUTH, { samples })];
  const outcomes = records(checkpoints, tasks, ({ checkpoint: id, unit }) =>
    bernoulli(id === 'base' ? 0.9 : 0.5, uniform(name, unit), () => uniform(name, id, unit)),
  );
  const made = await summarise(input(checkpoints, tasks, outcomes));
  const summary = JSON.parse(renderJson(made)) as Summary;
  const run = { ...summary.run, id: name, status };
  const { manifest, ...rest } = publicationOf({ ...summary, run }, { name });
  const digests = Object.entries(manifest.tasks).map(([key, facts]) => [
    key,
    { ...facts, samplesDigest: sha256(`${key} ${samples}`) },
  ]);
  return { ...rest, manifest: { ...manifest, tasks: Object.fromEntries(digests) } };
}

const boardOf = (...publications: readonly Publication[]) =>
  buildBoard(publications, { title: 'A site', aligntrust: '0.1.0' });

/** Which run fills a checkpoint's cell and which its effect. */
function sources({ rows, cells, effects }: Leaderboard): Record<string, readonly (string | undefined)[]> {
  return Object.fromEntries(
    rows.map(({ key, checkpoint: id }) => [
      id,
      [cells, effects].map((list) => list.find(({ row }) => row === key)?.publication),
    ]),
  );
}

const big = () => published({ name: 'big', samples: 200, checkpoints: [BASE, SFT, ...SEEDS] });
const small = () => published({ name: 'small', samples: 60, checkpoints: [BASE, SFT, seedOf(1)] });

describe('of several runs of one lineage', () => {
  it('the one with the most samples fills cells, effects and methods, whatever was published last', async () => {
    for (const order of [
      [await big(), await small()],
      [await small(), await big()],
    ]) {
      const { board } = boardOf(...order);
      for (const [id, found] of Object.entries(sources(board)))
        expect([id, found]).toEqual([id, id === 'base' ? ['big', undefined] : ['big', 'big']]);
      expect(board.cells.map(({ n }) => n)).toEqual(board.cells.map(() => 200));
      expect(board.methods.map(({ publication, units }) => [publication, units])).toEqual([['big', 3]]);
    }
  });

  it('the newest speaks where they asked equally many, and a finished one before one that is not', async () => {
    const one = await published({ name: 'one', samples: 60, checkpoints: [BASE, SFT] });
    const two = await published({ name: 'two', samples: 60, checkpoints: [BASE, SFT] });
    expect(sources(boardOf(one, two).board)['sft']).toEqual(['two', 'two']);
    expect(sources(boardOf(two, one).board)['sft']).toEqual(['one', 'one']);
    const cut = await published({ name: 'cut', samples: 200, checkpoints: [BASE, SFT], status: 'stopped' });
    expect(sources(boardOf(one, cut).board)['sft']).toEqual(['one', 'one']);
  });

  it('the next tells of a checkpoint that it lacks, and every cell of the column names its run', async () => {
    const late = await published({ name: 'late', samples: 60, checkpoints: [BASE, SFT, ORPO] });
    const { board, sets } = boardOf(await big(), late);
    expect(sources(board)).toMatchObject({
      sft: ['big', 'big'],
      dpo: ['big', 'big'],
      orpo: ['late', 'late'],
    });
    // Other samples are another set: the checkpoint stands in none of the first.
    expect(sets.map(({ members }) => members.map(({ checkpoint: id }) => id))).toEqual([
      ['base', 'sft', 'dpo', 'dpo-s2', 'dpo-s3'],
      ['orpo'],
    ]);
    const { files } = siteFiles(board, new Map(), {}, null);
    for (const [path, run] of [
      ['index.html', 'href="runs-late.html">late</a>'],
      ['methods/orpo.html', 'href="../runs-late.html">late</a>'],
      ['methods/dpo.html', 'href="../runs-big.html">big</a>'],
      ['leaderboard.md', '(run late)'],
      ['leaderboard.tex', 'late'],
    ] as const)
      expect([path, files.get(path)]).toEqual([path, expect.stringContaining(run)]);
    expect(files.get('index.html')).toContain('names the run in each cell');
    const { files: alone } = siteFiles(boardOf(await big()).board, new Map(), {}, null);
    expect(alone.get('index.html')).not.toContain('names the run in each cell');
    expect(alone.get('leaderboard.md')).not.toContain('(run');
  });

  it('a mean over seeds stands only above rows of its own run', async () => {
    const one = await published({ name: 'one-seed', samples: 500, checkpoints: [BASE, SFT, seedOf(1)] });
    const { board } = boardOf(await big(), one);
    expect(sources(board)).toMatchObject({ dpo: ['one-seed', 'one-seed'], 'dpo-s2': ['big', 'big'] });
    expect(board.methods).toEqual([]);
    const { files } = siteFiles(board, new Map(), {}, null);
    expect(files.get('methods/dpo.html')).toContain('Nothing can be said of the method itself');
  });

  it('one without the parent leaves the lineage whole', async () => {
    const torn = await published({ name: 'torn', samples: 60, checkpoints: [SFT, seedOf(1)] });
    const { rows } = boardOf(await big(), torn).board;
    expect(new Set(rows.map(({ root }) => root)).size).toBe(1);
    expect(rows.map(({ checkpoint: id, depth }) => [id, depth]).slice(0, 3)).toEqual([
      ['base', 0],
      ['sft', 1],
      ['dpo', 2],
    ]);
  });
});

describe('two sets of ranks in a column', () => {
  it('are told apart in every cell, and ordered one behind the other', async () => {
    const more = [ORPO, checkpoint('kto', { method: 'kto', parent: 'sft' })];
    const late = await published({ name: 'late', samples: 60, checkpoints: [BASE, SFT, ...more] });
    const { board, sets } = boardOf(await big(), late);
    const ranks = sets.flatMap(({ name, column, members }) =>
      members.map(({ row }, index): [string, BoardRank] => {
        const place = index + 1;
        return [rankKey(column, row), { set: name, low: place, high: place, of: members.length, group: 'A' }];
      }),
    );
    const full = withRanks(board, new Map(ranks));
    const html = siteFiles(full, new Map(), {}, null).files.get('index.html') ?? '';
    expect(html.match(/rank \d of 5 in set 1/g)).toHaveLength(5);
    expect(html.match(/rank \d of 2 in set 2/g)).toHaveLength(2);
    expect(html).toContain('Letters and ranks of two sets say nothing of each other');
    const places = [...html.matchAll(/data-place="([^"]+)"/g)].map(([, place]) =>
      Math.floor(Number(place) / 5000),
    );
    expect(places.toSorted((a, b) => a - b)).toEqual([0, 0, 0, 0, 0, 2, 2]);
    const alone = siteFiles(boardOf(await big()).board, new Map(), {}, null).files.get('index.html') ?? '';
    expect(alone).not.toContain('in set');
    expect(alone).not.toContain('two sets');
  });
});
