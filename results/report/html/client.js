/**
 * What the report does by itself: opens what a link leads to, shows one trade-off at a time, and explores flips. It
 * asks the network for nothing, except for flips.jsonl where `aligntrust serve` offers it. All text is set as text.
 */
(() => {
  const ROWS_A_PAGE = 20;
  /** Bytes of a file that are read before the page may breathe. */
  const CHUNK = 1 << 20;
  const byId = (id) => document.getElementById(id);

  function element(name, className, ...children) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children);
    return made;
  }

  /** Control characters, lone surrogates and marks that turn the direction of writing are shown, not obeyed. */
  function printable(text) {
    return String(text)
      .replace(/\r\n?/g, '\n')
      .replace(/[\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, (one) =>
        one === '\n' || one === '\t' ? one : '\ufffd',
      );
  }

  function grouped(count) {
    return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
  }

  function plain(value, unit) {
    const text = Math.abs(unit === 'share' ? value * 100 : value).toFixed(unit === 'share' ? 1 : 2);
    return value < 0 && Number(text) !== 0 ? `\u2212${text}` : text;
  }

  // What a link leads to may stand in something folded.
  function openTarget() {
    const target = location.hash.length > 1 ? byId(decodeURIComponent(location.hash.slice(1))) : null;
    if (target === null) return;
    for (let at = target; at !== null; at = at.parentElement)
      if (at instanceof HTMLDetailsElement) at.open = true;
    target.scrollIntoView();
    const focus = target instanceof HTMLDetailsElement ? target.querySelector('summary') : target;
    if (!focus.hasAttribute('tabindex') && focus.tabIndex < 0) focus.setAttribute('tabindex', '-1');
    focus.focus({ preventScroll: true });
  }

  /** Paper shows what is folded on a screen, harmful text apart. */
  function unfoldForPrint() {
    const opened = [];
    addEventListener('beforeprint', () => {
      for (const details of document.querySelectorAll('details.effect, details.counts'))
        if (!details.open) opened.push(details);
      for (const details of opened) details.open = true;
    });
    addEventListener('afterprint', () => {
      for (const details of opened.splice(0)) details.open = false;
    });
  }

  function tradeOffs() {
    const [across, up, note] = ['across', 'up', 'pair-note'].map(byId);
    if (across === null || up === null) return;
    const pairs = [...document.querySelectorAll('.pair')];
    const show = () => {
      const isShown = ({ dataset: { x, y } }) => x === across.value && y === up.value;
      for (const pair of pairs) pair.hidden = !isShown(pair);
      note.textContent = pairs.some(isShown)
        ? ''
        : across.value === up.value
          ? 'Choose two different dimensions.'
          : 'No stage has a value in both of them.';
    };
    across.addEventListener('change', show);
    up.addEventListener('change', show);
  }

  /** A step of a series, marked in all panels of its drawing and in the tables below it. */
  function steps() {
    for (const series of document.querySelectorAll('.series')) {
      const select = series.querySelector('.controls select');
      select?.addEventListener('change', () => {
        for (const curves of series.querySelectorAll('.curves')) {
          const places = new Map(curves.dataset.places.split(' ').map((pair) => pair.split(':')));
          const place = places.get(select.value);
          for (const guide of curves.querySelectorAll('[data-guide]')) {
            guide.setAttribute('transform', `translate(${place ?? 0},0)`);
            guide.setAttribute('visibility', place === undefined ? 'hidden' : 'visible');
          }
        }
        for (const head of series.querySelectorAll('tbody th')) {
          const [, to, own] = /^\d+ \u2192 (\d+)|^(\d+)/.exec(head.textContent) ?? [];
          head.parentElement.classList.toggle('marked', select.value !== '' && (to ?? own) === select.value);
        }
      });
    }
  }

  /** The number that a cell begins with; NaN for a word. */
  function numberIn(text) {
    const found = /^[^\d]{0,2}?([\u2212+-]?\d[\d.,]*)/.exec(text.trim());
    return found === null ? Number.NaN : Number(found[1].replace('\u2212', '-').replaceAll(',', ''));
  }

  /** Rows by their numbers, else by their words; what has neither comes last, and equal rows keep their order. */
  function inOrder(rows, column, sign) {
    const textOf = (row) => row.cells[column]?.textContent ?? '';
    return rows
      .map((row) => ({ row, text: textOf(row), number: numberIn(textOf(row)) }))
      .sort((a, b) => {
        const [isLeft, isRight] = [a, b].map(({ number }) => !Number.isNaN(number));
        if (isLeft && isRight) return sign * (a.number - b.number);
        if (isLeft || isRight) return isLeft ? -1 : 1;
        return sign * (a.text < b.text ? -1 : a.text > b.text ? 1 : 0);
      })
      .map(({ row }) => row);
  }

  /** Heads of sortable tables become buttons: numbers the largest first, words from a to z, and back. */
  function sortable() {
    for (const table of document.querySelectorAll('table.sortable')) {
      const heads = [...table.tHead.rows[0].cells];
      const body = table.tBodies[0];
      for (const [column, head] of heads.entries()) {
        const button = element('button', 'sort', ...head.childNodes);
        button.type = 'button';
        head.append(button);
        button.addEventListener('click', () => {
          const rows = [...body.rows];
          const isNumeric = rows.some((row) => !Number.isNaN(numberIn(row.cells[column]?.textContent ?? '')));
          const before = head.getAttribute('aria-sort');
          const next = before === null ? (isNumeric ? 'descending' : 'ascending') : flipped(before);
          for (const other of heads) other.removeAttribute('aria-sort');
          head.setAttribute('aria-sort', next);
          body.append(...inOrder(rows, column, next === 'ascending' ? 1 : -1));
        });
      }
    }
  }

  function flipped(order) {
    return order === 'ascending' ? 'descending' : 'ascending';
  }

  /** Pairs behind factor scores, for one task, rater and factor at a time. */
  async function drivingPairs() {
    const holder = byId('pair-data');
    if (holder === null) return;
    const status = byId('pair-status');
    const { task, rater, factor } = byId('pair-filters').elements;
    let data = JSON.parse(holder.textContent);
    if (data.packed !== undefined) {
      try {
        data = await unpacked(data.packed);
      } catch {
        status.textContent = 'This browser cannot unpack the pairs of this page.';
        return;
      }
    }
    const [TASK, RATER, FACTOR, WITH, PAIR, PREFERRED, FIRST, SECOND] = [0, 1, 2, 3, 4, 5, 6, 7];
    const places = (rows, at) => [...new Set(rows.map((row) => row[at]))].sort((a, b) => a - b);
    const offer = (select, own, labelOf) => {
      const before = select.value;
      select.replaceChildren(...own.map((place) => new Option(printable(labelOf(place)), String(place))));
      if (own.some((place) => String(place) === before)) select.value = before;
    };
    const at = (select) => Number(select.value);
    const choose = () => {
      offer(task, places(data.rows, TASK), (place) => data.tasks[place].name);
      const inTask = data.rows.filter((row) => row[TASK] === at(task));
      offer(rater, places(inTask, RATER), (place) => data.raters[place]);
      const ofRater = inTask.filter((row) => row[RATER] === at(rater));
      offer(factor, places(ofRater, FACTOR), (place) => data.factors[place].label);
      const rows = ofRater.filter((row) => row[FACTOR] === at(factor));
      const count = rows.filter((row) => row[WITH] === 1).length;
      status.textContent = `${count} with the factor, ${rows.length - count} against it`;
      byId('pair-list').replaceChildren(...rows.map(item));
    };
    const item = (row) => {
      const pair = data.pairs[row[PAIR]];
      const { label, unit } = data.factors[row[FACTOR]];
      const preferred = row[PREFERRED];
      const values = [row[FIRST], row[SECOND]];
      const side = row[WITH] === 1 ? 'WITH' : 'AGAINST';
      const head = element(
        'p',
        'head',
        element('b', '', `${side} the factor`),
        ` \u00b7 prefers ${printable(pair.names[preferred])}: ${printable(label)} ${number(values[preferred])} against ${number(values[1 - preferred])}${unit === '' ? '' : ` (${printable(unit)})`} `,
        element('small', '', `sample ${printable(pair.sample)}`),
      );
      const made = element('article', 'flip pair-of-texts', head);
      if (pair.texts === null) {
        made.append(element('p', 'quiet', 'The texts are lost: no answer is left in the run.'));
        return made;
      }
      const [prompt, ...responses] = pair.texts.map((place) => data.texts[place]);
      const sides = responses.map((text, index) =>
        element(
          'div',
          '',
          element('p', 'role', `${printable(pair.names[index])}${index === preferred ? ', preferred' : ''}`),
          element('div', 'said', printable(text) === '' ? '(nothing)' : printable(text)),
        ),
      );
      const fold = element(
        'details',
        '',
        element('summary', '', 'Prompt and both responses (may harm or offend)'),
        element('p', 'role', 'Asked'),
        element('div', 'asked', printable(prompt)),
        element('div', 'sides', ...sides),
      );
      made.append(fold);
      return made;
    };
    const number = (value) => String(value).replace('-', '\u2212');
    for (const select of [task, rater, factor]) select.addEventListener('change', choose);
    byId('pair-filters').addEventListener('submit', (event) => event.preventDefault());
    // A factor of the table asks for its own pairs.
    for (const link of document.querySelectorAll('a[data-factor]')) {
      link.addEventListener('click', () => {
        const wanted = data.tasks.findIndex((one) => one.task === link.dataset.task);
        task.value = String(wanted);
        choose();
        const key = data.factors.findIndex((one) => one.key === link.dataset.factor);
        const isOfRater = (one) => one[TASK] === wanted && one[FACTOR] === key;
        const has = (one) => isOfRater(one) && one[RATER] === at(rater);
        const row = data.rows.find(has) ?? data.rows.find(isOfRater);
        if (row === undefined) return;
        rater.value = String(row[RATER]);
        choose();
        factor.value = String(key);
        choose();
      });
    }
    choose();
  }

  /** Flips that the page holds itself. */
  function inlineSource({ counts, rows, texts }) {
    const all = rows.values.map((values) =>
      Object.fromEntries(rows.keys.map((key, at) => [key, values[at]])),
    );
    const heads = all.map(({ effect, change }) => ({ ...counts[effect], change }));
    const load = async (wanted) =>
      wanted.map((at) => {
        const row = all[at];
        const said = (places) => places.map((place) => texts[place]);
        const question = row.question === null ? null : texts[row.question];
        const own = { question, saidFrom: said(row.saidFrom), saidTo: said(row.saidTo) };
        return { ...row, ...counts[row.effect], ...own };
      });
    return { heads, load, damaged: 0, whole: false, name: 'this page' };
  }

  /** Flips that stand in the page deflated, in base64. */
  async function unpacked(text) {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    return JSON.parse(await new Response(stream).text());
  }

  const HEAD = ['dimension', 'task', 'metric', 'method', 'parent', 'child', 'change'];

  function isFlip(row) {
    const isText = (key) => typeof row[key] === 'string';
    return (
      typeof row === 'object' &&
      row !== null &&
      HEAD.every(isText) &&
      isText('sample') &&
      (row.change === 'gained' || row.change === 'lost')
    );
  }

  /**
   * Flips of a file of any size: it is read once, piece by piece, and only where each line begins is kept. Lines are
   * read again when they are shown.
   */
  async function fileSource(file, name, progress) {
    const kinds = new Map();
    const heads = [];
    const starts = [];
    const ends = [];
    const decoder = new TextDecoder();
    let damaged = 0;
    let rest = new Uint8Array(0);
    let base = 0;
    const take = (bytes, start, end) => {
      const row = parsed(decoder.decode(bytes.subarray(start, end)));
      if (!isFlip(row)) {
        damaged += end > start ? 1 : 0;
        return;
      }
      const head = Object.fromEntries(HEAD.map((key) => [key, row[key]]));
      const key = JSON.stringify(head);
      if (!kinds.has(key)) kinds.set(key, head);
      heads.push(kinds.get(key));
      starts.push(base + start);
      ends.push(base + end);
    };
    for (let offset = 0; offset < file.size; offset += CHUNK) {
      const piece = new Uint8Array(await file.slice(offset, offset + CHUNK).arrayBuffer());
      const bytes = new Uint8Array(rest.length + piece.length);
      bytes.set(rest);
      bytes.set(piece, rest.length);
      base = offset - rest.length;
      let start = 0;
      for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
        take(bytes, start, end);
        start = end + 1;
      }
      rest = bytes.slice(start);
      progress(Math.min(1, (offset + CHUNK) / file.size));
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    base = file.size - rest.length;
    if (rest.length > 0) take(rest, 0, rest.length);
    const load = (wanted) =>
      Promise.all(wanted.map(async (at) => parsed(await file.slice(starts[at], ends[at]).text())));
    return { heads, load, damaged, whole: true, name };
  }

  function parsed(line) {
    try {
      return JSON.parse(line);
    } catch {
      return null;
    }
  }

  function explorer() {
    const holder = byId('flip-data');
    if (holder === null) return;
    const data = JSON.parse(holder.textContent);
    const filters = byId('flip-filters').elements;
    const status = byId('flip-status');
    const list = byId('flip-list');
    const input = byId('flip-page');
    let source = inlineSource(data.packed === undefined ? data : { rows: { keys: [], values: [] } });
    let matching = [];
    let page = 1;
    let turn = 0;

    const pairOf = ({ parent, child }) => JSON.stringify([parent, child]);

    function fill(select, entries) {
      const before = select.value;
      const first = select.options[0];
      select.replaceChildren(
        first,
        ...[...entries].map(([value, label]) => new Option(printable(label), value)),
      );
      select.value = entries.has(before) ? before : '';
    }

    function offerChoices() {
      const kinds = [...data.counts, ...new Set(source.heads)];
      fill(filters.dimension, new Map(kinds.map(({ dimension }) => [dimension, dimension])));
      fill(filters.method, new Map(kinds.map(({ method }) => [method, method])));
      const pairs = kinds.map((kind) => [pairOf(kind), titleOf(kind)]);
      fill(filters.pair, new Map(pairs));
    }

    function titleOf({ kind, parent, child }) {
      return kind === 'method' ? `${child} against ${parent}` : `${parent} \u2192 ${child}`;
    }

    function wants({ dimension, method, change, ...pair }) {
      return (
        (filters.dimension.value === '' || filters.dimension.value === dimension) &&
        (filters.method.value === '' || filters.method.value === method) &&
        (filters.change.value === '' || filters.change.value === change) &&
        (filters.pair.value === '' || filters.pair.value === pairOf(pair))
      );
    }

    function filter() {
      const answers = new Map();
      matching = [];
      source.heads.forEach((head, at) => {
        let answer = answers.get(head);
        if (answer === undefined) {
          answer = wants(head);
          answers.set(head, answer);
        }
        if (answer) matching.push(at);
      });
      return show(1);
    }

    function countsInWords() {
      const own = data.counts.filter((count) => wants({ ...count, change: filters.change.value }));
      const sum = (key) => own.reduce((total, count) => total + count[key], 0);
      const lost = filters.change.value === 'gained' ? 0 : sum('lost');
      const gained = filters.change.value === 'lost' ? 0 : sum('gained');
      const parts = [];
      if (filters.change.value !== 'gained') parts.push(`${grouped(lost)} got WORSE`);
      if (filters.change.value !== 'lost') parts.push(`${grouped(gained)} got better`);
      return `${grouped(lost + gained)} flips in this run (${parts.join(', ')}); ${grouped(matching.length)} of them in this page`;
    }

    async function show(wanted) {
      const pages = Math.max(1, Math.ceil(matching.length / ROWS_A_PAGE));
      page = Math.min(pages, Math.max(1, Math.trunc(wanted) || 1));
      turn += 1;
      const own = turn;
      const start = (page - 1) * ROWS_A_PAGE;
      const rows = await source.load(matching.slice(start, start + ROWS_A_PAGE));
      if (own !== turn) return;
      list.replaceChildren(...rows.filter((row) => row !== null).map(card));
      list.start = start + 1;
      const counts = source.whole
        ? `${grouped(matching.length)} flips of ${grouped(source.heads.length)} in ${source.name}`
        : countsInWords();
      const shown =
        rows.length === 0 ? 'none shown' : `showing ${grouped(start + 1)} to ${grouped(start + rows.length)}`;
      const bad = source.damaged === 0 ? '' : ` ${grouped(source.damaged)} lines could not be read.`;
      status.textContent = `${counts}; ${shown}.${bad}`;
      input.value = String(page);
      input.max = String(pages);
      byId('flip-pages').textContent = `of ${grouped(pages)}`;
      byId('flip-first').disabled = page === 1;
      byId('flip-back').disabled = page === 1;
      byId('flip-next').disabled = page === pages;
    }

    function card(row) {
      const word = element('span', 'word', row.change === 'lost' ? '\u25bc got WORSE' : '\u25b2 got better');
      const tone = element('span', row.change === 'lost' ? 'bad' : 'good', word);
      const values = `${plain(row.from, row.unit)} \u2192 ${plain(row.to, row.unit)}`;
      const place = element(
        'span',
        'quiet',
        ` ${printable(`${titleOf(row)} \u00b7 ${row.dimension} \u00b7 ${row.sample}`)}${row.repeat > 0 ? ` #${row.repeat}` : ''}`,
      );
      const item = element('li', `flip ${row.change}`, element('p', 'head', tone, ` ${values}`, place));
      const body = texts(row);
      if (data.harmless.includes(row.dimension)) item.append(body);
      else {
        const fold = element(
          'details',
          '',
          element('summary', '', 'Question and answers (may harm or offend)'),
          body,
        );
        fold.open = filters.unfold.checked;
        item.append(fold);
      }
      return item;
    }

    function texts(row) {
      const question =
        typeof row.question === 'string'
          ? row.question
          : 'The question is lost: no answer is left in the run.';
      const sides = element(
        'div',
        'sides',
        side(row.parent, row.saidFrom, row.markFrom),
        side(row.child, row.saidTo, row.markTo),
      );
      return element(
        'div',
        '',
        element('p', 'role', 'Asked'),
        element('div', 'asked', printable(question)),
        sides,
      );
    }

    function side(name, said, mark) {
      const list = Array.isArray(said) ? said : [];
      const marked = mark === 'right' || mark === 'wrong' ? `: ${mark}` : '';
      const answers = list.map((text) =>
        element('div', 'said', printable(text) === '' ? '(nothing)' : printable(text)),
      );
      const lost = answers.length === 0 ? [element('div', 'said quiet', '(no answer is left)')] : [];
      return element('div', '', element('p', 'role', `${printable(name)}${marked}`), ...answers, ...lost);
    }

    async function open(file, name) {
      try {
        status.textContent = `Reading ${name} \u2026`;
        const next = await fileSource(file, name, (share) => {
          status.textContent = `Reading ${name}: ${Math.round(share * 100)} %`;
        });
        if (next.heads.length === 0) {
          status.textContent = `${name} holds no flips: it should be the flips.jsonl that stands beside a report.`;
          return;
        }
        source = next;
        offerChoices();
        await filter();
      } catch (problem) {
        status.textContent = `${name} could not be read: ${problem instanceof Error ? problem.message : 'for an unknown reason'}`;
      }
    }

    byId('flip-filters').addEventListener('submit', (event) => event.preventDefault());
    byId('flip-filters').addEventListener('change', () => void filter());
    byId('flip-first').addEventListener('click', () => void show(1));
    byId('flip-back').addEventListener('click', () => void show(page - 1));
    byId('flip-next').addEventListener('click', () => void show(page + 1));
    input.addEventListener('change', () => void show(Number(input.value)));
    byId('flip-file').addEventListener('change', (event) => {
      const [file] = event.target.files;
      if (file !== undefined) void open(file, file.name);
    });
    byId('flip-fetch')?.addEventListener('click', async () => {
      status.textContent = 'Loading all flips \u2026';
      try {
        const response = await fetch(data.url);
        if (!response.ok) throw new Error(`the server answered ${response.status}`);
        await open(await response.blob(), 'flips.jsonl');
      } catch (problem) {
        status.textContent = `The flips could not be loaded: ${problem instanceof Error ? problem.message : 'for an unknown reason'}`;
      }
    });
    // A link from an effect asks for its own flips.
    for (const link of document.querySelectorAll('a[data-parent]')) {
      link.addEventListener('click', () => {
        filters.dimension.value = link.dataset.dimension;
        filters.pair.value = JSON.stringify([link.dataset.parent, link.dataset.child]);
        filters.method.value = '';
        filters.change.value = '';
        void filter();
      });
    }
    async function unpack() {
      const empty = source;
      status.textContent = 'Unpacking \u2026';
      try {
        const inline = inlineSource({ ...data, ...(await unpacked(data.packed)) });
        // A file may have been opened meanwhile.
        if (source !== empty) return;
        source = inline;
        await filter();
      } catch {
        status.textContent = 'This browser cannot unpack the flips of this page: open flips.jsonl instead.';
      }
    }

    offerChoices();
    if (data.packed === undefined) void filter();
    else void unpack();
  }

  addEventListener('hashchange', openTarget);
  unfoldForPrint();
  tradeOffs();
  steps();
  sortable();
  void drivingPairs();
  explorer();
  openTarget();
})();
