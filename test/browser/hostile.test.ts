import { beforeAll, expect, it } from '@jest/globals';
import type { Summary } from '../../results/summary.ts';
import { GALLERY } from '../results/support/gallery.ts';
import { describeInBrowser } from './support/browser.ts';
import { inputOf, writeInput } from './support/pages.ts';

/** What a model, a data set or the name of a checkpoint may hold. */
const HOSTILE = [
  '<script>window.harmed = 1; alert(1)</script>',
  '<img src="https://evil.example/x.png" onerror="window.harmed = 2">',
  '</script><script>window.harmed = 3</script><!--',
  '<!--<script>',
  '"><svg onload="window.harmed = 4"><a xlink:href="javascript:window.harmed=5">x</a></svg>',
  "' onmouseover='window.harmed = 6' style='background:url(https://evil.example/y)",
  '</style><style>body{background:url(https://evil.example/z)}</style>',
  '<a href="javascript:window.harmed = 7">harmless</a><base href="https://evil.example/">',
  '<iframe srcdoc="<script>parent.harmed = 8</script>"></iframe><meta http-equiv="refresh" content="0;url=https://evil.example">',
  '{{window.harmed = 9}} {{constructor.constructor("window.harmed=10")()}} \u2028 \u2029 ]]>',
  'a\u202egnp.exe\u0000\u001b[31m\ud800',
];

describeInBrowser('hostile text in a page', (browser) => {
  let url = '';
  let text = '';
  beforeAll(async () => {
    const make = GALLERY['seeds-and-controls'];
    if (make === undefined) throw new Error('the gallery has changed');
    const say = ({ index }: { index: number }) => HOSTILE[index % HOSTILE.length] ?? '';
    ({ url, text } = await writeInput(await inputOf(hostile(await make()), say), browser.folder()));
  });

  it('runs nothing, asks for nothing and stays text, folded or open, on every page of flips', async () => {
    const { page, misdeeds } = await browser.open(url);
    await page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true");
    await page.locator('input[name=unfold]').check();
    for (let turn = 0; turn < 3; turn++) {
      const said = await page.locator('#flip-list .said').allTextContents();
      expect(said.some((one) => one.includes('<') || one.includes('harmed'))).toBe(true);
      await page.locator('#flip-next').click();
    }
    expect(await page.evaluate('window.harmed')).toBeUndefined();
    expect(
      await page.evaluate(
        'document.querySelectorAll("main script:not([type]), main img, main iframe, main base, main style, main a[href^=javascript]").length',
      ),
    ).toBe(0);
    expect(misdeeds).toEqual([]);
    await page.close();
  });

  it('reaches no attribute: nothing in the page listens to events or has a style of its own', async () => {
    const { page } = await browser.open(url);
    const found = await page.evaluate(
      `[...document.querySelectorAll('*')].flatMap((one) => [...one.attributes].filter(({ name }) => name.startsWith('on') || name === 'style' || name === 'srcdoc').map(({ name }) => one.tagName + ' ' + name))`,
    );
    expect(found).toEqual([]);
    await page.close();
  });

  it('shows what hides or turns the writing instead of obeying it', async () => {
    const { page } = await browser.open(url);
    await page.locator('input[name=unfold]').check();
    const all = await page.locator('#flip-list').innerText();
    expect(all).toContain('a\ufffdgnp.exe\ufffd\ufffd[31m\ufffd');
    for (const hidden of ['\u0000', '\u001b', '\u202e']) {
      expect(all).not.toContain(hidden);
      expect(text).not.toContain(hidden);
    }
    await page.close();
  });

  it('stands under a policy that knows one style and one script, and nothing from anywhere', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(text)?.[1];
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; img-src data:; base-uri 'none'; form-action 'none'$/,
    );
    expect(text).not.toMatch(/unsafe-inline|unsafe-eval/);
  });
});

/** The same summary with a hostile checkpoint, method, dimension, task, label, question, reason and title. */
function hostile(summary: Summary): Summary {
  const names: Readonly<Record<string, string>> = {
    dpo: HOSTILE[1] ?? '',
    ppo: HOSTILE[2] ?? '',
    'sft-s2': HOSTILE[5] ?? '',
    truthfulness: HOSTILE[6] ?? '',
    'truthfulness/mc1@zoo-truth:robust': `x/${HOSTILE[0]}@${HOSTILE[4]}:robust`,
    tiny: HOSTILE[0] ?? '',
  };
  const turned = JSON.parse(JSON.stringify(summary), (_key, value: unknown) =>
    typeof value === 'string' ? (names[value] ?? value) : value,
  ) as Summary;
  return {
    ...turned,
    tasks: turned.tasks.map((task, index) => ({
      ...task,
      question: HOSTILE[index] ?? '',
      source: HOSTILE[8] ?? '',
      cluster: HOSTILE[7] ?? '',
      metrics: task.metrics.map((metric) => ({ ...metric, label: HOSTILE[3] ?? '' })),
    })),
    effects: turned.effects.map((effect) => ({ ...effect, reason: HOSTILE[2] ?? '' })),
    alarms: HOSTILE.map((message) => ({ kind: 'chance-level', checkpoint: message, task: null, message })),
  };
}
