import { EXIT, messageOf, UserError } from '../../../core/errors.ts';

/** Dots for each unit of the drawing: sharp on paper and on dense screens. */
const ZOOM = 2;

/**
 * A standalone SVG document as PNG.
 *
 * @throws UserError (exit code 3) when the renderer or every font is missing: a figure without its words says nothing.
 */
export async function toPng(svg: string): Promise<Uint8Array> {
  const { Resvg } = await loadResvg();
  const options = { fitTo: { mode: 'zoom', value: ZOOM }, font: { loadSystemFonts: true } } as const;
  if (isBlank(new Resvg(PROBE, options).render().pixels)) {
    throw new UserError(
      {
        message: 'no font was found on this machine, so the figures would have no words',
        fix: 'Install one, for example with `apt-get install fonts-dejavu-core`, or take --format svg.',
      },
      EXIT.environment,
    );
  }
  return new Resvg(svg, options).render().asPng();
}

const PROBE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><text x="2" y="16" font-size="16" font-family="sans-serif">Mg</text></svg>';

function isBlank(pixels: Uint8Array): boolean {
  return pixels.every((value) => value === 0);
}

async function loadResvg() {
  try {
    return (await import('@resvg/resvg-js')).default;
  } catch (error) {
    throw new UserError(
      {
        message: `PNG cannot be drawn here: ${messageOf(error)}`,
        fix: 'Take --format svg, or install @resvg/resvg-js beside aligntrust.',
      },
      EXIT.environment,
      error,
    );
  }
}
