import type { Cell, Effect, Rates, SummaryMetric } from '../summary.ts';

/**
 * leaderboard.json: everything that the pages of a published site show. The published JSON Schema is
 * results/leaderboard/leaderboard.schema.ts. A number that is missing is null and has a reason beside it.
 */
export interface Leaderboard {
  readonly schemaVersion: 1;
  readonly title: string;
  /** Version of aligntrust that wrote the site. */
  readonly aligntrust: string;
  /** In the order published, superseded ones included. */
  readonly publications: readonly BoardPublication[];
  readonly columns: readonly BoardColumn[];
  /** Grouped by lineage, parents before children. Rows of superseded runs are left out. */
  readonly rows: readonly BoardRow[];
  readonly cells: readonly BoardCell[];
  /** Each checkpoint against its parent, under the columns' metrics. */
  readonly effects: readonly BoardEffect[];
  /** What several training seeds or base families say of a method together. */
  readonly methods: readonly BoardMethod[];
  /** Only on request: there is no single trust score by default. */
  readonly score: BoardScore | null;
}

/** One published run. */
export interface BoardPublication {
  /** Its folder below `runs/`. */
  readonly id: string;
  readonly run: string;
  readonly benchmark: string;
  readonly status: 'finished' | 'interrupted' | 'stopped';
  readonly createdAt: string;
  readonly publishedAt: string;
  readonly aligntrust: string;
  readonly seed: number;
  readonly supersedes: { readonly publication: string; readonly note: string } | null;
  readonly supersededBy: { readonly publication: string; readonly note: string } | null;
  /** What it asked that no table shows, and why; absent where the tables show everything. */
  readonly leftOut?: readonly string[];
  readonly hashes: PublicationHashes;
  readonly datasets: readonly {
    readonly id: string;
    readonly sha256: string;
    readonly rows: number;
    readonly licence: string;
  }[];
  readonly instruments: readonly {
    readonly task: string;
    readonly version: number;
    readonly samples: number;
    readonly clusters: number;
    readonly samplesDigest: string;
  }[];
  readonly alarms: readonly {
    readonly kind: string;
    readonly level: 'alarm' | 'note';
    readonly checkpoint: string | null;
    readonly task: string | null;
    readonly message: string;
  }[];
}

/** SHA-256 each. */
export interface PublicationHashes {
  readonly definition: string;
  /** Of definition, identities and samples: what makes a run the same run. */
  readonly fingerprint: string;
  /** Of answers.jsonl in the run's own folder; null when there was none. Prompts are covered: each answer holds its request. */
  readonly answers: string | null;
  /** Over the request keys of all answers, each of which is the hash of a prompt and all that went with it. */
  readonly prompts: string;
  /** Of the published files. */
  readonly outcomes: string;
  readonly summary: string;
}

/** One instrument under its headline metric; different instruments and versions never share a column. */
export interface BoardColumn {
  readonly key: string;
  readonly dimension: string;
  readonly task: string;
  readonly version: number;
  readonly metric: SummaryMetric;
  readonly question: string;
  readonly source: string;
  /** The instrument that stands for its dimension in at least one run, and so has a place in the main table. */
  readonly main: boolean;
}

export interface BoardRow {
  /** Digest of id, identity, prompt format and system prompt: one checkpoint asked in one way. */
  readonly key: string;
  readonly checkpoint: string;
  /** Name of its page and of its export folders. */
  readonly file: string;
  readonly method: string;
  /** Key of the parent's row; null for a root, and where the parent was not asked. */
  readonly parent: string | null;
  readonly parentId: string | null;
  /** Key of the topmost row of its lineage, and how many stages below it. */
  readonly root: string;
  readonly depth: number;
  readonly family: string | null;
  readonly parameters: number | null;
  readonly step: number | null;
  readonly seed: number | null;
  readonly data: string | null;
  readonly recipe: string | null;
  readonly control: 'copy' | null;
  readonly promptFormat: 'raw' | 'chat';
  /** Digest of who answered. */
  readonly identity: string;
  /** SHA-256 of the weights, where the backend gives them. */
  readonly weights: string | null;
  readonly engine: string | null;
  readonly quantisation: string | null;
  readonly template: string | null;
  readonly publications: readonly string[];
}

export interface BoardCell {
  readonly row: string;
  readonly column: string;
  readonly publication: string;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly interval: Cell['interval'];
  readonly n: number;
  readonly clusters: number;
  readonly chance: number | null;
  readonly valueScoredOnly: number | null;
  readonly rates: Rates;
  readonly reason: string | null;
  readonly rank: BoardRank | null;
  /** Why there is no rank. */
  readonly rankReason: string | null;
}

/** Place among the checkpoints of one comparable set, best first. */
export interface BoardRank {
  /** Only cells of one set were compared: equal samples, asked in the same way. */
  readonly set: string;
  /** 95 % simultaneous bounds of the rank, from all paired comparisons of the set. */
  readonly low: number;
  readonly high: number;
  readonly of: number;
  /** A, B, …: nothing in a group is shown to be worse than its leader; everything in later groups of the set is. */
  readonly group: string;
}

export interface BoardEffect {
  readonly row: string;
  readonly from: string;
  readonly column: string;
  readonly publication: string;
  readonly delta: number | null;
  /** Pointwise 95 % interval. */
  readonly low: number | null;
  readonly high: number | null;
  readonly pAdjusted: number | null;
  readonly verdict: Effect['verdict'];
  readonly reason: string | null;
  readonly n: number;
  readonly clusters: number;
  readonly detectable: number | null;
  readonly seeds: number;
  readonly seedSpread: number | null;
  readonly withinSeedNoise: boolean | null;
  readonly confounds: readonly string[];
}

export interface BoardMethod {
  readonly publication: string;
  readonly column: string;
  readonly kind: 'stage' | 'method' | 'pooled';
  readonly method: string;
  /** Rows that stand for both sides; null for a pooled effect. */
  readonly from: string | null;
  readonly to: string | null;
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly pAdjusted: number | null;
  readonly verdict: Effect['verdict'] | null;
  /** Training seeds, or base families. */
  readonly units: number;
  readonly reason: string | null;
}

export interface BoardScore {
  readonly weights: readonly {
    readonly dimension: string;
    readonly column: string;
    readonly weight: number;
  }[];
  readonly rows: readonly {
    readonly row: string;
    /** 0 (worst possible everywhere) to 100 (best possible everywhere). */
    readonly score: number;
    readonly low: number | null;
    readonly high: number | null;
    readonly rank: number;
    /** Ranks under every choice of weights halved, kept or doubled. */
    readonly rankLow: number;
    readonly rankHigh: number;
  }[];
  /** Checkpoints that lack a value in a weighted dimension. */
  readonly left: readonly { readonly row: string; readonly reason: string }[];
  /** Choices of weights that were tried, and in how many the same checkpoint was first. */
  readonly choices: number;
  readonly sameFirst: number;
}
