/**
 * A picture of a page with at most 256 colours: a third of the bytes, and nothing that an eye misses in text and flat
 * grounds. Reads what browsers write: 8 bits a channel, RGB or RGBA, not interlaced.
 */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

export function smallPng(png) {
  const { width, height, pixels } = decoded(png);
  const { palette, places } = indexed(pixels);
  const rows = Buffer.alloc((width + 1) * height);
  for (let row = 0; row < height; row++)
    rows.set(places.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk(
      'PLTE',
      Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255])),
    ),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The most frequent colours; every other pixel takes the nearest of them. */
function indexed(pixels) {
  const counts = new Map();
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const palette = [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 256)
    .map(([colour]) => colour);
  const nearest = new Map(palette.map((colour, place) => [colour, place]));
  const placeOf = (colour) => {
    const known = nearest.get(colour);
    if (known !== undefined) return known;
    let best = 0;
    let least = Infinity;
    palette.forEach((other, place) => {
      const distance =
        ((colour >> 16) - (other >> 16)) ** 2 +
        (((colour >> 8) & 255) - ((other >> 8) & 255)) ** 2 +
        ((colour & 255) - (other & 255)) ** 2;
      if (distance < least) [best, least] = [place, distance];
    });
    nearest.set(colour, best);
    return best;
  };
  return { palette, places: Uint8Array.from(pixels, placeOf) };
}

/** Pixels as numbers 0xRRGGBB. */
function decoded(png) {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const [depth, kind, , , interlaced] = png.subarray(24, 29);
  const size = { 2: 3, 6: 4 }[kind];
  if (!png.subarray(0, 8).equals(SIGNATURE) || depth !== 8 || size === undefined || interlaced !== 0)
    throw new Error('not a PNG as browsers write it');
  const parts = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const data = inflateSync(Buffer.concat(parts));
  const stride = width * size;
  const bytes = new Uint8Array(stride * height);
  for (let row = 0; row < height; row++) {
    const filter = data[row * (stride + 1)];
    for (let column = 0; column < stride; column++) {
      const at = row * stride + column;
      const left = column >= size ? bytes[at - size] : 0;
      const up = row > 0 ? bytes[at - stride] : 0;
      const corner = row > 0 && column >= size ? bytes[at - stride - size] : 0;
      bytes[at] = data[row * (stride + 1) + 1 + column] + predicted(filter, left, up, corner);
    }
  }
  const pixels = new Uint32Array(width * height);
  for (let at = 0; at < pixels.length; at++)
    pixels[at] = (bytes[at * size] << 16) | (bytes[at * size + 1] << 8) | bytes[at * size + 2];
  return { width, height, pixels };
}

/** The five filters of a PNG. */
function predicted(filter, left, up, corner) {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const guess = left + up - corner;
  const [a, b, c] = [left, up, corner].map((value) => Math.abs(guess - value));
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  whole.set(body, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}
