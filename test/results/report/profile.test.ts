import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { standalone } from '../../../results/report/charts/figure.ts';
import { allFigures, drawFigures, type Figures } from '../../../results/report/charts/figures.ts';
import { effectsCsv } from '../../../results/report/csv.ts';
import { pageAssets } from '../../../results/report/html/assets.ts';
import { renderPage } from '../../../results/report/html/page.ts';
import { renderLatex } from '../../../results/report/latex.ts';
import { renderMarkdown } from '../../../results/report/markdown.ts';
import { factorsCsv } from '../../../results/report/profile/csv.ts';
import { changed, scored } from '../../../results/report/profile/numbers.ts';
import { renderTerminal } from '../../../results/report/terminal.ts';
import { displayWidth } from '../../../results/report/text.ts';
import type { Effect, Summary } from '../../../results/summary.ts';
import { drivingOf, EVALUATION, GENERATION, HOSTILE_VOTE, profileRun } from '../support/profile-run.ts';

const ORIGIN = {
  command: '',
  definition: {},
  node: '',
  platform: '',
  commit: null,
  datasets: [],
  samples: new Map(),
};

function pageOf(summary: Summary, figures: Figures): string {
  const driving = drivingOf(summary, (index) => `text ${index}`);
  return renderPage({ summary, figures, flips: [], tasks: new Map(), driving, origin: ORIGIN }, pageAssets());
}

/** Text of a part of the page, without markup. */
function textOf(page: string, id: string): string {
  const part = new RegExp(`<section id="${id}".*?</section>`, 's').exec(page)?.[0] ?? '';
  return part
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .replace(/\s+/g, ' ');
}

describe('PROFILE beside trust', () => {
  let summary: Summary;
  let figures: Figures;
  let page = '';
  let raised: Effect;
  beforeAll(async () => {
    ({ summary } = await profileRun());
    figures = await drawFigures(summary);
    page = pageOf(summary, figures);
    raised = summary.effects.find(
      ({ task, metric, to, kind }) =>
        task === EVALUATION && metric === 'length' && to === 'dpo' && kind === 'stage',
    ) as Effect;
  });
  const terminal = (width: number) => renderTerminal(summary, { width, colour: false });

  it('says the planted change as the same word and number in every format', () => {
    expect(raised).toMatchObject({ verdict: 'raised', family: 'profile', direction: 'neutral' });
    const { delta, low, high } = raised as Effect & { delta: number; low: number; high: number };
    const number = `+${delta.toFixed(2)}`;
    const half = ((high - low) / 2).toFixed(2);
    const all = summary.profile?.shifts
      .find(({ task, to }) => task === EVALUATION && to === 'dpo')
      ?.factors.find(({ factor }) => factor === 'length')?.all.difference;
    const overall = `all pairs +${(all ?? 0).toFixed(2)}`;
    expect(overall).not.toBe(`all pairs ${number}`);
    expect(terminal(100)).toContain(`RAISED ${number} ±${half} (${overall})`);
    expect(renderMarkdown(summary)).toContain(`**RAISED** ${number} ±${half}<br>${overall}`);
    expect(textOf(page, 'profile')).toContain(`RAISED ${number} ±${half} ${overall}`);
    expect(renderLatex(summary)).toContain(`$${number}$ \\textbf{raised}`);
    expect(renderLatex(summary)).toContain(`[$+${low.toFixed(2)}$, $+${high.toFixed(2)}$]`);
    const [shifts] = figures.profile.shifts;
    expect(shifts?.description).toContain(`length, sft → dpo: RAISED ${number} ±${half}.`);
    expect(shifts?.svg).toContain(`RAISED ${number} ±${half}`);
    const row = parse<Record<string, string>>(effectsCsv(summary), { columns: true }).find(
      (one) =>
        one['task'] === EVALUATION &&
        one['metric'] === 'length' &&
        one['to'] === 'dpo' &&
        one['kind'] === 'stage',
    );
    expect(row).toMatchObject({
      delta: String(delta),
      verdict: 'raised',
      towards: 'higher',
      adjustment: 'holm',
    });
  });

  it('gives every score in factors.csv in full and the same, rounded, in all tables', () => {
    const rows = parse<Record<string, string>>(factorsCsv(summary) ?? '', { columns: true });
    const scores = summary.profile?.tables.flatMap(({ scores: own }) => own) ?? [];
    expect(rows.length).toBe(scores.length);
    const row = rows.find(
      (one) => one['task'] === GENERATION && one['rater'] === 'dpo' && one['factor'] === 'length',
    );
    const score = summary.profile?.tables
      .find(({ task, rater }) => task === GENERATION && rater.name === 'dpo')
      ?.scores.find(({ factor }) => factor === 'length');
    expect(row).toMatchObject({
      tau14: String(score?.tau14),
      C: String(score?.C),
      T_f: String(score?.Tf),
      low_95: String(score?.low),
      p_adjusted: String(score?.pAdjusted),
      setting: 'generation',
      rated_pairs: '600',
    });
    const printed = `+${score?.tau14?.toFixed(2)}*`;
    expect(terminal(100)).toContain(printed);
    expect(renderMarkdown(summary)).toContain(printed.replace('*', '\\*'));
    expect(textOf(page, 'profile')).toContain(printed);
    expect(renderLatex(summary)).toContain(`$${printed.slice(0, -1)}$$^{*}$`);
    expect(rows.every((one) => !Object.values(one).includes('NaN'))).toBe(true);
  });

  it.each(['80.txt', 'md', 'tex'])('looks as committed in %s', (form) => {
    const forms: Readonly<Record<string, string>> = {
      '80.txt': terminal(80),
      md: renderMarkdown(summary),
      tex: renderLatex(summary),
    };
    const file = new URL(`../../fixtures/results/gallery/profile.${form}`, import.meta.url);
    const text = forms[form] ?? '';
    if (process.env['UPDATE_GALLERY'] === '1') writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, 'utf8'));
  });

  it.each([60, 80, 100])('stays within %i columns, names and all', (width) => {
    const wide = terminal(width)
      .split('\n')
      .filter((line) => displayWidth(line) > width);
    expect(wide).toEqual([]);
  });

  it('stands after the tables of trust, which know nothing of it', () => {
    const text = terminal(100);
    expect(text.indexOf('Which alignment method moved which trust?')).toBeLessThan(
      text.indexOf('PROFILE: which'),
    );
    expect(text.slice(0, text.indexOf('PROFILE: which'))).not.toMatch(/profile|RAISED|LOWERED/);
    expect(textOf(page, 'answer')).not.toMatch(/profile|RAISED/);
    expect(page.indexOf('id="answer"')).toBeLessThan(page.indexOf('<section id="profile"'));
  });

  it('says neither better nor worse of a factor', () => {
    const part = terminal(100).split('PROFILE: which')[1]?.split('toxicity/continuation')[0] ?? '';
    expect(part).toContain('RAISED');
    const words = part.replace(/not that this is better or\s+worse/, '');
    expect(words).not.toMatch(/\b(WORSE|worse|improved)\b/);
    const svg = figures.profile.shifts.map((figure) => figure.svg).join('');
    expect(svg).not.toMatch(/#0b64ad|#b8460b/);
  });

  it('lists what no pair differs in and what no pair has, and names neither as a result', () => {
    expect(renderMarkdown(summary)).toContain('No pair differs in headings.');
    expect(renderMarkdown(summary)).toContain('Not measured on this data: novel words.');
    expect(terminal(100)).toContain('no pair differs in 1 factor; 1 factor not measured on this data');
  });

  it('puts factors beside trust as an association and claims no correlation of one family', () => {
    const text = textOf(page, 'profile');
    expect(text).toContain('Factors and trust, stage by stage: an association at most');
    expect(text).toMatch(/sft → dpo dpo .*length RAISED.*toxicity better/);
    expect(text).toContain('No correlation: 1 independent base family:');
    expect(text).not.toMatch(/\b(caused|because of|leads to)\b/);
  });

  it('shows differences by factor before it correlates, and calls each p descriptive', () => {
    const text = textOf(page, 'profile');
    const [plot, correlation] = [
      text.indexOf('Models against people'),
      text.indexOf('Correlation of factor scores'),
    ];
    expect(plot).toBeGreaterThan(-1);
    expect(correlation).toBeGreaterThan(plot);
    expect(text).toContain('p of τ_b (descriptive)');
  });

  it('draws every figure with a name and words for who does not see it, and nothing but numbers in its paths', () => {
    const drawn = allFigures(figures).filter(({ id }) => id.startsWith('profile'));
    expect(drawn.map(({ id }) => id)).toEqual([
      'profile-shifts-1',
      'profile-shifts-2',
      'profile-difference-1',
      'profile-difference-2',
      'profile-gap',
      'profile-bridge',
    ]);
    for (const figure of drawn) {
      const document = standalone(figure);
      expect(document).toMatch(/<title>[^<]+<\/title><desc>[^<]+<\/desc>/);
      expect(document).not.toMatch(/NaN|Infinity|undefined|<script/);
    }
  });

  it('draws factors beside trust, each on its own scale with its interval, and joins them by no line', () => {
    const { bridge } = figures.profile;
    expect(bridge?.title).toContain('an association at most');
    expect(bridge?.description).toMatch(
      /sft → dpo, dpo: length, profile\/evaluation: RAISED \+0\.\d\d ±0\.\d\d; .*beside toxicity: better −22\.5 ±11\.0\./,
    );
    expect(bridge?.svg.match(/better −22\.5 ±11\.0/g)).toHaveLength(1);
    expect(bridge?.svg.match(/<svg/g)).toHaveLength(1);
    expect(page).toContain('aria-label="Factors beside trust');
    expect(bridge?.description).not.toMatch(/caus|because|leads to|mechanically coupled/);
    expect(renderMarkdown(summary)).toContain('no: no answer in common');
  });

  it('keeps hostile names text in every format', () => {
    expect(page).not.toContain(HOSTILE_VOTE);
    expect(page).not.toContain('<b>hedging</b>');
    const markdown = renderMarkdown(summary);
    expect(markdown).not.toContain('<script>');
    const cells = markdown.split('\n').filter((line) => line.startsWith('| formality'));
    expect(cells.length).toBeGreaterThan(3);
    for (const line of cells) expect(line).toContain('formality \\| \\*register\\*');
    const tex = renderLatex(summary);
    expect(tex).toMatch(/^[ -~\n]*$/);
    expect(tex).toContain('\\textless{}b\\textgreater{}hedging');
  });
});

describe('PROFILE alone', () => {
  let summary: Summary;
  beforeAll(async () => {
    ({ summary } = await profileRun({ withTrust: false, withPeople: false }));
  });

  it('comes first, and nothing is said of trust that nobody asked about', async () => {
    const forms = {
      terminal: renderTerminal(summary, { width: 100, colour: false }),
      markdown: renderMarkdown(summary),
      latex: renderLatex(summary),
      page: pageOf(summary, await drawFigures(summary)),
    };
    for (const text of Object.values(forms))
      expect(text.replace(/<style>.*<\/script>/s, '')).not.toMatch(
        /which trust|has a parent|nothing could be tested/,
      );
    expect(forms.terminal).toMatch(/^PROFILE: which factors pull preferences, after Oh et al. 2024\n/);
    expect(forms.page).not.toContain('<section id="answer"');
    expect(forms.page).toContain('<section id="profile"');
  });

  it('compares models with the one vote that stands for people, by name', async () => {
    const { profile } = await drawFigures(summary);
    expect(profile.differences.map(({ title }) => title)[0]).toMatch(/^Raters less the vote "<script>/);
    expect(profile.differences[0]?.svg).not.toContain('<script');
  });

  it('writes no factors.csv for a run without PROFILE', async () => {
    const { profile: _, ...bare } = summary;
    expect(factorsCsv(bare)).toBeUndefined();
  });
});

describe('numbers of factors', () => {
  it('print no interval of no width, and no width that is there as none', () => {
    expect(scored(1, 1, 1)).toEqual(['+1.00', '']);
    expect(scored(0.4, 0.4 - 1e-15, 0.4)).toEqual(['+0.40', '']);
    expect(scored(0.4, 0.397, 0.403)).toEqual(['+0.40', '±<0.01']);
    expect(scored(0.4, 0.39, 0.41)).toEqual(['+0.40', '±0.01']);
    expect(changed({ delta: -0.2, low: -0.2, high: -0.2 }, 1)).toEqual(['−0.20', '']);
    expect(changed({ delta: -0.2, low: -0.203, high: -0.197 }, 1)).toEqual(['−0.20', '±<0.01']);
  });
});

describe('what could not be seen', () => {
  let summary: Summary;
  beforeAll(async () => {
    ({ summary } = await profileRun({ withTrust: false }));
  });
  const forms = async (of: Summary): Promise<Record<string, string>> => ({
    terminal: renderTerminal(of, { width: 100, colour: false }).replace(/\s+/g, ' '),
    markdown: renderMarkdown(of),
    page: textOf(pageOf(of, await drawFigures(of)), 'profile'),
    latex: renderLatex(of),
  });

  it('a checkpoint whose answers are alike at every requested quality does not respond to it', async () => {
    const tables = summary.profile?.tables.map((table) =>
      table.task === GENERATION && table.rater.name === 'dpo'
        ? {
            ...table,
            scores: table.scores.map((score) =>
              score.tau14 === null
                ? score
                : { ...score, C: 0, D: 0, Tf: 600, Tp: 0, Tb: 0, tau14: 0, relevance: 0, low: 0, high: 0 },
            ),
          }
        : table,
    );
    const alike = { ...summary, profile: { ...summary.profile, tables } } as Summary;
    for (const text of Object.values(await forms(alike))) {
      expect(text).toContain(
        'dpo: no pair differs in any factor: it does not respond to the requested quality',
      );
      expect(text).not.toContain('sft: no pair differs');
      expect(text).not.toMatch(/±0\.00(?!\d)/);
    }
  });

  it('stages without a shared pair were not tested, which is no absence of change', async () => {
    const effects = summary.effects.map((effect) => ({
      ...effect,
      delta: null,
      low: null,
      high: null,
      p: null,
      pAdjusted: null,
      n: 0,
      verdict: 'not comparable' as const,
      reason: 'no sample has a value on both sides',
    }));
    const { profile: _, ...families } = summary.families;
    for (const text of Object.values(await forms({ ...summary, effects, families }))) {
      expect(text).not.toMatch(/no change detected|over 0 tests/i);
    }
    const { terminal, page, markdown } = await forms({ ...summary, effects, families });
    expect(terminal).toContain('6 factors could not be tested: no pair was answered by both');
    expect(page).toContain('profile/evaluation: could not be tested: no pair was answered by both.');
    expect(markdown).toContain('Could not be tested, no pair was answered by both: length,');
  });

  it('blames the judge, and not the data, for what the judge did not say', async () => {
    const [cell] = summary.cells;
    if (cell === undefined) throw new Error('no cell');
    const unread = ['base', 'sft', 'dpo'].map((id) => ({
      ...cell,
      checkpoint: id,
      task: EVALUATION,
      metric: 'judge_unreadable',
      value: 1,
    }));
    const { terminal, page, markdown, latex } = await forms({
      ...summary,
      cells: [...summary.cells, ...unread],
    });
    expect(terminal).toMatch(/judge unreadable – – 100 %/);
    expect(terminal).toContain('1 factor without a value: the judge gave no readable answer');
    expect(markdown).toContain('The judge gave no readable answer: novel words.');
    expect(markdown).toMatch(/\| judge unreadable \| – \| – \| 100 %/);
    expect(page).toContain('judge unreadable');
    expect(latex).toContain('judge unreadable & 100 \\%');
    const rows = parse<Record<string, string>>(
      factorsCsv({ ...summary, cells: [...summary.cells, ...unread] }) ?? '',
      { columns: true },
    );
    expect(rows.find(({ task, rater }) => task === EVALUATION && rater === 'sft')).toMatchObject({
      judge_unreadable: '1',
    });
  });
});
