import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { buildBoard, type ComparableSet, withRanks } from '../../../results/leaderboard/board.ts';
import { leaderboardSchema } from '../../../results/leaderboard/leaderboard.schema.ts';
import type { Leaderboard } from '../../../results/leaderboard/leaderboard.ts';
import { groupLetter, rankMembers } from '../../../results/leaderboard/rank.ts';
import { parseScore, withScore } from '../../../results/leaderboard/score.ts';
import { siteFiles } from '../../../results/leaderboard/site/files.ts';
import { collectOutcomes } from '../../../results/outcomes/table.ts';
import { renderJson } from '../../../results/report/json.ts';
import { summarise } from '../../../results/summarise.ts';
import type { Summary, SummaryCheckpoint } from '../../../results/summary.ts';
import { GALLERY } from '../support/gallery.ts';
import { bernoulli, checkpoint, input, metric, records, stream, task } from '../support/synthetic.ts';
import { publicationOf } from './boards.ts';

const FACTS = { title: 'A site', aligntrust: '0.1.0' };
const validate = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(
  leaderboardSchema,
);

const RATES: Readonly<Record<string, number>> = { base: 0.9, sft: 0.6, dpo: 0.3, ppo: 0.3 };
const LINEAGE = [
  checkpoint('base'),
  checkpoint('sft', { method: 'sft', parent: 'base' }),
  checkpoint('dpo', { method: 'dpo', parent: 'sft' }),
  checkpoint('ppo', { method: 'ppo', parent: 'sft' }),
  checkpoint('sft-copy', { method: 'sft', parent: 'sft', control: 'copy' }),
];
const TASKS = [task('truthfulness/mc1@zoo-truth:robust'), task('truthfulness/mc2@zoo-truth:robust')];

async function summaryOf(checkpoints: readonly SummaryCheckpoint[] = LINEAGE): Promise<Summary> {
  const outcomes = records(checkpoints, TASKS, ({ checkpoint: id }, latent, noise) =>
    bernoulli(RATES[id] ?? 0.5, latent, noise),
  );
  return JSON.parse(renderJson(await summarise(input(checkpoints, TASKS, outcomes)))) as Summary;
}

async function ranked(set: ComparableSet, checkpoints = LINEAGE): Promise<Map<string, unknown>> {
  const rows = new Map(set.members.map(({ checkpoint: id, row }) => [id, row]));
  const outcomes = records(checkpoints, TASKS, ({ checkpoint: id }, latent, noise) =>
    bernoulli(RATES[id] ?? 0.5, latent, noise),
  )
    .filter(({ instrument, checkpoint: id }) => instrument === set.task && rows.has(id))
    .map((record) => ({ ...record, instrument: set.name, checkpoint: rows.get(record.checkpoint) ?? '' }));
  const spec = metric('accuracy');
  const { instruments } = await collectOutcomes(
    stream(outcomes),
    [...rows.values()],
    new Map([[set.name, [spec]]]),
  );
  const table = instruments.get(set.name);
  if (table === undefined) throw new Error('no table');
  return rankMembers(set, table, spec);
}

describe('a board', () => {
  it.each(Object.entries(GALLERY))(
    'of %s fits its published schema, and so does its score',
    async (_, make) => {
      const summary = JSON.parse(renderJson(await make())) as Summary;
      const { board } = buildBoard([publicationOf(summary)], FACTS);
      const isValid = validate(JSON.parse(JSON.stringify(board)));
      expect(validate.errors ?? []).toEqual([]);
      expect(isValid).toBe(true);
    },
  );

  it('puts children behind their parents and says how deep they stand', async () => {
    const { board } = buildBoard([publicationOf(await summaryOf([...LINEAGE].reverse()))], FACTS);
    const order = board.rows.map(({ checkpoint: id, depth }) => [id, depth]);
    expect(order[0]).toEqual(['base', 0]);
    expect(order[1]).toEqual(['sft', 1]);
    expect(new Set(order.slice(2).map(String))).toEqual(new Set(['dpo,2', 'ppo,2', 'sft-copy,2']));
  });

  it('has one main column a dimension and keeps other instruments apart', async () => {
    const { board } = buildBoard([publicationOf(await summaryOf())], FACTS);
    expect(board.columns.map(({ task: name, main }) => [name, main])).toEqual([
      ['truthfulness/mc1@zoo-truth:robust', true],
      ['truthfulness/mc2@zoo-truth:robust', false],
    ]);
  });

  it('never puts two versions of a task into one column', async () => {
    const one = await summaryOf();
    const two: Summary = {
      ...one,
      run: { ...one.run, id: 'other' },
      tasks: one.tasks.map((each) => ({ ...each, version: 2 })),
    };
    const { board } = buildBoard([publicationOf(one), publicationOf(two, { name: 'run-2' })], FACTS);
    expect(board.columns.filter(({ main }) => main).map(({ key }) => key)).toEqual([
      'truthfulness/mc1@zoo-truth:robust#1',
      'truthfulness/mc1@zoo-truth:robust#2',
    ]);
  });

  it('leaves a superseded run out of its tables and keeps its note', async () => {
    const summary = await summaryOf();
    const old = publicationOf(summary);
    const corrected = publicationOf(summary, {
      name: 'run-1-r2',
      supersedes: { publication: 'run-1', note: 'why' },
    });
    const { board } = buildBoard([old, corrected], FACTS);
    expect(new Set(board.cells.map(({ publication }) => publication))).toEqual(new Set(['run-1-r2']));
    expect(board.publications[0]?.supersededBy).toEqual({ publication: 'run-1-r2', note: 'why' });
  });

  it('ranks only what was asked in one way: another engine is another set', async () => {
    const mixed = LINEAGE.map((one) =>
      one.id === 'ppo' ? checkpoint('ppo', { method: 'ppo', parent: 'sft' }, { engine: 'vllm' }) : one,
    );
    const { sets } = buildBoard([publicationOf(await summaryOf(mixed))], FACTS);
    const members = sets
      .filter(({ column }) => column.startsWith('truthfulness/mc1'))
      .map((set) => set.members.map(({ checkpoint: id }) => id));
    expect(members).toEqual([['base', 'sft', 'dpo'], ['ppo']]);
  });

  it('gives rank bounds and groups from paired comparisons, and none to a control copy', async () => {
    const { board, sets } = buildBoard([publicationOf(await summaryOf())], FACTS);
    const [set] = sets;
    if (set === undefined) throw new Error('no set');
    const full = withRanks(board, (await ranked(set)) as never);
    const ranks = Object.fromEntries(
      full.cells
        .filter(({ column }) => column === set.column)
        .map(({ row, rank }) => [
          full.rows.find(({ key }) => key === row)?.checkpoint ?? '',
          rank === null ? null : [rank.low, rank.high, rank.of, rank.group],
        ]),
    );
    expect(ranks).toEqual({
      base: [1, 1, 4, 'A'],
      sft: [2, 2, 4, 'B'],
      dpo: [3, 4, 4, 'C'],
      ppo: [3, 4, 4, 'C'],
      'sft-copy': null,
    });
  });

  it('says why a checkpoint alone has no rank', async () => {
    const { sets } = buildBoard([publicationOf(await summaryOf([checkpoint('base')]))], FACTS);
    const [set] = sets;
    expect([...(await ranked(set as ComparableSet, [checkpoint('base')])).values()]).toEqual([
      'no other checkpoint was measured in the same way',
    ]);
  });

  it('counts groups in letters', () => {
    expect([1, 2, 26, 27, 28, 53].map(groupLetter)).toEqual(['A', 'B', 'Z', 'AA', 'AB', 'BA']);
  });
});

describe('a weighted score', () => {
  it('is the weighted mean of the shares of the way from worst to best', async () => {
    const lower = [
      task('truthfulness/a@x:robust', { metrics: [metric('right')] }),
      task('toxicity/b@x:robust', { metrics: [metric('toxic', { direction: 'lower-is-better' })] }),
    ];
    const checkpoints = [checkpoint('base'), checkpoint('sft', { method: 'sft', parent: 'base' })];
    const outcomes = records(checkpoints, lower, ({ checkpoint: id, task: name, unit }) => ({
      kind: 'scored',
      values: name.startsWith('truth')
        ? { right: unit % 4 === 0 ? 0 : 1 }
        : { toxic: id === 'base' ? (unit % 2 === 0 ? 1 : 0) : 0 },
    }));
    const summary = await summarise(input(checkpoints, lower, outcomes));
    const { board } = buildBoard([publicationOf(summary)], FACTS);
    const { score } = withScore(board, parseScore('truthfulness:3,toxicity:1'));
    const scores = score?.rows.map(({ row, score: value, rank }) => [
      board.rows.find(({ key }) => key === row)?.checkpoint,
      value,
      rank,
    ]);
    // (3 × 75 + 1 × 100) / 4 and (3 × 75 + 1 × 50) / 4.
    expect(scores).toEqual([
      ['sft', 81.25, 1],
      ['base', 68.75, 2],
    ]);
    expect([score?.choices, score?.sameFirst]).toEqual([9, 9]);
    expect(validate(JSON.parse(JSON.stringify({ ...board, score })))).toBe(true);
  });

  it('refuses weights that are none', () => {
    for (const text of ['', 'x', 'x:', 'x:0', 'x:-1', 'x:NaN', 'x:1,x:2', ':1', 'x:1,', 'x:Infinity'])
      expect(() => parseScore(text)).toThrow();
  });
});

const HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e\u0000../../x|`$^{}\\%#&_~';

describe('a site around hostile names', () => {
  async function hostileFiles(): Promise<{ board: Leaderboard; files: ReadonlyMap<string, string> }> {
    const names = ['../../x', '../../X', 'a b', 'a-b', HOSTILE, `${HOSTILE}2`];
    const checkpoints = names.map((id, index) =>
      checkpoint(
        id,
        {
          method: index === 0 ? 'none' : `${HOSTILE}${index}`,
          parent: index === 0 ? null : '../../x',
          family: HOSTILE,
          data: HOSTILE,
        },
        { engine: HOSTILE },
      ),
    );
    const tasks = [task('truthfulness/mc1@zoo-truth:robust', { samples: 30 })].map((each) => ({
      ...each,
      facts: { ...each.facts, question: HOSTILE, source: HOSTILE, dimension: HOSTILE },
    }));
    const outcomes = records(checkpoints, tasks, (_, latent, noise) => bernoulli(0.5, latent, noise));
    const summary = await summarise(input(checkpoints, tasks, outcomes));
    const publication = publicationOf({ ...summary, benchmark: HOSTILE });
    const { board } = buildBoard([publication], { ...FACTS, title: HOSTILE });
    const { files } = siteFiles(
      board,
      new Map([['run-1', summary]]),
      { 'zoo-truth': { id: 'owner/name' } },
      null,
    );
    return { board, files };
  }

  it('has only safe paths, one for each checkpoint and method', async () => {
    const { board, files } = await hostileFiles();
    for (const path of files.keys()) {
      expect(path).toMatch(/^[a-z0-9._~/-]+$/);
      expect(path).not.toContain('..');
    }
    const pages = [...files.keys()].filter((path) => path.startsWith('checkpoints/'));
    expect(new Set(pages.map((path) => path.toLowerCase())).size).toBe(board.rows.length);
    expect([...files.keys()].filter((path) => path.startsWith('methods/'))).toHaveLength(6);
  });

  it('prints every name as text in every page', async () => {
    const { files } = await hostileFiles();
    const pages = [...files].filter(([path]) => path.endsWith('.html'));
    expect(pages.length).toBeGreaterThan(10);
    for (const [path, html] of pages) {
      const withoutOwn = html
        .replace(/<script>[\s\S]*?<\/script>/, '')
        .replace(/<style>[\s\S]*?<\/style>/, '');
      const said = withoutOwn.replaceAll('&#60;img src=x onerror=alert(1)&#62;', '');
      for (const harm of ['<script', '<img', 'onerror=', '\u202e', '\u0000'])
        expect([path, harm, said.includes(harm)]).toEqual([path, harm, false]);
      expect(html).toContain('&#60;script&#62;');
      expect(html).not.toMatch(/(?:src|href)="(?:https?:|\/\/)/);
      const policy =
        /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1]?.replaceAll('&#39;', "'") ?? '';
      expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; /);
      expect(policy).not.toContain('unsafe');
    }
  });

  it('escapes every name in Markdown, CSV and LaTeX', async () => {
    const { files } = await hostileFiles();
    expect(files.get('leaderboard.md')).not.toMatch(/<script|<img/);
    const csv = files.get('leaderboard.csv') ?? '';
    for (const line of csv.split('\r\n')) expect(line).not.toMatch(/^[=+@-]/);
    const latex = files.get('leaderboard.tex') ?? '';
    expect(latex).not.toMatch(/[^ -~\n]/);
    expect(latex).not.toMatch(/\\(?:input|write|def)|[^\\]%(?! )/);
  });

  it('links nowhere but within itself, and every link leads to a file', async () => {
    const { files } = await hostileFiles();
    const outside = new Set(['files.json', 'history.jsonl']);
    for (const [path, html] of files) {
      if (!path.endsWith('.html')) continue;
      for (const [, href = ''] of html.matchAll(/href="([^"]*)"/g)) {
        const url = new URL(href, `file:///site/${path}`);
        const target = decodeURIComponent(url.pathname.replace('/site/', ''));
        if (url.hash !== '' && target === path) continue;
        expect([path, href, files.has(target) || outside.has(target)]).toEqual([path, href, true]);
      }
    }
  });

  it('orders any lineage without losing or repeating a row, circles too', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(6), { minLength: 1, maxLength: 7 }), (parents) => {
        const checkpoints = parents.map((parent, index) =>
          checkpoint(`c${index}`, { method: 'm', parent: parent === 6 ? null : `c${parent}` }),
        );
        const summary = { ...EMPTY, checkpoints } as Summary;
        const { board } = buildBoard([publicationOf(summary)], FACTS);
        expect(board.rows.map(({ checkpoint: id }) => id).sort()).toEqual(
          checkpoints.map(({ id }) => id).sort(),
        );
      }),
    );
  });
});

const EMPTY = {
  schemaVersion: 1,
  benchmark: 'b',
  run: {
    id: 'r',
    status: 'finished',
    aligntrust: '0',
    definitionDigest: 'd'.repeat(64),
    seed: 1,
    createdAt: '2026-01-01T00:00:00Z',
  },
  tasks: [],
  cells: [],
  effects: [],
  relations: { methods: [], pooled: [], agreements: [], tradeOffs: [], decompositions: [], noise: [] },
  alarms: [],
} as unknown as Summary;
