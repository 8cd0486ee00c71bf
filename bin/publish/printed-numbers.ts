/**
 * The decimal numbers that a page shows, signs included, in HTML, Markdown or LaTeX. Versions, dates and whole numbers
 * are none: only what is measured is printed with decimals.
 */
export function printedNumbers(text: string): ReadonlySet<string> {
  const shown = text
    .replace(/<(style|script)\b.*?<\/\1>/gs, ' ')
    .replace(/<svg\b.*?<\/svg>/gs, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(?:minus|#8722);|\u2212/g, '-');
  return new Set(shown.match(/(?<![\w.])[+-]?\d+\.\d+(?![\w.]*\d|\.\d)/g) ?? []);
}
