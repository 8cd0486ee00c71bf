/** Markup of a text, as counts. */
export interface Markdown {
  readonly md_headers: number;
  readonly md_bold: number;
  readonly md_list: number;
  readonly code_blocks: number;
}

const HEADER = /^ {0,3}#{1,6}[ \t]+\S/;
const LIST_ITEM = /^[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]+\S/;
/** "* * *" is a line across the page. */
const RULE = /^[ \t]*(?:[-*_][ \t]*){3,}$/;
const FENCE = /^[ \t]*(`{3,}|~{3,})(.*)$/;

/** Counts markup line by line; what stands inside fenced code is none. Linear in the length of the text. */
export function markdownOf(text: string): Markdown {
  const counts = { md_headers: 0, md_bold: 0, md_list: 0, code_blocks: 0 };
  let fence: string | null = null;
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (fence !== null) {
      if (closes(line, fence)) fence = null;
      continue;
    }
    fence = openedBy(line);
    if (fence !== null) counts.code_blocks++;
    else if (HEADER.test(line)) counts.md_headers++;
    else if (LIST_ITEM.test(line) && !RULE.test(line)) counts.md_list++;
    if (fence === null) counts.md_bold += boldSpans(line, '**') + boldSpans(line, '__');
  }
  return counts;
}

/** The marks of a fence that this line opens; "```x```" is code within a line. */
function openedBy(line: string): string | null {
  const [, marks = '', info = ''] = FENCE.exec(line) ?? [];
  return marks === '' || (marks.startsWith('`') && info.includes('`')) ? null : marks;
}

function closes(line: string, fence: string): boolean {
  const [, marks = '', rest = ''] = FENCE.exec(line) ?? [];
  return marks.startsWith(fence) && rest.trim() === '';
}

/** Spans between two markers of which the first has no white space behind it and the second none before it. */
function boldSpans(line: string, marker: '**' | '__'): number {
  let count = 0;
  let isOpen = false;
  for (let at = line.indexOf(marker); at !== -1; at = line.indexOf(marker, at + 2)) {
    const closesHere: boolean = isOpen && /\S/.test(line[at - 1] ?? ' ');
    if (closesHere) count++;
    isOpen = !closesHere && opensAt(line, at, marker);
  }
  return count;
}

/** Underscores inside a word ("a__b") open nothing. */
function opensAt(line: string, at: number, marker: '**' | '__'): boolean {
  const opens = /\S/.test(line[at + 2] ?? ' ');
  return opens && (marker === '**' || !/[\p{L}\p{N}]/u.test(line[at - 1] ?? ' '));
}
