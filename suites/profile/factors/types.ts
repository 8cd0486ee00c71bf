/** One response together with the parts of its item that it can be compared with. Empty parts count as absent. */
export interface FactorInput {
  readonly prompt: string;
  /** The text that the response speaks about: a post, a document. */
  readonly source?: string;
  /** Passages that the response quotes or was given. */
  readonly quotes?: readonly string[];
  /** A response that is known to be good. */
  readonly reference?: string;
  readonly response: string;
}

/** What a factor is, for tables and documentation. Its value comes from `measure` or from a judge. */
export interface Factor {
  readonly key: string;
  readonly label: string;
  /** Levels 1 and 2 are our own classification, not the paper's. */
  readonly level1: 'form' | 'relation_to_input' | 'truth';
  readonly level2: 'size' | 'readability' | 'register' | 'focus' | 'coverage' | 'support' | 'usefulness';
  /** Unit of the value, with its range where it has one. */
  readonly unit: string;
  /** Parts of the item that the response is compared with; of several, one is enough. Without any the value is null. */
  readonly needs: readonly ('source' | 'quotes' | 'reference' | 'prompt')[];
  /** What is counted, when it is null, and what it does not see. */
  readonly note: string;
}

/** Values by factor key; null where the factor does not apply. Never NaN, never infinite. */
export type FactorValues = Readonly<Record<string, number | null>>;
