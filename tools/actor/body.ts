// What the actor looks like: the surface around the bones, with clothes, hands, face and hair.
// Lengths are metres in the frame of the bone that carries the part; a limb runs down its negative
// y axis.
import { addEllipsoid, addLoft, type Colour, type Ring, type Skin } from './mesh.ts';
import { FACE, MEASURES } from './skeleton.ts';

const SKIN: Colour = [205, 152, 120];
const LIPS: Colour = [168, 96, 84];
const HAIR: Colour = [52, 37, 30];
const EYE_WHITE: Colour = [236, 233, 228];
const IRIS: Colour = [44, 32, 26];
const SHIRT: Colour = [70, 128, 138];
const SHIRT_TRIM: Colour = [48, 92, 101];
const TROUSERS: Colour = [58, 64, 84];
const SHOE: Colour = [214, 214, 208];
const SOLE: Colour = [120, 116, 110];

/** Builds the body's surface. It is the same for every frame. */
export function buildBody(): Skin {
  const skin: Skin = { points: [], corners: [] };
  addTrunk(skin);
  addNeck(skin);
  addHead(skin);
  for (const side of ['left', 'right'] as const) {
    addArm(skin, side);
    addLeg(skin, side);
  }
  return skin;
}

/** The head's part of that surface: skull, face, hair and ears, without the neck. */
export function buildHead(): Skin {
  const skin: Skin = { points: [], corners: [] };
  addHead(skin);
  return skin;
}

function addTrunk(skin: Skin): void {
  const shoulders = MEASURES.shoulderAboveHips - MEASURES.waistAboveHips;
  const chestToPelvis = [0, MEASURES.waistAboveHips, 0] as const;
  addLoft(
    skin,
    'chest',
    SHIRT,
    [
      { y: shoulders + 0.084, rx: 0.06, rz: 0.062, cz: -0.008, colour: SHIRT_TRIM },
      { y: shoulders + 0.074, rx: 0.067, rz: 0.068, cz: -0.008, colour: SHIRT_TRIM },
      { y: shoulders + 0.07, rx: 0.072, rz: 0.07, cz: -0.008 },
      { y: shoulders + 0.056, rx: 0.1, rz: 0.077, cz: -0.008 },
      { y: shoulders + 0.04, rx: 0.142, rz: 0.083, cz: -0.006 },
      { y: shoulders + 0.018, rx: 0.17, rz: 0.09, cz: -0.004 },
      { y: shoulders - 0.02, rx: 0.18, rz: 0.1 },
      { y: shoulders - 0.07, rx: 0.177, rz: 0.112, cz: 0.006 },
      { y: shoulders - 0.14, rx: 0.17, rz: 0.117, cz: 0.01 },
      { y: shoulders - 0.22, rx: 0.16, rz: 0.112, cz: 0.008 },
      { y: 0.06, rx: 0.15, rz: 0.106, cz: 0.004, second: 0.25 },
      { y: 0, rx: 0.15, rz: 0.106, cz: 0.002, second: 0.6 },
      { y: -0.07, rx: 0.161, rz: 0.114, second: 1 },
      { y: -0.135, rx: 0.178, rz: 0.124, cz: -0.004, second: 1 },
      { y: -0.15, rx: 0.18, rz: 0.126, cz: -0.004, second: 1, colour: SHIRT_TRIM },
      { y: -0.165, rx: 0.179, rz: 0.125, cz: -0.004, second: 1, colour: SHIRT_TRIM },
    ],
    { bone: 'pelvis', offset: chestToPelvis },
  );
  addLoft(skin, 'pelvis', TROUSERS, [
    { y: 0.05, rx: 0.13, rz: 0.09 },
    { y: -0.015, rx: 0.162, rz: 0.112, cz: -0.005 },
    { y: -0.05, rx: 0.16, rz: 0.11, cz: -0.008 },
    { y: -0.08, rx: 0.12, rz: 0.095, cz: -0.008 },
    { y: -0.11, rx: 0.06, rz: 0.075, cz: -0.006 },
    { y: -0.125, rx: 0.025, rz: 0.045 },
  ]);
}

/** The neck hangs on the head and reaches down into the collar, where it follows the chest. */
function addNeck(skin: Skin): void {
  const headToChest = [
    0,
    MEASURES.neckAboveHips - MEASURES.waistAboveHips + MEASURES.headAboveNeck,
    MEASURES.headBeforeNeck,
  ] as const;
  addLoft(
    skin,
    'head',
    SKIN,
    [
      { y: -0.05, rx: 0.052, rz: 0.06, cz: -0.016, second: 0 },
      { y: -0.085, rx: 0.051, rz: 0.058, cz: -0.018, second: 0.1 },
      { y: -0.12, rx: 0.052, rz: 0.058, cz: -0.022, second: 0.6 },
      { y: -0.15, rx: 0.056, rz: 0.06, cz: -0.026, second: 1 },
      { y: -0.19, rx: 0.064, rz: 0.062, cz: -0.03, second: 1 },
    ],
    { bone: 'chest', offset: headToChest },
  );
}

function addHead(skin: Skin): void {
  const face: Ring[] = [
    { y: 0.112, rx: 0.025, rz: 0.03, cz: -0.005 },
    { y: 0.1, rx: 0.048, rz: 0.06, cz: -0.002 },
    { y: 0.075, rx: 0.066, rz: 0.085 },
    { y: 0.04, rx: 0.073, rz: 0.096 },
    { y: 0, rx: 0.073, rz: 0.097 },
    { y: -0.03, rx: 0.07, rz: 0.094, cz: 0.002 },
    { y: -0.06, rx: 0.063, rz: 0.083, cz: 0.01 },
    { y: -0.085, rx: 0.05, rz: 0.067, cz: 0.022 },
    { y: -0.105, rx: 0.034, rz: 0.046, cz: 0.036 },
    { y: -0.116, rx: 0.016, rz: 0.022, cz: 0.046 },
  ];
  addLoft(skin, 'head', SKIN, face);
  addHair(skin);
  const [noseX, noseY, noseZ] = FACE.nose;
  addEllipsoid(skin, 'head', SKIN, [noseX, noseY, noseZ - 0.014], [0.014, 0.012, 0.016]);
  addEllipsoid(skin, 'head', SKIN, [noseX, noseY + 0.018, noseZ - 0.026], [0.009, 0.028, 0.014]);
  addEllipsoid(skin, 'head', LIPS, [0, -0.058, 0.088], [0.024, 0.0075, 0.01]);
  for (const side of ['left', 'right'] as const) {
    const [eyeX, eyeY, eyeZ] = FACE[`${side}Eye`];
    addEllipsoid(skin, 'head', EYE_WHITE, [eyeX, eyeY, eyeZ - 0.008], [0.0155, 0.0085, 0.011]);
    addEllipsoid(skin, 'head', IRIS, [eyeX, eyeY, eyeZ - 0.002], [0.0075, 0.0078, 0.0065]);
    addEllipsoid(
      skin,
      'head',
      HAIR,
      [eyeX * 1.05, eyeY + 0.022, eyeZ - 0.004],
      [0.019, 0.0042, 0.008],
    );
    const [earX, earY, earZ] = FACE[`${side}Ear`];
    addEllipsoid(skin, 'head', SKIN, [earX, earY, earZ], [0.011, 0.03, 0.019]);
  }
}

/** Short hair: a shell around the skull that leaves the face free. */
function addHair(skin: Skin): void {
  addLoft(skin, 'head', HAIR, [
    { y: 0.128, rx: 0.02, rz: 0.025, cz: -0.012 },
    { y: 0.121, rx: 0.046, rz: 0.06, cz: -0.01 },
    { y: 0.1, rx: 0.068, rz: 0.087, cz: -0.008 },
    { y: 0.075, rx: 0.078, rz: 0.097, cz: -0.008 },
    { y: 0.06, rx: 0.081, rz: 0.09, cz: -0.018 },
    { y: 0.035, rx: 0.082, rz: 0.078, cz: -0.032 },
    { y: 0.01, rx: 0.081, rz: 0.066, cz: -0.044 },
    { y: -0.02, rx: 0.077, rz: 0.056, cz: -0.05 },
    { y: -0.05, rx: 0.066, rz: 0.045, cz: -0.052 },
    { y: -0.08, rx: 0.05, rz: 0.03, cz: -0.05 },
  ]);
}

function addArm(skin: Skin, side: 'left' | 'right'): void {
  const sign = side === 'left' ? 1 : -1;
  const upper = `${side}UpperArm` as const;
  addLoft(skin, upper, SKIN, [
    { y: -0.06, rx: 0.047, rz: 0.05 },
    { y: -0.15, rx: 0.045, rz: 0.048 },
    { y: -0.22, rx: 0.041, rz: 0.043 },
    { y: -MEASURES.upperArm, rx: 0.037, rz: 0.038 },
  ]);
  addLoft(skin, upper, SHIRT, [
    { y: 0.041, rx: 0.01, rz: 0.012, cx: -sign * 0.024 },
    { y: 0.038, rx: 0.024, rz: 0.028, cx: -sign * 0.021 },
    { y: 0.028, rx: 0.039, rz: 0.046, cx: -sign * 0.016 },
    { y: 0.012, rx: 0.05, rz: 0.059, cx: -sign * 0.01 },
    { y: -0.015, rx: 0.058, rz: 0.066, cx: -sign * 0.003 },
    { y: -0.06, rx: 0.061, rz: 0.067 },
    { y: -0.12, rx: 0.06, rz: 0.065 },
    { y: -0.15, rx: 0.06, rz: 0.064, colour: SHIRT_TRIM },
    { y: -0.162, rx: 0.059, rz: 0.063, colour: SHIRT_TRIM },
  ]);
  const fore = `${side}Forearm` as const;
  addEllipsoid(skin, fore, SKIN, [0, 0, 0], [0.037, 0.038, 0.038]);
  addLoft(skin, fore, SKIN, [
    { y: 0, rx: 0.037, rz: 0.038 },
    { y: -0.05, rx: 0.041, rz: 0.043 },
    { y: -0.1, rx: 0.039, rz: 0.04 },
    { y: -0.18, rx: 0.03, rz: 0.033 },
    { y: -MEASURES.forearm, rx: 0.023, rz: 0.029 },
  ]);
  addHand(skin, side, sign);
}

/** A relaxed hand; at a hanging arm the palm faces the thigh and the thumb points forward. */
function addHand(skin: Skin, side: 'left' | 'right', sign: 1 | -1): void {
  const hand = `${side}Hand` as const;
  addEllipsoid(skin, hand, SKIN, [0, 0, 0], [0.022, 0.026, 0.028]);
  addEllipsoid(skin, hand, SKIN, [0, -0.05, 0.002], [0.018, 0.052, 0.042]);
  const fingers = [
    { z: 0.03, length: 0.07 },
    { z: 0.011, length: 0.08 },
    { z: -0.008, length: 0.075 },
    { z: -0.026, length: 0.058 },
  ];
  for (const { z, length } of fingers) {
    addLoft(skin, hand, SKIN, [
      { y: -0.08, rx: 0.01, rz: 0.0098, cz: z },
      { y: -0.09 - length / 2, rx: 0.0092, rz: 0.009, cz: z * 1.1, cx: -sign * 0.006 },
      { y: -0.09 - length, rx: 0.0065, rz: 0.0065, cz: z * 1.15, cx: -sign * 0.018 },
      { y: -0.095 - length, rx: 0.003, rz: 0.003, cz: z * 1.15, cx: -sign * 0.02 },
    ]);
  }
  addLoft(skin, hand, SKIN, [
    { y: -0.02, rx: 0.013, rz: 0.014, cz: 0.026 },
    { y: -0.06, rx: 0.0115, rz: 0.012, cz: 0.047, cx: -sign * 0.008 },
    { y: -0.098, rx: 0.008, rz: 0.0085, cz: 0.056, cx: -sign * 0.014 },
    { y: -0.104, rx: 0.003, rz: 0.003, cz: 0.057, cx: -sign * 0.015 },
  ]);
}

function addLeg(skin: Skin, side: 'left' | 'right'): void {
  const sign = side === 'left' ? 1 : -1;
  const thigh = `${side}Thigh` as const;
  addEllipsoid(skin, thigh, TROUSERS, [-sign * 0.006, 0, -0.012], [0.083, 0.09, 0.1]);
  addLoft(skin, thigh, TROUSERS, [
    { y: -0.02, rx: 0.084, rz: 0.1, cz: -0.01 },
    { y: -0.1, rx: 0.086, rz: 0.098, cz: -0.006 },
    { y: -0.2, rx: 0.08, rz: 0.088 },
    { y: -0.32, rx: 0.069, rz: 0.074 },
    { y: -MEASURES.thigh, rx: 0.062, rz: 0.064 },
  ]);
  const shin = `${side}Shin` as const;
  addEllipsoid(skin, shin, TROUSERS, [0, 0, 0], [0.062, 0.064, 0.065]);
  addLoft(skin, shin, TROUSERS, [
    { y: 0, rx: 0.062, rz: 0.064 },
    { y: -0.09, rx: 0.061, rz: 0.066, cz: -0.008 },
    { y: -0.2, rx: 0.057, rz: 0.062, cz: -0.008 },
    { y: -0.34, rx: 0.052, rz: 0.056, cz: -0.004 },
    { y: -0.385, rx: 0.053, rz: 0.057 },
  ]);
  const foot = `${side}Foot` as const;
  addEllipsoid(skin, foot, SKIN, [0, 0.015, 0], [0.035, 0.05, 0.04]);
  addShoe(skin, foot);
}

function addShoe(skin: Skin, foot: 'leftFoot' | 'rightFoot'): void {
  const floor = -MEASURES.ankleHeight;
  addLoft(skin, foot, SHOE, [
    { y: 0.005, rx: 0.032, rz: 0.042, cz: 0.005 },
    { y: -0.01, rx: 0.038, rz: 0.058, cz: 0.014 },
    { y: -0.03, rx: 0.042, rz: 0.092, cz: 0.04 },
    { y: -0.045, rx: 0.045, rz: 0.115, cz: 0.058 },
    { y: floor + 0.022, rx: 0.047, rz: 0.125, cz: 0.065 },
    { y: floor + 0.02, rx: 0.048, rz: 0.126, cz: 0.065, colour: SOLE },
    { y: floor, rx: 0.047, rz: 0.125, cz: 0.065, colour: SOLE },
  ]);
}
