import { clean } from './text.ts';

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export function lines(texts: readonly string[]): string {
  return texts
    .filter((text) => text !== '')
    .map(escaped)
    .join('<br>');
}

/** Text that Markdown, and the HTML inside it, prints as it stands: no mark-up, no link, no mention. */
export function escaped(text: string): string {
  return clean(text)
    .replace(/[\\`*_[\]|~$]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@/g, '&#64;')
    .replace(/(?<=\w):(?=\/\/)/g, '&#58;')
    .replace(/(?<=\bwww)\./gi, '&#46;')
    .replace(/^[#+-](?=[\s#])|^\d+(?=[.)]\s)/, (mark) => (/\d/.test(mark) ? `${mark}\u2060` : `\\${mark}`));
}

export function code(text: string): string {
  return `<code>${escaped(text)}</code>`;
}
