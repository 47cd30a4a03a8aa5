// The actor's bones: body measures, and forward kinematics from joint angles to bone frames and
// COCO keypoints. What the body looks like is in body.ts.
import { smoothstep } from './easing.ts';
import type { ArmAngles, LegAngles, Posture } from './posture.ts';
import {
  add,
  compose,
  rotate,
  rotateX,
  rotateY,
  rotateZ,
  scale,
  type Mat3,
  type Vec3,
} from './vector.ts';

/**
 * Lengths in metres of a person 1.75 m tall. Half widths are from the body's middle to the joint's
 * centre.
 */
export const MEASURES = {
  hipHalfWidth: 0.09,
  thigh: 0.43,
  shin: 0.42,
  ankleHeight: 0.08,
  heelBehindAnkle: 0.06,
  toeBeforeAnkle: 0.19,
  waistAboveHips: 0.14,
  shoulderAboveHips: 0.5,
  shoulderHalfWidth: 0.185,
  upperArm: 0.29,
  forearm: 0.26,
  neckAboveHips: 0.54,
  /** Middle of the skull above the neck's root. */
  headAboveNeck: 0.165,
  /** The skull sits a little before the spine. */
  headBeforeNeck: 0.02,
} as const;

/**
 * Facial keypoints in the head's own frame, in metres from the middle of the skull; x is the
 * person's left.
 */
export const FACE = {
  nose: [0, -0.022, 0.122],
  leftEye: [0.033, 0.012, 0.09],
  rightEye: [-0.033, 0.012, 0.09],
  leftEar: [0.076, -0.008, -0.005],
  rightEar: [-0.076, -0.008, -0.005],
} as const satisfies Record<string, Vec3>;

/** How far the shoulder joint rises and moves inwards when the arm is fully raised, in metres. */
const SHOULDER_GIRDLE_M = { rise: 0.06, inwards: 0.025 };
/**
 * Arm elevation, in degrees, at which the shoulder girdle starts to follow, and where it has
 * followed fully.
 */
const SHOULDER_GIRDLE_DEG = { start: 40, full: 170 };
/** The feet point outwards a little, in degrees. */
const TOE_OUT_DEG = 8;
/** A foot this much higher than the other carries 1/e of its weight, in metres. */
const WEIGHT_SHIFT_M = 0.02;

/** The rigid parts of the body. */
export type BoneName = 'pelvis' | 'chest' | 'head' | `${'left' | 'right'}${LimbBone}`;
type LimbBone = 'UpperArm' | 'Forearm' | 'Hand' | 'Thigh' | 'Shin' | 'Foot';

/**
 * Where a bone is: its joint's centre in stage metres, and the rotation from its own frame to the
 * stage.
 */
export interface BoneFrame {
  readonly origin: Vec3;
  readonly rotation: Mat3;
}

/**
 * Where the actor stands on the stage: metres from the middle mark, and the turn to its left in
 * degrees.
 */
export interface Stance {
  readonly xM: number;
  readonly zM: number;
  readonly yawDeg: number;
}

/** All bone frames of one instant. */
export type Skeleton = Readonly<Record<BoneName, BoneFrame>>;

/**
 * Places every bone. In its own frame a limb's bone runs down its negative y axis from its joint.
 */
export function poseSkeleton(posture: Posture, stance: Stance): Skeleton {
  const upright = rotateY(stance.yawDeg);
  const { trunk } = posture;
  const pelvis: BoneFrame = {
    origin: [0, 0, 0],
    rotation: compose(upright, rotateX(trunk.lean * 0.6), rotateZ(-trunk.sideBend * 0.2)),
  };
  const chestRotation = compose(
    upright,
    rotateY(trunk.twist),
    rotateX(trunk.lean),
    rotateZ(-trunk.sideBend),
  );
  const waist = add(pelvis.origin, rotate(pelvis.rotation, [0, MEASURES.waistAboveHips, 0]));
  const chest: BoneFrame = { origin: waist, rotation: chestRotation };
  const neckAboveWaist = MEASURES.neckAboveHips - MEASURES.waistAboveHips;
  const headRotation = compose(upright, rotateY(trunk.headYaw), rotateX(trunk.headPitch));
  const neck = add(waist, rotate(chestRotation, [0, neckAboveWaist, 0]));
  const head: BoneFrame = {
    origin: add(neck, rotate(headRotation, [0, MEASURES.headAboveNeck, MEASURES.headBeforeNeck])),
    rotation: headRotation,
  };
  const armFrame = compose(upright, rotateY(trunk.twist));
  const skeleton: Skeleton = {
    pelvis,
    chest,
    head,
    ...poseArm('left', posture.leftArm, chest, armFrame),
    ...poseArm('right', posture.rightArm, chest, armFrame),
    ...poseLeg('left', posture.leftLeg, pelvis, upright),
    ...poseLeg('right', posture.rightLeg, pelvis, upright),
  };
  return moveSkeleton(skeleton, standOnFloor(skeleton, posture, stance, upright));
}

/** The 17 COCO keypoints in COCO's order, as joint centres in stage metres. */
export function keypointsOf(skeleton: Skeleton): readonly Vec3[] {
  // FACE lists its points in COCO's order.
  const face = Object.values(FACE).map((point) => pointOn(skeleton.head, point));
  return [
    ...face,
    skeleton.leftUpperArm.origin,
    skeleton.rightUpperArm.origin,
    skeleton.leftForearm.origin,
    skeleton.rightForearm.origin,
    skeleton.leftHand.origin,
    skeleton.rightHand.origin,
    skeleton.leftThigh.origin,
    skeleton.rightThigh.origin,
    skeleton.leftShin.origin,
    skeleton.rightShin.origin,
    skeleton.leftFoot.origin,
    skeleton.rightFoot.origin,
  ];
}

/** A point given in a bone's own frame, in stage metres. */
export function pointOn(bone: BoneFrame, local: Vec3): Vec3 {
  return add(bone.origin, rotate(bone.rotation, local));
}

type Side = 'left' | 'right';
type ArmBones<S extends Side> = Record<`${S}${'UpperArm' | 'Forearm' | 'Hand'}`, BoneFrame>;
type LegBones<S extends Side> = Record<`${S}${'Thigh' | 'Shin' | 'Foot'}`, BoneFrame>;

function poseArm<S extends Side>(
  side: S,
  angles: ArmAngles,
  chest: BoneFrame,
  bodyFrame: Mat3,
): ArmBones<S> {
  const sign = signOf(side);
  const upperRotation = compose(
    bodyFrame,
    rotateZ(sign * angles.abduction),
    rotateX(-angles.flexion),
    rotateY(sign * angles.outwardRotation),
  );
  const girdle = smoothstep(
    SHOULDER_GIRDLE_DEG.start,
    SHOULDER_GIRDLE_DEG.full,
    Math.max(angles.flexion, angles.abduction),
  );
  const shoulder = pointOn(chest, [
    sign * (MEASURES.shoulderHalfWidth - girdle * SHOULDER_GIRDLE_M.inwards),
    MEASURES.shoulderAboveHips - MEASURES.waistAboveHips + girdle * SHOULDER_GIRDLE_M.rise,
    0,
  ]);
  const forearmRotation = compose(upperRotation, rotateX(-angles.elbow));
  const upperArm = { origin: shoulder, rotation: upperRotation };
  const elbow = pointOn(upperArm, [0, -MEASURES.upperArm, 0]);
  const forearm = { origin: elbow, rotation: forearmRotation };
  const wrist = pointOn(forearm, [0, -MEASURES.forearm, 0]);
  return {
    [`${side}UpperArm`]: upperArm,
    [`${side}Forearm`]: forearm,
    [`${side}Hand`]: { origin: wrist, rotation: forearmRotation },
  } as ArmBones<S>;
}

function poseLeg<S extends Side>(
  side: S,
  angles: LegAngles,
  pelvis: BoneFrame,
  bodyFrame: Mat3,
): LegBones<S> {
  const sign = signOf(side);
  const thighRotation = compose(
    bodyFrame,
    rotateZ(sign * angles.abduction),
    rotateX(-angles.flexion),
    rotateY(sign * TOE_OUT_DEG * 0.5),
  );
  const thigh = {
    origin: pointOn(pelvis, [sign * MEASURES.hipHalfWidth, 0, 0]),
    rotation: thighRotation,
  };
  const shin = {
    origin: pointOn(thigh, [0, -MEASURES.thigh, 0]),
    rotation: compose(thighRotation, rotateX(angles.knee)),
  };
  const foot = {
    origin: pointOn(shin, [0, -MEASURES.shin, 0]),
    rotation: compose(bodyFrame, rotateY(sign * TOE_OUT_DEG), rotateX(angles.footPitch)),
  };
  return { [`${side}Thigh`]: thigh, [`${side}Shin`]: shin, [`${side}Foot`]: foot } as LegBones<S>;
}

/** The move that puts the lowest shoe on the floor and the body on its mark. */
function standOnFloor(skeleton: Skeleton, posture: Posture, stance: Stance, upright: Mat3): Vec3 {
  const feet = (['left', 'right'] as const).map((side) => {
    const foot = skeleton[`${side}Foot`];
    const heel = pointOn(foot, [0, -MEASURES.ankleHeight, -MEASURES.heelBehindAnkle]);
    const toe = pointOn(foot, [0, -MEASURES.ankleHeight, MEASURES.toeBeforeAnkle]);
    const mark = rotate(upright, [signOf(side) * MEASURES.hipHalfWidth, 0, 0]);
    return { ankle: foot.origin, mark, lowestM: Math.min(heel[1], toe[1]) };
  });
  const floorM = Math.min(...feet.map((foot) => foot.lowestM));
  let slip: Vec3 = [0, 0, 0];
  let weightSum = 0;
  for (const { ankle, mark, lowestM } of feet) {
    const weight = Math.exp((floorM - lowestM) / WEIGHT_SHIFT_M);
    slip = add(slip, scale(add(mark, scale(ankle, -1)), weight));
    weightSum += weight;
  }
  const give = scale(slip, posture.trunk.planted / weightSum);
  return [stance.xM + give[0], posture.trunk.liftM - floorM, stance.zM + give[2]];
}

function moveSkeleton(skeleton: Skeleton, by: Vec3): Skeleton {
  const moved = Object.entries(skeleton).map(([name, bone]) => [
    name,
    { origin: add(bone.origin, by), rotation: bone.rotation },
  ]);
  return Object.fromEntries(moved) as Skeleton;
}

/** The left side of the body lies on its own positive x axis. */
function signOf(side: Side): 1 | -1 {
  return side === 'left' ? 1 : -1;
}
