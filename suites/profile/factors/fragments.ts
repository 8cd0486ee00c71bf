/** Finds the longest run of words that starts at a place of a response and occurs somewhere in the source. */
export interface FragmentSource {
  readonly longestAt: (words: readonly number[], place: number) => number;
}

/**
 * The suffix automaton of a text (Blumer et al. 1985): every run of the text's words is a walk from its start. Built and
 * walked in linear time, however repetitive the text is.
 */
export function fragmentSource(words: readonly number[]): FragmentSource {
  const automaton = newAutomaton(words.length);
  let last = START;
  for (const word of words) last = automaton.extend(last, word);
  return {
    longestAt: (response, place) => {
      let state = START;
      for (let at = place; at < response.length; at++) {
        state = automaton.next(state, response[at] ?? NONE);
        if (state === NONE) return at - place;
      }
      return response.length - place;
    },
  };
}

const START = 0;
const NONE = -1;

interface Automaton {
  /** Adds a word after the state of the whole text so far; gives the new one. */
  readonly extend: (last: number, word: number) => number;
  readonly next: (state: number, word: number) => number;
}

function newAutomaton(size: number): Automaton {
  const most = 2 * size + 2;
  const edges = newEdges(most);
  /** Of each state: the longest run that ends in it, and the state of its longest suffix that occurs in more places. */
  const lengths = new Int32Array(most);
  const links = new Int32Array(most).fill(NONE);
  let count = 1;

  /** Leads `word` from this state and its suffixes to `target`, as long as it leads where it led from the first of them. */
  const redirect = (from: number, word: number, target: number): number => {
    const old = edges.get(from, word);
    let at = from;
    while (at !== NONE && edges.get(at, word) === old) {
      edges.set(at, word, target);
      at = links[at] ?? NONE;
    }
    return at;
  };
  /** The state for the suffixes of a new run, split off from a state that stands for longer runs as well. */
  const suffixState = (from: number, word: number): number => {
    const found = edges.get(from, word);
    const length = (lengths[from] ?? 0) + 1;
    if (lengths[found] === length) return found;
    const copy = count++;
    lengths[copy] = length;
    links[copy] = links[found] ?? NONE;
    edges.copy(found, copy);
    links[found] = copy;
    redirect(from, word, copy);
    return copy;
  };
  return {
    next: edges.get,
    extend: (last, word) => {
      const added = count++;
      lengths[added] = (lengths[last] ?? 0) + 1;
      const at = redirect(last, word, added);
      links[added] = at === NONE ? START : suffixState(at, word);
      return added;
    },
  };
}

interface Edges {
  readonly get: (state: number, word: number) => number;
  readonly set: (state: number, word: number, target: number) => void;
  readonly copy: (from: number, to: number) => void;
}

/** Most states have one way on, which needs no map. */
function newEdges(states: number): Edges {
  const words = new Int32Array(states).fill(NONE);
  const targets = new Int32Array(states);
  const further: (Map<number, number> | undefined)[] = [];
  return {
    get: (state, word) => {
      if (words[state] === word) return targets[state] ?? NONE;
      return further[state]?.get(word) ?? NONE;
    },
    set: (state, word, target) => {
      if (words[state] === NONE) words[state] = word;
      if (words[state] === word) targets[state] = target;
      else {
        further[state] ??= new Map();
        further[state].set(word, target);
      }
    },
    copy: (from, to) => {
      words[to] = words[from] ?? NONE;
      targets[to] = targets[from] ?? NONE;
      const more = further[from];
      if (more !== undefined) further[to] = new Map(more);
    },
  };
}

/**
 * Lengths of a response's shared fragments (Grusky et al. 2018): from left to right the longest run of words that the
 * source has as well, then on after its end.
 */
export function sharedFragments(words: readonly number[], source: FragmentSource): number[] {
  const lengths: number[] = [];
  for (let place = 0; place < words.length; ) {
    const length = source.longestAt(words, place);
    if (length > 0) lengths.push(length);
    place += Math.max(1, length);
  }
  return lengths;
}
