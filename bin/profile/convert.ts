import { AnnotatedWriter, type AnnotatorFacts } from '../../suites/profile/pairs/annotated-writer.ts';
import type { AnnotatedHeader } from '../../suites/profile/pairs/annotators.ts';
import { withHeader } from '../../suites/profile/pairs/import.ts';
import type { PairRow } from '../../suites/profile/pairs/pair.ts';
import type { Io } from '../io.ts';
import { spooled, type TextSink, writeTo } from './spool.ts';

export interface PairsToWrite {
  readonly pairs: AsyncIterable<PairRow>;
  /** Of the annotated-pairs file that they come from; known once the first pair is. */
  readonly header: () => AnnotatedHeader | undefined;
  readonly datasetName: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly raters?: ReadonlyMap<string, AnnotatorFacts>;
}

/** Writes a pairs file: one JSON object a line. */
export async function writePairs(
  { pairs, header }: PairsToWrite,
  out: string | undefined,
  io: Io,
): Promise<void> {
  await writeTo(out, io, async (sink) => {
    let isFirst = true;
    for await (const pair of pairs) {
      const above = isFirst ? header() : undefined;
      isFirst = false;
      await sink.write(`${JSON.stringify(above === undefined ? pair : withHeader(pair, above))}\n`);
    }
  });
}

/** Writes an annotated-pairs file, version 2. */
export async function writeAnnotatedPairs(
  input: PairsToWrite,
  out: string | undefined,
  io: Io,
): Promise<void> {
  let writer: AnnotatedWriter | undefined;
  await spooled(
    async (sink) => {
      writer = await writeComparisons(input, sink);
    },
    async (kept) =>
      writeTo(out, io, async (sink) => {
        await sink.write(writer?.head() ?? '');
        for await (const text of kept) await sink.write(text);
        await sink.write(writer?.foot() ?? '');
      }),
  );
}

async function writeComparisons(
  { pairs, header, datasetName, createdAt, raters }: PairsToWrite,
  sink: TextSink,
): Promise<AnnotatedWriter> {
  const newWriter = () => {
    const above = header();
    return new AnnotatedWriter({
      datasetName,
      createdAt,
      ...(above === undefined ? {} : { header: above }),
      ...(raters === undefined ? {} : { raters }),
    });
  };
  let writer: AnnotatedWriter | undefined;
  for await (const pair of pairs) {
    const isFirst = writer === undefined;
    writer ??= newWriter();
    await sink.write(writer.comparison(pair, isFirst));
  }
  return writer ?? newWriter();
}
