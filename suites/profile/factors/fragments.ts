/** Finds the longest run of words that starts at a place of a response and occurs somewhere in the source. */
export interface FragmentSource {
  readonly longestAt: (words: readonly number[], place: number) => number;
}

interface State {
  /** Length of the longest run that ends in this state. */
  length: number;
  /** The state of its longest proper suffix that occurs in more places; -1 at the start. */
  link: number;
  next: Map<number, number>;
}

/**
 * The suffix automaton of a text (Blumer et al. 1985): every run of the text's words is a walk from its start. Built and
 * walked in linear time, however repetitive the text is.
 */
export function fragmentSource(words: readonly number[]): FragmentSource {
  const states: State[] = [{ length: 0, link: -1, next: new Map() }];
  let last = 0;
  for (const word of words) last = extend(states, last, word);
  return {
    longestAt: (response, place) => {
      let length = 0;
      let state: State | undefined = states[0];
      for (let at = place; at < response.length; at++) {
        const next: number | undefined = state?.next.get(response[at] ?? -1);
        if (next === undefined) break;
        state = states[next];
        length++;
      }
      return length;
    },
  };
}

/** Adds one word to the automaton; gives the state of the whole text so far. */
function extend(states: State[], last: number, word: number): number {
  const made = states.length;
  const added: State = { length: stateAt(states, last).length + 1, link: 0, next: new Map() };
  states.push(added);
  let at = last;
  while (at !== -1 && !stateAt(states, at).next.has(word)) {
    stateAt(states, at).next.set(word, made);
    at = stateAt(states, at).link;
  }
  if (at !== -1) added.link = linkTarget(states, at, word);
  return made;
}

/** The state that `word` leads to from `from`, split in two where it also stands for longer runs. */
function linkTarget(states: State[], from: number, word: number): number {
  const target = stateAt(states, from).next.get(word) ?? 0;
  const old = stateAt(states, target);
  const length = stateAt(states, from).length + 1;
  if (old.length === length) return target;
  const copy = states.length;
  states.push({ length, link: old.link, next: new Map(old.next) });
  old.link = copy;
  for (let at = from; at !== -1 && stateAt(states, at).next.get(word) === target; ) {
    stateAt(states, at).next.set(word, copy);
    at = stateAt(states, at).link;
  }
  return copy;
}

function stateAt(states: readonly State[], index: number): State {
  const state = states[index];
  if (state === undefined) throw new RangeError(`no state ${index}`);
  return state;
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
