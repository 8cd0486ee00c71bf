/** A digest in the shape of a UUID of version 4: the same content has the same name for ever. */
export function stableUuid(digest: string): string {
  const hex = digest.toLowerCase();
  const variant = '89ab'[Number.parseInt(hex[16] ?? '0', 16) % 4] ?? '8';
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
