import type { Llm, Logprobs, RankedToken, Wanted } from '../../adapters/gguf/llm.ts';
import type { SpecialToken } from '../../adapters/gguf/partition.ts';

/**
 * A language model small enough to be computed by hand: tokens are the longest known piece first, and the
 * probability of a token depends on all tokens before it through a hash. It counts what it is asked to evaluate.
 */
export class ToyLlm implements Llm {
  readonly engine = 'toy';
  readonly embedsLast = true;
  readonly limit: number;
  readonly bos: Llm['bos'];
  readonly addBos: boolean;
  readonly eosText = '</s>';
  readonly specials: readonly SpecialToken[];
  /** Tokens evaluated since the last `clear`. */
  evaluated = 0;
  private readonly pieces: readonly string[];
  private readonly knowsBytes: boolean;
  private state: number[] = [];

  constructor({
    pieces = ['a', 'b', ' ', ' a', 'ab', 'ba', '\n'],
    limit = 64,
    addBos = true,
    knowsBytes = true,
  } = {}) {
    this.specials = ['<s>', '</s>', '<|im_start|>', '<|im_end|>'].map((text, id) => special(id, text));
    this.pieces = [
      ...this.specials.map(({ text }) => text),
      ...pieces,
      '<',
      '>',
      '|',
      '/',
      's',
      'im',
      '_',
      'start',
      'end',
      'u',
    ];
    this.limit = limit;
    this.addBos = addBos;
    this.bos = { id: 0, text: '<s>' };
    this.knowsBytes = knowsBytes;
  }

  tokenize(text: string): readonly number[] {
    const tokens: number[] = [];
    let rest = text;
    while (rest !== '') {
      const candidates = this.pieces.map((piece, id) => ({ piece, id })).slice(this.specials.length);
      const found = candidates
        .filter(({ piece }) => rest.startsWith(piece))
        .sort((a, b) => b.piece.length - a.piece.length)[0];
      if (found === undefined) throw new Error(`the toy cannot read ${JSON.stringify(rest)}`);
      tokens.push(found.id);
      rest = rest.slice(found.piece.length);
    }
    return tokens;
  }

  tokenBytes(token: number): number | undefined {
    return this.knowsBytes ? Buffer.byteLength(this.pieces[token] ?? '') : undefined;
  }

  text(tokens: readonly number[]): string {
    return tokens.map((token) => (token < this.specials.length ? '' : this.pieces[token])).join('');
  }

  tokenText(token: number): string {
    return this.pieces[token] ?? '';
  }

  async clear(): Promise<void> {
    this.state = [];
    this.evaluated = 0;
  }

  async rewind(length: number): Promise<void> {
    this.state = this.state.slice(0, length);
  }

  async read(
    tokens: readonly number[],
    wanted: readonly Wanted[],
    signal: AbortSignal,
  ): Promise<readonly Logprobs[]> {
    signal.throwIfAborted();
    return tokens.map((token, index) => {
      this.push(token);
      return new Map((wanted[index] ?? []).map((id) => [id, this.logprob(this.state, id)]));
    });
  }

  async readTop(tokens: readonly number[], count: number): Promise<readonly RankedToken[]> {
    for (const token of tokens) this.push(token);
    return this.pieces
      .map((_, id) => ({ id, logprob: this.logprob(this.state, id) }))
      .sort((a, b) => b.logprob - a.logprob)
      .slice(0, count);
  }

  async *draw(tokens: readonly number[]): AsyncGenerator<number> {
    for (const token of tokens) this.push(token);
    for (;;) {
      const best = this.pieces
        .map((_, id) => ({ id, logprob: this.logprob(this.state, id) }))
        .sort((a, b) => b.logprob - a.logprob)[0];
      if (best === undefined || best.id === 1) return;
      yield best.id;
      this.push(best.id);
    }
  }

  async embed(texts: readonly (readonly number[])[]): Promise<readonly Float32Array[]> {
    return texts.map((tokens) => Float32Array.from(tokens.slice(-2)));
  }

  async dispose(): Promise<void> {}

  /** ln p(id | tokens), from a hash of both, normalised over the vocabulary. */
  logprob(tokens: readonly number[], id: number): number {
    const weight = (one: number) => 1 + (hash([...tokens, one]) % 97);
    const total = this.pieces.reduce((sum, _, other) => sum + weight(other), 0);
    return Math.log(weight(id) / total);
  }

  private push(token: number): void {
    this.state.push(token);
    this.evaluated++;
  }
}

function special(id: number, text: string): SpecialToken {
  return { id, text, stripLeft: false, stripRight: false };
}

function hash(values: readonly number[]): number {
  return values.reduce(
    (state, value) => (Math.imul(state ^ value, 0x01000193) >>> 0) % 0xffffffff,
    0x811c9dc5,
  );
}
