// Triangle meshes whose points hang on bones, and the two shapes the body is built of: lofts and
// ellipsoids.
import { pointOn, type BoneName, type Skeleton } from './skeleton.ts';
import { add, scale, type Vec3 } from './vector.ts';

/** Reflectance of a surface: red, green and blue, sRGB, 0 to 255. */
export type Colour = readonly [number, number, number];

/** A point of the body's surface: its place in one bone's frame, or blended between two. */
interface SkinPoint {
  readonly bone: BoneName;
  readonly local: Vec3;
  readonly second?: { readonly bone: BoneName; readonly local: Vec3; readonly share: number };
  readonly colour: Colour;
}

/**
 * A surface on bones. `corners` holds three indices into `points` per triangle, counter-clockwise
 * from outside.
 */
export interface Skin {
  readonly points: SkinPoint[];
  readonly corners: number[];
}

/** A surface on the stage, ready to be drawn: flat arrays, three numbers per point. */
export interface Surface {
  /** Metres on the stage. */
  readonly positions: Float64Array;
  /** sRGB, 0 to 255. */
  readonly colours: Float64Array;
  readonly corners: Uint32Array;
}

/** One cross-section of a loft, in metres in the bone's frame: an ellipse across the y axis. */
export interface Ring {
  readonly y: number;
  /** Half width along x. */
  readonly rx: number;
  /** Half width along z. */
  readonly rz: number;
  readonly cx?: number;
  readonly cz?: number;
  readonly colour?: Colour;
  /** Share (0 to 1) that follows the loft's second bone. */
  readonly second?: number;
}

/** Points around one ring of a loft. */
const RING_POINTS = 24;
/** Rings of an ellipsoid, without its poles. */
const ELLIPSOID_RINGS = 11;

/** Adds a tube through rings given from the top (largest y) down, closed at both ends. */
export function addLoft(
  skin: Skin,
  bone: BoneName,
  colour: Colour,
  rings: readonly Ring[],
  secondBone?: { readonly bone: BoneName; readonly offset: Vec3 },
): void {
  const start = skin.points.length;
  for (const ring of rings) {
    for (let step = 0; step < RING_POINTS; step++) {
      const angle = (2 * Math.PI * step) / RING_POINTS;
      const local: Vec3 = [
        (ring.cx ?? 0) + ring.rx * Math.cos(angle),
        ring.y,
        (ring.cz ?? 0) + ring.rz * Math.sin(angle),
      ];
      skin.points.push(skinPoint(bone, local, ring.colour ?? colour, ring.second, secondBone));
    }
  }
  for (let ring = 0; ring + 1 < rings.length; ring++) {
    for (let step = 0; step < RING_POINTS; step++) {
      const next = (step + 1) % RING_POINTS;
      const upper = start + ring * RING_POINTS;
      const lower = upper + RING_POINTS;
      skin.corners.push(upper + step, upper + next, lower + next);
      skin.corners.push(upper + step, lower + next, lower + step);
    }
  }
  closeEnd(skin, start, 'top');
  closeEnd(skin, start + (rings.length - 1) * RING_POINTS, 'bottom');
}

/** Adds an ellipsoid, given its middle and half axes in metres in the bone's frame. */
export function addEllipsoid(
  skin: Skin,
  bone: BoneName,
  colour: Colour,
  middle: Vec3,
  halfAxes: Vec3,
): void {
  const rings: Ring[] = [];
  for (let index = 0; index < ELLIPSOID_RINGS; index++) {
    const angle = (Math.PI * (index + 0.5)) / ELLIPSOID_RINGS;
    rings.push({
      y: middle[1] + halfAxes[1] * Math.cos(angle),
      rx: halfAxes[0] * Math.sin(angle),
      rz: halfAxes[2] * Math.sin(angle),
      cx: middle[0],
      cz: middle[2],
    });
  }
  addLoft(skin, bone, colour, rings);
}

/** Moves the skin with its bones: the surface of one instant. */
export function dress(skin: Skin, skeleton: Skeleton): Surface {
  const positions = new Float64Array(skin.points.length * 3);
  const colours = new Float64Array(skin.points.length * 3);
  skin.points.forEach((point, index) => {
    let place = pointOn(skeleton[point.bone], point.local);
    if (point.second !== undefined) {
      const { bone, local, share } = point.second;
      place = add(scale(place, 1 - share), scale(pointOn(skeleton[bone], local), share));
    }
    positions.set(place, index * 3);
    colours.set(point.colour, index * 3);
  });
  return { positions, colours, corners: Uint32Array.from(skin.corners) };
}

/** A box on the stage between two opposite corners in metres, every face with its own points. */
export function boxSurface(low: Vec3, high: Vec3, colour: Colour): Surface {
  const positions: number[] = [];
  const corners: number[] = [];
  for (const axis of [0, 1, 2] as const) {
    for (const end of [low, high]) {
      const first = positions.length / 3;
      const [u, v] = [(axis + 1) % 3, (axis + 2) % 3] as [0 | 1 | 2, 0 | 1 | 2];
      const around = [
        [low[u], low[v]],
        [high[u], low[v]],
        [high[u], high[v]],
        [low[u], high[v]],
      ] as const;
      for (const [atU, atV] of around) {
        const corner: [number, number, number] = [end[0], end[1], end[2]];
        corner[u] = atU;
        corner[v] = atV;
        positions.push(...corner);
      }
      const turn = end === high ? [0, 1, 2, 0, 2, 3] : [0, 2, 1, 0, 3, 2];
      corners.push(...turn.map((corner) => first + corner));
    }
  }
  const colours = positions.map((_, index) => colour[(index % 3) as 0 | 1 | 2]);
  return {
    positions: Float64Array.from(positions),
    colours: Float64Array.from(colours),
    corners: Uint32Array.from(corners),
  };
}

function skinPoint(
  bone: BoneName,
  local: Vec3,
  colour: Colour,
  share: number | undefined,
  secondBone: { readonly bone: BoneName; readonly offset: Vec3 } | undefined,
): SkinPoint {
  if (share === undefined || secondBone === undefined) return { bone, local, colour };
  const second = { bone: secondBone.bone, local: add(local, secondBone.offset), share };
  return { bone, local, colour, second };
}

/** The lid gets points of its own, so that its shading does not bleed over the rim. */
function closeEnd(skin: Skin, firstOfRing: number, end: 'top' | 'bottom'): void {
  const ring = skin.points.slice(firstOfRing, firstOfRing + RING_POINTS);
  const rim = skin.points.length;
  skin.points.push(...ring, middleOf(ring));
  const middle = rim + RING_POINTS;
  for (let step = 0; step < RING_POINTS; step++) {
    const here = rim + step;
    const next = rim + ((step + 1) % RING_POINTS);
    skin.corners.push(...(end === 'top' ? [middle, next, here] : [middle, here, next]));
  }
}

function middleOf(ring: readonly SkinPoint[]): SkinPoint {
  const first = ring[0];
  if (first === undefined) throw new RangeError('A ring needs points.');
  const mean = (pick: (point: SkinPoint) => Vec3): Vec3 =>
    scale(ring.map(pick).reduce(add), 1 / ring.length);
  const local = mean((point) => point.local);
  if (first.second === undefined) return { ...first, local };
  const second = { ...first.second, local: mean((point) => point.second?.local ?? point.local) };
  return { ...first, local, second };
}
