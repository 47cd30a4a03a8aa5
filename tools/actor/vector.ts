// Three-dimensional vectors and rotation matrices, only the operations the actor needs.
// Axes everywhere: x to the image's right, y up, z towards the camera (right-handed).

/** A point or direction in metres: x, y, z. */
export type Vec3 = readonly [number, number, number];

/** A rotation, row by row. */
export type Mat3 = readonly [Vec3, Vec3, Vec3];

/** The rotation that changes nothing. */
export const IDENTITY: Mat3 = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** Sum of two vectors. */
export function add(a: Vec3, b: Vec3): Vec3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

/** Vector times scalar. */
export function scale(a: Vec3, factor: number): Vec3 {
  return [a[0] * factor, a[1] * factor, a[2] * factor];
}

/** Matrix times vector. */
export function rotate(m: Mat3, v: Vec3): Vec3 {
  return [dot(m[0], v), dot(m[1], v), dot(m[2], v)];
}

/** Rotates by the last matrix first, as the product of matrices reads. */
export function compose(...matrices: readonly Mat3[]): Mat3 {
  return matrices.reduce(multiply, IDENTITY);
}

/** Rotation about x by an angle in degrees: up goes towards the camera. */
export function rotateX(degrees: number): Mat3 {
  const { sine, cosine } = sineAndCosine(degrees);
  return [
    [1, 0, 0],
    [0, cosine, -sine],
    [0, sine, cosine],
  ];
}

/** Rotation about y by an angle in degrees: towards the camera goes to the right. */
export function rotateY(degrees: number): Mat3 {
  const { sine, cosine } = sineAndCosine(degrees);
  return [
    [cosine, 0, sine],
    [0, 1, 0],
    [-sine, 0, cosine],
  ];
}

/** Rotation about z by an angle in degrees: right goes up. */
export function rotateZ(degrees: number): Mat3 {
  const { sine, cosine } = sineAndCosine(degrees);
  return [
    [cosine, -sine, 0],
    [sine, cosine, 0],
    [0, 0, 1],
  ];
}

function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function multiply(a: Mat3, b: Mat3): Mat3 {
  const columns: Mat3 = [
    [b[0][0], b[1][0], b[2][0]],
    [b[0][1], b[1][1], b[2][1]],
    [b[0][2], b[1][2], b[2][2]],
  ];
  return [rotate(columns, a[0]), rotate(columns, a[1]), rotate(columns, a[2])];
}

function sineAndCosine(degrees: number): { sine: number; cosine: number } {
  const radians = (degrees * Math.PI) / 180;
  return { sine: Math.sin(radians), cosine: Math.cos(radians) };
}
