// The score of the clip: which movement plays when, in which light, before which background, on
// which mark. How a movement looks is in movements.ts.
import { smoothstep } from './easing.ts';
import * as movements from './movements.ts';
import { mixPostures, type Posture } from './posture.ts';
import type { Stance } from './skeleton.ts';

/** Frame rate of the clip, constant. */
export const FRAMES_PER_SECOND = 30;
/** Number of frames of the clip: 24 s. */
export const FRAME_COUNT = 720;

/** How bright the scene is. */
export type Light = 'bright' | 'dim';
/**
 * What stands behind the actor: a bare studio wall, or a furnished room with a sideboard in front.
 */
export type Background = 'plain' | 'busy';

/**
 * A stretch of the clip with one movement, one light and one background. Frames are counted from 0.
 */
export interface Segment {
  readonly name: string;
  readonly firstFrame: number;
  /** Inclusive. */
  readonly lastFrame: number;
  readonly movement: movements.Movement;
  readonly light: Light;
  readonly background: Background;
  /** True where no pixel of the actor is in the picture. */
  readonly outOfFrame: boolean;
}

type Row = readonly [
  lastFrame: number,
  name: string,
  movement: movements.Movement,
  light: Light,
  background: Background,
];

const OUT_OF_FRAME = 'out-of-frame';

const TABLE: readonly Row[] = [
  [54, 'wave', movements.wave, 'bright', 'plain'],
  [119, 'walk-on-spot', movements.walkOnSpot, 'bright', 'plain'],
  [199, 'arm-raises', movements.raiseArms, 'bright', 'plain'],
  [289, 'squats', movements.squat, 'bright', 'busy'],
  [369, 'turn', movements.stepAround, 'bright', 'busy'],
  [455, 'bends', movements.bend, 'bright', 'busy'],
  [479, 'walk-out', movements.walk, 'bright', 'busy'],
  [509, OUT_OF_FRAME, movements.walk, 'dim', 'busy'],
  [547, 'walk-in', movements.walk, 'dim', 'busy'],
  [629, 'reach-behind-sideboard', movements.reach, 'dim', 'busy'],
  [674, 'boxing', movements.box, 'dim', 'plain'],
  [719, 'jumping-jacks', movements.jumpingJacks, 'dim', 'plain'],
];

/** The segments in order; together they cover every frame once. */
export const SEGMENTS: readonly Segment[] = TABLE.map(
  ([lastFrame, name, movement, light, background], index) => ({
    name,
    firstFrame: (TABLE[index - 1]?.[0] ?? -1) + 1,
    lastFrame,
    movement,
    light,
    background,
    outOfFrame: name === OUT_OF_FRAME,
  }),
);

/**
 * A mark on the stage: where the actor is at a frame. `pace` says how it moves on to the next mark.
 */
interface Mark extends Stance {
  readonly frame: number;
  readonly pace: 'eased' | 'accelerating' | 'steady' | 'slowing' | 'cut';
}

/** So far aside that the actor is wholly out of the picture. */
const OFF_STAGE_M = 3;

// A cut happens between two frames. Steady walking covers 0.06 m a frame (1.8 m/s), and stretches
// that speed up or slow down half of that.
const MARKS: readonly Mark[] = [
  { frame: 0, xM: 0, zM: -0.6, yawDeg: 0, pace: 'steady' },
  { frame: 55, xM: 0, zM: -0.6, yawDeg: 0, pace: 'eased' },
  { frame: 79, xM: 0, zM: -0.6, yawDeg: 50, pace: 'steady' },
  { frame: 96, xM: 0, zM: -0.6, yawDeg: 50, pace: 'eased' },
  { frame: 120, xM: 0, zM: -0.6, yawDeg: 0, pace: 'steady' },
  { frame: 199, xM: 0, zM: -0.6, yawDeg: 0, pace: 'cut' },
  { frame: 199.5, xM: 0.36, zM: -0.2, yawDeg: -40, pace: 'steady' },
  { frame: 290, xM: 0.36, zM: -0.2, yawDeg: -40, pace: 'eased' },
  { frame: 321, xM: 0.34, zM: -0.2, yawDeg: -90, pace: 'eased' },
  { frame: 339, xM: 0.34, zM: -0.2, yawDeg: -90, pace: 'eased' },
  { frame: 372, xM: 0.27, zM: -0.2, yawDeg: -32, pace: 'eased' },
  { frame: 425, xM: 0.27, zM: -0.2, yawDeg: -32, pace: 'eased' },
  { frame: 455, xM: 0.27, zM: -0.2, yawDeg: -12, pace: 'accelerating' },
  { frame: 469, xM: 0.69, zM: -0.2, yawDeg: 90, pace: 'steady' },
  { frame: 479.25, xM: 1.305, zM: -0.2, yawDeg: 90, pace: 'cut' },
  { frame: 479.5, xM: OFF_STAGE_M, zM: -0.2, yawDeg: 90, pace: 'cut' },
  { frame: 509.5, xM: 1.23, zM: -0.2, yawDeg: -90, pace: 'steady' },
  { frame: 532, xM: -0.12, zM: -0.2, yawDeg: -90, pace: 'slowing' },
  { frame: 544, xM: -0.48, zM: -0.2, yawDeg: -62, pace: 'eased' },
  { frame: 560, xM: -0.48, zM: -0.2, yawDeg: 6, pace: 'steady' },
  { frame: 629, xM: -0.48, zM: -0.2, yawDeg: 6, pace: 'cut' },
  { frame: 629.5, xM: 0, zM: -2.4, yawDeg: 22, pace: 'eased' },
  { frame: 674, xM: 0, zM: -2.4, yawDeg: -10, pace: 'eased' },
  { frame: 690, xM: 0, zM: -2.4, yawDeg: 0, pace: 'steady' },
];

/** Frames over which one movement blends into the next. */
const BLEND_FRAMES = 10;

/**
 * The segment that a frame belongs to; an instant between two frames belongs to the nearer one's.
 */
export function segmentAt(frame: number): Segment {
  const segment = SEGMENTS.find(({ lastFrame }) => Math.round(frame) <= lastFrame);
  if (segment === undefined) throw new RangeError(`The clip has no frame ${frame}.`);
  return segment;
}

/**
 * Joint angles at a frame, or at an instant between frames. The start of a segment blends over from
 * the movement before.
 */
export function postureAt(frame: number): Posture {
  const segment = segmentAt(frame);
  const posture = segment.movement(secondsInto(segment, frame));
  const previous = SEGMENTS[SEGMENTS.indexOf(segment) - 1];
  if (previous === undefined || previous.movement === segment.movement) return posture;
  const share = smoothstep(-1, BLEND_FRAMES, frame - segment.firstFrame);
  return mixPostures(previous.movement(secondsInto(previous, frame)), posture, share);
}

/** Where the actor stands at a frame, or at an instant between frames. */
export function stanceAt(frame: number): Stance {
  const index = Math.max(
    0,
    MARKS.findLastIndex((mark) => mark.frame <= frame),
  );
  const from = MARKS[index];
  const to = MARKS[index + 1] ?? from;
  if (from === undefined || to === undefined) throw new Error('The stage has no marks.');
  const share = to.frame === from.frame ? 0 : (frame - from.frame) / (to.frame - from.frame);
  const wayShare = atPace(from.pace, share);
  // However it walks, the actor turns softly.
  const turnShare = atPace(from.pace === 'cut' ? 'cut' : 'eased', share);
  return {
    xM: from.xM + (to.xM - from.xM) * wayShare,
    zM: from.zM + (to.zM - from.zM) * wayShare,
    yawDeg: from.yawDeg + (to.yawDeg - from.yawDeg) * turnShare,
  };
}

/** Share of the way that is covered at a share of the time. */
function atPace(pace: Mark['pace'], share: number): number {
  switch (pace) {
    case 'eased':
      return smoothstep(0, 1, share);
    case 'accelerating':
      return share * share;
    case 'steady':
      return share;
    case 'slowing':
      return share * (2 - share);
    case 'cut':
      return 0;
  }
}

function secondsInto(segment: Segment, frame: number): number {
  return (frame - segment.firstFrame) / FRAMES_PER_SECOND;
}
