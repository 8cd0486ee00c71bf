import { clean } from './text.ts';

/**
 * A text of strangers as LaTeX that prints it and does nothing else: pure ASCII, no command, group, comment or
 * character that pdflatex has no glyph for. A character without a LaTeX spelling is printed by its number, `[U+4E2D]`.
 */
export function tex(text: string): string {
  const parts: string[] = [];
  for (const character of clean(text).normalize('NFD')) {
    const accent = ACCENTS[character];
    const last = parts.at(-1);
    if (accent !== undefined && last !== undefined && /^[A-Za-z]$/.test(last)) {
      parts[parts.length - 1] = `${accent}{${last}}`;
    } else parts.push(spelt(character));
  }
  return parts.join('');
}

/** Upright text with places where a line may break, for long names such as `truthfulness/mc1@zoo-truth:robust`. */
export function texName(text: string): string {
  return tex(text).replace(/(?<=[A-Za-z0-9])([/@:.-]|\\_)(?=[A-Za-z0-9])/g, '$1\\allowbreak{}');
}

/** A number that was printed for people (`−20.5`, `+3.1`) in math mode, with the right minus sign. */
export function texNumber(text: string): string {
  return /^[+−]?[\d.]+$/.test(text) ? `$${text.replace('−', '-')}$` : tex(text);
}

function spelt(character: string): string {
  const known = SPELT[character];
  if (known !== undefined) return known;
  if (/^[ -~]$/.test(character)) return character;
  const number = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `{[}U+${number}{]}`;
}

/** Combining marks that LaTeX sets by a command in front of the letter. */
const ACCENTS: Readonly<Record<string, string>> = {
  '\u0300': '\\`',
  '\u0301': "\\'",
  '\u0302': '\\^',
  '\u0303': '\\~',
  '\u0304': '\\=',
  '\u0306': '\\u',
  '\u0307': '\\.',
  '\u0308': '\\"',
  '\u030a': '\\r',
  '\u030b': '\\H',
  '\u030c': '\\v',
  '\u0327': '\\c',
};

const SPELT: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': "{''}",
  "'": "{'}",
  '`': '{`}',
  // A bracket after a line break or a rule would be read as its argument; hyphens and commas would join to dashes and quotes.
  '[': '{[}',
  ']': '{]}',
  '*': '{*}',
  '-': '{-}',
  ',': '{,}',
  '?': '{?}',
  '!': '{!}',
  '−': '$-$',
  '±': '$\\pm$',
  '×': '$\\times$',
  '→': '$\\rightarrow$',
  '←': '$\\leftarrow$',
  '≤': '$\\le$',
  '≥': '$\\ge$',
  '≠': '$\\ne$',
  '∞': '$\\infty$',
  '·': '$\\cdot$',
  '–': '--',
  '—': '---',
  '…': '\\dots{}',
  '’': "{'}",
  '‘': '{`}',
  '“': '{``}',
  '”': "{''}",
  '⏎': ' ',
  '\u00a0': '~',
  ß: '\\ss{}',
  æ: '\\ae{}',
  Æ: '\\AE{}',
  ø: '\\o{}',
  Ø: '\\O{}',
  ł: '\\l{}',
  Ł: '\\L{}',
  ı: '\\i{}',
  '§': '\\S{}',
  '©': '\\copyright{}',
  '°': '$^\\circ$',
  '²': '$^2$',
  '′': "$'$",
  µ: '$\\mu$',
  α: '$\\alpha$',
  β: '$\\beta$',
  γ: '$\\gamma$',
  δ: '$\\delta$',
  Δ: '$\\Delta$',
  ε: '$\\varepsilon$',
  λ: '$\\lambda$',
  μ: '$\\mu$',
  π: '$\\pi$',
  ρ: '$\\rho$',
  σ: '$\\sigma$',
  τ: '$\\tau$',
  χ: '$\\chi$',
};
