// What a movement may set: the joint angles of one instant, in degrees, and how two instants blend.
// Limbs are measured against the upright body's frame, not their parent, so that a hanging arm
// hangs.

/** One arm. All zero: it hangs at the side, palm inwards. */
export interface ArmAngles {
  /** Raised to the front. */
  readonly flexion: number;
  /** Raised to the side, away from the body. */
  readonly abduction: number;
  /** Upper arm turned about itself, so that the elbow's fold points outwards. */
  readonly outwardRotation: number;
  /** Bend of the elbow. */
  readonly elbow: number;
}

/** One leg. All zero: it stands straight. */
export interface LegAngles {
  /** Thigh raised to the front. */
  readonly flexion: number;
  /** Thigh moved to the side, away from the body. */
  readonly abduction: number;
  /** Bend of the knee. */
  readonly knee: number;
  /** Pitch of the foot against the floor: 0 is flat, positive has the toes down. */
  readonly footPitch: number;
}

/** Trunk and head, and how the body rests on the floor. */
export interface TrunkAngles {
  /** Pelvis and chest tipped forward. */
  readonly lean: number;
  /** Chest bent to the person's left. */
  readonly sideBend: number;
  /** Chest turned to the person's left. */
  readonly twist: number;
  /** Head turned to the person's left. */
  readonly headYaw: number;
  /** Head nodded forward. */
  readonly headPitch: number;
  /** Height of a jump: lowest point of the shoes above the floor, in metres. */
  readonly liftM: number;
  /** 1: the feet keep their marks and the hips give way (squat). 0: the hips keep theirs (walk). */
  readonly planted: number;
}

/** The whole body at one instant. */
export interface Posture {
  readonly trunk: TrunkAngles;
  readonly leftArm: ArmAngles;
  readonly rightArm: ArmAngles;
  readonly leftLeg: LegAngles;
  readonly rightLeg: LegAngles;
}

/** A relaxed arm. */
export const RELAXED_ARM: ArmAngles = { flexion: 4, abduction: 9, outwardRotation: -15, elbow: 14 };

/** A straight leg with the feet a little apart. */
export const STRAIGHT_LEG: LegAngles = { flexion: 2, abduction: 4, knee: 4, footPitch: 0 };

/** Upright, at ease. */
export const UPRIGHT_TRUNK: TrunkAngles = {
  lean: 2,
  sideBend: 0,
  twist: 0,
  headYaw: 0,
  headPitch: 0,
  liftM: 0,
  planted: 1,
};

/** Standing at ease. */
export const STANDING: Posture = {
  trunk: UPRIGHT_TRUNK,
  leftArm: RELAXED_ARM,
  rightArm: RELAXED_ARM,
  leftLeg: STRAIGHT_LEG,
  rightLeg: STRAIGHT_LEG,
};

/** The posture a share (0 to 1) of the way from one to the other, angle by angle. */
export function mixPostures(from: Posture, to: Posture, share: number): Posture {
  return {
    trunk: mixNumbers(from.trunk, to.trunk, share),
    leftArm: mixNumbers(from.leftArm, to.leftArm, share),
    rightArm: mixNumbers(from.rightArm, to.rightArm, share),
    leftLeg: mixNumbers(from.leftLeg, to.leftLeg, share),
    rightLeg: mixNumbers(from.rightLeg, to.rightLeg, share),
  };
}

function mixNumbers<T extends Readonly<Record<keyof T, number>>>(from: T, to: T, share: number): T {
  const mixed: Partial<Record<keyof T, number>> = {};
  for (const key of Object.keys(from) as (keyof T)[]) {
    mixed[key] = from[key] + (to[key] - from[key]) * share;
  }
  return mixed as T;
}
