/** Formats that are files and not text for a terminal. */
export const FILE_FORMATS = ['html', 'svg', 'png', 'jsonl'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

export function isFileFormat(format: string): format is FileFormat {
  return (FILE_FORMATS as readonly string[]).includes(format);
}
