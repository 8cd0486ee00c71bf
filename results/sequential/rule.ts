/** What a run that stops by what it sees must know to be read. */
export interface SequentialDesign {
  /** As written: effect-width<0.10. */
  readonly rule: string;
  /** Width of the pointwise 95 % interval at which a task's effects are settled, in the metric's own unit. */
  readonly width: number;
  /** Orders the clusters. */
  readonly seed: number;
  /** Clusters that can be asked, by instrument. */
  readonly clusters: ReadonlyMap<string, number>;
  /** Units (samples × repeats) of the largest cluster as designed, by instrument: of `all`, and of `stratum=name`. */
  readonly largestClusters: ReadonlyMap<string, Readonly<Record<string, number>>>;
}

/** The width of a rule such as `effect-width<0.10`; undefined when the text is no rule. */
export function ruleWidth(text: string): number | undefined {
  const written = /^\s*effect-width\s*<\s*(?<width>\d*\.?\d+)\s*$/.exec(text)?.groups?.['width'];
  const width = Number(written);
  return written !== undefined && Number.isFinite(width) && width > 0 ? width : undefined;
}
