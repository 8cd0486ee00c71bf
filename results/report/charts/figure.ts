/** One drawing of a report, as it stands in the page and in a file of its own. */
export interface Figure {
  /** A stable name, fit for a file: `effects`, `lineage`, `trade-off-bias-toxicity`. */
  readonly id: string;
  readonly title: string;
  /** What a person who does not see the drawing has to know of it. */
  readonly description: string;
  /** One `<svg>` element with width, height and viewBox; no script, no style, no reference to anything outside. */
  readonly svg: string;
}

/** The same drawing as a document: named, described, on white paper. */
export function standalone({ title, description, svg }: Figure): string {
  const named = `<title>${escaped(title)}</title><desc>${escaped(description)}</desc>`;
  const paper = '<rect width="100%" height="100%" fill="#ffffff"/>';
  return `<?xml version="1.0" encoding="UTF-8"?>\n${svg.replace(/^<svg[^>]*>/, (start) => start + named + paper)}\n`;
}

/** Text for an element or attribute of an SVG document; characters that XML forbids are dropped. */
export function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
