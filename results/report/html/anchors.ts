import type { Effect, Summary } from '../../summary.ts';

/** Where things stand in the page, so that every number leads to what is behind it. */
export class Anchors {
  readonly #details = new Map<string, string>();
  readonly #tasks: ReadonlyMap<string, string>;

  constructor(summary: Summary) {
    for (const effect of summary.effects.filter(({ main }) => main)) {
      const key = keyOf(effect);
      if (!this.#details.has(key)) this.#details.set(key, `effect-${this.#details.size + 1}`);
    }
    this.#tasks = new Map(summary.tasks.map(({ task }, index) => [task, `task-${index + 1}`]));
  }

  /** The table of all effects of one comparison in one dimension. */
  detail(effect: Place): string {
    return this.#details.get(keyOf(effect)) ?? 'effects';
  }

  task(name: string): string {
    return this.#tasks.get(name) ?? 'tasks';
  }
}

type Place = Pick<Effect, 'kind' | 'from' | 'to' | 'dimension'>;

function keyOf({ kind, from, to, dimension }: Place): string {
  return JSON.stringify([kind, from, to, dimension]);
}
