import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { cellsCsv, csv, effectsCsv, methodsCsv } from '../../../results/report/csv.ts';
import { GALLERY } from '../support/gallery.ts';
import { hostileSummary } from './hostile.ts';

type Row = Readonly<Record<string, string>>;

function read(text: string): Row[] {
  return parse(text, { columns: true }) as Row[];
}

describe('CSV', () => {
  it('ends every record with CR LF and quotes what needs it', () => {
    expect(csv(['a', 'b'], [['x,y', 'say "hi"']])).toBe('a,b\r\n"x,y","say ""hi"""\r\n');
  });

  it('leaves numbers numbers, minus signs too, and has nothing for what is not known', () => {
    expect(csv(['n'], [[-0.5], [1e-9], [null], [Number.NaN], [true]])).toBe(
      'n\r\n-0.5\r\n1e-9\r\n\r\n\r\ntrue\r\n',
    );
  });

  it.each(['=1+1', '+1', '-1', '@x', '\t=1', '\r=1', '\n=1', '\uff1d1', '\u200b=1', '\u001b[1m=1'])(
    'disarms the formula %j',
    (text) => {
      expect(csv(['t'], [[text]])).toMatch(/^t\r\n"?'/);
    },
  );

  it('is read back as it was written, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.string({ unit: 'binary' }), fc.double({ noNaN: true, noDefaultInfinity: true })),
        ),
        (rows) => {
          const back = parse(csv(['text', 'number'], rows), {
            columns: true,
            skip_empty_lines: false,
          }) as Row[];
          expect(back).toHaveLength(rows.length);
          for (const [index, [, number]] of rows.entries()) {
            expect(Number(back[index]?.['number'])).toBe(number === 0 ? 0 : number);
            expect(back[index]?.['text']).not.toMatch(/^[=+\-@\t\r\n]|[\p{Cc}\p{Cf}]/u);
          }
        },
      ),
    );
  });

  it('holds every effect, every cell and every mean over seeds with its numbers in full precision', async () => {
    const summary = await (GALLERY['seeds-and-controls'] as () => ReturnType<typeof hostileSummary>)();
    const effects = read(effectsCsv(summary));
    expect(effects).toHaveLength(summary.effects.length);
    for (const [index, effect] of summary.effects.entries()) {
      const row = effects[index] as Row;
      expect([row['from'], row['to'], row['task'], row['metric'], row['verdict']]).toEqual([
        effect.from,
        effect.to,
        effect.task,
        effect.metric,
        effect.verdict,
      ]);
      expect(row['delta']).toBe(effect.delta === null ? '' : String(effect.delta));
      expect(row['p_adjusted']).toBe(effect.pAdjusted === null ? '' : String(effect.pAdjusted));
    }
    expect(effects.map((row) => row['is_headline'])).toContain('true');
    const factors = {
      ...summary,
      tasks: summary.tasks.map((task) => ({ ...task, family: 'profile' as const })),
    };
    // No factor of preference is a headline, and none stands in the overview of trust.
    for (const row of read(effectsCsv(factors)))
      expect([row['is_headline'], row['in_overview']]).toEqual(['false', 'false']);
    for (const row of read(cellsCsv(factors))) expect(row['is_headline']).toBe('false');
    const cells = read(cellsCsv(summary));
    expect(cells.map((row) => row['value'])).toEqual(summary.cells.map(({ value }) => String(value ?? '')));
    expect(read(methodsCsv(summary)).map((row) => Number(row['mean']))).toEqual(
      summary.relations.methods.map(({ mean }) => mean),
    );
  });

  it('says on which side a raw number lies, in the direction of its metric', async () => {
    const summary = await (GALLERY['five-dimensions'] as () => ReturnType<typeof hostileSummary>)();
    for (const row of read(effectsCsv(summary))) {
      const delta = Number(row['delta']);
      if (row['delta'] === '' || delta === 0) continue;
      expect(row['towards']).toBe(
        delta > 0 === (row['direction'] === 'higher-is-better') ? 'better' : 'worse',
      );
    }
  });

  it('keeps hostile names in their fields', async () => {
    const summary = await hostileSummary();
    for (const text of [effectsCsv(summary), cellsCsv(summary)]) {
      const rows = read(text);
      const widths = new Set(rows.map((row) => Object.keys(row).length));
      expect(widths.size).toBe(1);
      for (const row of rows) {
        for (const [column, value] of Object.entries(row)) {
          const isNumber = /^-?[\d.]+(e-?\d+)?$/.test(value);
          if (!isNumber)
            expect([column, value]).not.toEqual([column, expect.stringMatching(/^[=+\-@\uff1d\t\r\n]/)]);
          expect(value).not.toMatch(/[\p{Cc}\u202e\u2066]/u);
        }
      }
    }
  });
});
