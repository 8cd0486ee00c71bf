import type { Summary } from '../../summary.ts';
import { shortNames } from '../names.ts';
import { raterName } from '../profile/scores-view.ts';
import { clean } from '../text.ts';
import { type Html, html, jsonForScript, printable } from './escape.ts';
import { LENGTHS, packed, shortened } from './flips-section.ts';
import type { ComparedPair, DrivingPair } from './input.ts';

/** Bytes that the pairs of the page may take. */
const ROOM = 250_000;

/** For one rater and factor at a time: the pairs that differ most in it, preferred with it and against it. */
export function drivingSection(summary: Summary, driving: readonly DrivingPair[]): Html | null {
  if (driving.length === 0) return null;
  return html`<h3 id="profile-pairs" tabindex="-1">Pairs that drive a score</h3>
<p>For every rater and factor the pairs that differ most in the factor, up to two that were preferred with it and two against it. Text that may harm or offend is folded until you open it.</p>
<form id="pair-filters" class="controls" data-script><label>Task <select name="task"></select></label> <label>Rater <select name="rater"></select></label> <label>Factor <select name="factor"></select></label></form>
<p id="pair-status" class="quiet" role="status"></p>
<div id="pair-list"></div>
<noscript><p>The pairs are shown by a script of this page; it reads nothing but the page.</p></noscript>
<script type="application/json" id="pair-data">${dataOf(summary, driving)}</script>
`;
}

/** As the page reads it: plain where it fits, else packed, with texts as long as still fit then. */
function dataOf(summary: Summary, driving: readonly DrivingPair[]): Html {
  for (const length of LENGTHS) {
    const content = contentOf(summary, driving, length);
    if (length === LENGTHS[0]) {
      const plainly = jsonForScript(content);
      if (Buffer.byteLength(plainly.markup) <= ROOM) return plainly;
    }
    const data = jsonForScript({ packed: packed(content) });
    if (Buffer.byteLength(data.markup) <= ROOM || length === LENGTHS.at(-1)) return data;
  }
  throw new Error('no length was tried');
}

/** Names, pairs and texts stand once; a row is places in their lists. */
function contentOf(summary: Summary, driving: readonly DrivingPair[], length: number): object {
  const names = shortNames(summary.tasks);
  const facts = new Map(summary.profile?.factors.map((factor) => [factor.key, factor]));
  const [tasks, raters, factors, texts] = [new Places(), new Places(), new Places(), new Places()];
  const pairs = new Map<ComparedPair, number>();
  const cut = (text: string): number => texts.of(shortened(printable(text), length));
  const shown: object[] = [];
  const rows = driving.map(({ task, rater, factor, goes, pair, preferred, values }) => {
    let place = pairs.get(pair);
    if (place === undefined) {
      place = pairs.size;
      pairs.set(pair, place);
      const { sample, names: called, words } = pair;
      shown.push({
        sample: clean(sample),
        names: called,
        texts: words === null ? null : [words.prompt, ...words.responses].map(cut),
      });
    }
    return [
      tasks.of(task),
      raters.of(raterName(rater, clean)),
      factors.of(factor),
      goes === 'with' ? 1 : 0,
      place,
      preferred,
      ...values.map((value) => Number(value.toPrecision(4))),
    ];
  });
  return {
    tasks: tasks.all.map((task) => ({ task, name: clean(names.get(task) ?? task) })),
    raters: raters.all,
    factors: factors.all.map((key) => {
      const { label = key, unit = '' } = facts.get(key) ?? {};
      return { key, label: clean(label), unit: clean(unit) };
    }),
    pairs: shown,
    texts: texts.all,
    rows,
  };
}

/** A list in which every text stands once. */
class Places {
  readonly #known = new Map<string, number>();

  of(text: string): number {
    const place = this.#known.get(text) ?? this.#known.size;
    this.#known.set(text, place);
    return place;
  }

  get all(): string[] {
    return [...this.#known.keys()];
  }
}
