// The icons that are drawn from static/icon.svg, for systems that take no SVG. Written by render-icons.ts.

/** One PNG: the figure on a light plate, so that it is seen on any ground. */
export type IconFile = {
  /** Below static/. */
  readonly path: string;
  readonly sizePx: number;
  /** Share of the square's width that the figure's square takes. */
  readonly figureShare: number;
  /** Radius of the plate's corners as a share of its width; beyond them it is transparent. */
  readonly cornerShare: number;
};

/**
 * A system may cut anything but the circle in the middle with 80 % of the width (W3C Manifest, "safe zone");
 * the corners of a square of 56 % lie within it.
 */
const MASKABLE_SHARE = 0.56;
const PLAIN_SHARE = 0.72;
const PLAIN_CORNER = 0.2;

/** All of them. iOS rounds corners itself, and fills what is transparent with black. */
export const iconFiles: readonly IconFile[] = [
  plain('icons/icon-192.png', 192),
  plain('icons/icon-512.png', 512),
  { path: 'icons/maskable-512.png', sizePx: 512, figureShare: MASKABLE_SHARE, cornerShare: 0 },
  { path: 'icons/apple-touch-icon.png', sizePx: 180, figureShare: PLAIN_SHARE, cornerShare: 0 },
];

function plain(path: string, sizePx: number): IconFile {
  return { path, sizePx, figureShare: PLAIN_SHARE, cornerShare: PLAIN_CORNER };
}
