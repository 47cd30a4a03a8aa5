// The actor's movements: each turns the seconds since its start into the joint angles of that
// instant. Where the actor stands, and when which movement plays, is in choreography.ts.
import { smoothstep, swell, swellOnce } from './easing.ts';
import {
  mixPostures,
  RELAXED_ARM,
  STANDING,
  STRAIGHT_LEG,
  UPRIGHT_TRUNK,
  type ArmAngles,
  type LegAngles,
  type Posture,
} from './posture.ts';

/** A movement: joint angles at a time in seconds since its start. It may be asked for any time. */
export type Movement = (seconds: number) => Posture;

const TURN_RAD = 2 * Math.PI;

/** Stands at ease, breathing and shifting its weight a little. */
export const stand: Movement = (seconds) => ({
  ...STANDING,
  trunk: {
    ...UPRIGHT_TRUNK,
    lean: 2 + Math.sin(seconds * 1.7),
    sideBend: 1.5 * Math.sin(seconds * 1.1),
    headYaw: 5 * Math.sin(seconds * 0.9),
    headPitch: 2 * Math.sin(seconds * 1.3),
  },
});

/** Raises the right hand and waves. */
export const wave: Movement = (seconds) => {
  const raised = smoothstep(0.2, 0.7, seconds) * (1 - smoothstep(1.75, 2.2, seconds));
  const sway = Math.sin(TURN_RAD * 2.2 * (seconds - 0.6));
  const waving: ArmAngles = {
    flexion: 10,
    abduction: 72,
    outwardRotation: 88,
    elbow: 82 + 24 * sway,
  };
  const posture = stand(seconds);
  const greeting: Posture = {
    ...posture,
    trunk: { ...posture.trunk, sideBend: 4, headYaw: -6, headPitch: 2 },
    rightArm: waving,
  };
  return mixPostures(posture, greeting, raised);
};

const MARCH_STEPS_PER_S = 2.1;

/** Walks on the spot: knees high, arms swinging against the legs. */
export const walkOnSpot: Movement = (seconds) => {
  const phase = TURN_RAD * (MARCH_STEPS_PER_S / 2) * seconds;
  const left = Math.sin(phase);
  return {
    trunk: {
      ...UPRIGHT_TRUNK,
      lean: 3,
      twist: -7 * left,
      sideBend: 2 * left,
      headPitch: 1,
      planted: 0.5,
    },
    leftArm: marchArm(-left),
    rightArm: marchArm(left),
    leftLeg: marchLeg(left),
    rightLeg: marchLeg(-left),
  };
};

function marchLeg(swing: number): LegAngles {
  const raised = Math.max(0, swing) ** 1.3;
  return { flexion: 2 + 52 * raised, abduction: 3, knee: 5 + 78 * raised, footPitch: 24 * raised };
}

function marchArm(swing: number): ArmAngles {
  return {
    flexion: 6 + 34 * swing,
    abduction: 10,
    outwardRotation: -12,
    elbow: 55 + 28 * swing,
  };
}

/** Raises both arms sideways over the head, then one after the other to the front. */
export const raiseArms: Movement = (seconds) => {
  const posture = stand(seconds);
  const sideways = swellOnce(seconds, 0.05, 1.4);
  const rightFront = swellOnce(seconds, 1.3, 1);
  const leftFront = swellOnce(seconds, 1.6, 1);
  return {
    ...posture,
    trunk: { ...posture.trunk, headPitch: -8 * sideways, lean: 2 - 2 * sideways },
    leftArm: raisedArm(sideways, leftFront),
    rightArm: raisedArm(sideways, rightFront),
  };
};

function raisedArm(sideways: number, front: number): ArmAngles {
  return {
    flexion: RELAXED_ARM.flexion + 142 * front,
    abduction: RELAXED_ARM.abduction + 156 * sideways - 4 * front,
    outwardRotation: RELAXED_ARM.outwardRotation * (1 - sideways),
    elbow: RELAXED_ARM.elbow - 6 * Math.max(sideways, front),
  };
}

const SQUAT_S = 1.4;

/** Squats, arms reaching forward for balance. */
export const squat: Movement = (seconds) => {
  const depth = swell(Math.max(0, seconds - 0.1) / SQUAT_S);
  const arm: ArmAngles = {
    flexion: 4 + 78 * depth,
    abduction: 9 + 8 * depth,
    outwardRotation: -15 + 5 * depth,
    elbow: 14 + 8 * depth,
  };
  const leg: LegAngles = {
    flexion: 2 + 80 * depth,
    abduction: 5 + 13 * depth,
    knee: 4 + 102 * depth,
    footPitch: 0,
  };
  return {
    trunk: { ...UPRIGHT_TRUNK, lean: 2 + 34 * depth, headPitch: 4 * depth },
    leftArm: arm,
    rightArm: arm,
    leftLeg: leg,
    rightLeg: leg,
  };
};

/** Bends down to touch the toes, then to the right with the left arm over the head. */
export const bend: Movement = (seconds) => {
  const posture = stand(seconds);
  const down = swellOnce(seconds, 0.05, 1.45);
  const aside = swellOnce(seconds, 1.35, 1.35);
  const hanging: ArmAngles = { flexion: 8, abduction: 4, outwardRotation: -10, elbow: 8 };
  const folded: Posture = {
    trunk: { ...UPRIGHT_TRUNK, lean: 98, headPitch: 74 },
    leftArm: hanging,
    rightArm: hanging,
    leftLeg: { ...STRAIGHT_LEG, flexion: 16, knee: 14 },
    rightLeg: { ...STRAIGHT_LEG, flexion: 16, knee: 14 },
  };
  const curved: Posture = {
    trunk: { ...UPRIGHT_TRUNK, sideBend: -27, headYaw: -4 },
    leftArm: { flexion: 8, abduction: 168, outwardRotation: 0, elbow: 26 },
    rightArm: { flexion: 12, abduction: 34, outwardRotation: -60, elbow: 78 },
    leftLeg: { ...STRAIGHT_LEG, abduction: 9 },
    rightLeg: { ...STRAIGHT_LEG, abduction: 9 },
  };
  return mixPostures(mixPostures(posture, folded, down), curved, aside);
};

const TURN_STEPS_PER_S = 2.4;

/** Small steps for turning around on the spot, looking ahead. */
export const stepAround: Movement = (seconds) => {
  const phase = TURN_RAD * (TURN_STEPS_PER_S / 2) * seconds;
  const left = Math.sin(phase);
  const step = (swing: number): LegAngles => {
    const raised = Math.max(0, swing) ** 1.5;
    return {
      flexion: 2 + 20 * raised,
      abduction: 4,
      knee: 5 + 38 * raised,
      footPitch: 16 * raised,
    };
  };
  const arm = (swing: number): ArmAngles => ({
    ...RELAXED_ARM,
    flexion: 5 + 16 * swing,
    elbow: 24 + 10 * swing,
  });
  return {
    trunk: { ...UPRIGHT_TRUNK, lean: 3, twist: -3 * left, planted: 0.3 },
    leftArm: arm(-left),
    rightArm: arm(left),
    leftLeg: step(left),
    rightLeg: step(-left),
  };
};

const WALK_STRIDES_PER_S = 1.2;

/** Walks. The choreography moves the body; one stride (two steps) covers about 1.5 m. */
export const walk: Movement = (seconds) => {
  const phase = TURN_RAD * WALK_STRIDES_PER_S * seconds;
  const left = Math.sin(phase);
  return {
    trunk: { ...UPRIGHT_TRUNK, lean: 5, twist: -8 * left, headPitch: 2, planted: 0 },
    leftArm: walkArm(-left),
    rightArm: walkArm(left),
    leftLeg: walkLeg(phase),
    rightLeg: walkLeg(phase + Math.PI),
  };
};

function walkLeg(phase: number): LegAngles {
  const forward = Math.sin(phase);
  const swinging = Math.max(0, Math.cos(phase));
  const pushingOff = Math.max(0, Math.cos(phase + 0.4 * Math.PI)) ** 3;
  const heelStrike = Math.max(0, Math.cos(phase - 0.52 * Math.PI)) ** 4;
  return {
    flexion: 5 + 26 * forward + 8 * swinging,
    abduction: 1,
    knee: 6 + 54 * swinging ** 1.4 + 12 * pushingOff,
    footPitch: 34 * pushingOff + 14 * swinging - 18 * heelStrike,
  };
}

function walkArm(swing: number): ArmAngles {
  return { flexion: 3 + 26 * swing, abduction: 7, outwardRotation: -10, elbow: 26 + 14 * swing };
}

/** Reaches up and across with one hand after the other, as if sorting things on a shelf. */
export const reach: Movement = (seconds) => {
  const posture = stand(seconds);
  const right = swellOnce(seconds, 0.1, 1.3);
  const left = swellOnce(seconds, 0.9, 1.3);
  const reachingArm = (share: number): ArmAngles => ({
    flexion: RELAXED_ARM.flexion + 118 * share,
    abduction: RELAXED_ARM.abduction - 22 * share,
    outwardRotation: RELAXED_ARM.outwardRotation - 10 * share,
    elbow: RELAXED_ARM.elbow + 42 * swell(share),
  });
  return {
    ...posture,
    trunk: { ...posture.trunk, twist: 14 * right - 14 * left, headYaw: 12 * right - 12 * left },
    leftArm: reachingArm(left),
    rightArm: reachingArm(right),
  };
};

const JACK_S = 0.9;

/** Jumping jacks: the fastest movement of the clip. */
export const jumpingJacks: Movement = (seconds) => {
  const open = swell(seconds / JACK_S);
  const airborne = Math.abs(Math.sin((TURN_RAD * seconds) / JACK_S)) ** 1.5;
  const landing = (1 - airborne) * smoothstep(0, 0.3, seconds);
  const arm: ArmAngles = {
    flexion: 6,
    abduction: 10 + 148 * open,
    outwardRotation: -15 + 15 * open,
    elbow: 14 + 14 * swell(open),
  };
  const leg: LegAngles = {
    flexion: 2 + 12 * landing,
    abduction: 3 + 19 * open,
    knee: 4 + 22 * landing,
    footPitch: 26 * airborne,
  };
  return {
    trunk: { ...UPRIGHT_TRUNK, lean: 2 + 3 * landing, liftM: 0.09 * airborne },
    leftArm: arm,
    rightArm: arm,
    leftLeg: leg,
    rightLeg: leg,
  };
};

/** Punches forward and across, left and right in turn; the arms hide the trunk and each other. */
export const box: Movement = (seconds) => {
  const left = Math.max(0, Math.sin(TURN_RAD * 1.1 * seconds)) ** 1.5;
  const right = Math.max(0, -Math.sin(TURN_RAD * 1.1 * seconds)) ** 1.5;
  const guard: LegAngles = { ...STRAIGHT_LEG, flexion: 14, abduction: 9, knee: 26 };
  const arm = (punch: number): ArmAngles => ({
    flexion: 38 + 46 * punch,
    abduction: 8 - 16 * punch,
    outwardRotation: -22 + 10 * punch,
    elbow: 112 - 96 * punch,
  });
  return {
    trunk: { ...UPRIGHT_TRUNK, lean: 8, twist: 24 * (right - left), headPitch: 3 },
    leftArm: arm(left),
    rightArm: arm(right),
    leftLeg: guard,
    rightLeg: guard,
  };
};
