// Paints a frame and the skeletons found in it on a canvas of the frame's size.
import type { Pose } from '../../pose/pose.ts';
import { skeletons } from '../../pose/skeletons.ts';

/** Joints and bones that the model is less sure of are not drawn. */
const MIN_SCORE_SHOWN = 0.5;
/** Line width as a fraction of the frame's shorter side, so that it reads at every resolution. */
const BONE_WIDTH = 0.008;
const JOINT_RADIUS = 0.009;
const BONE_COLOUR = '#56b4e9';
const JOINT_COLOUR = '#ffffff';
const OUTLINE_COLOUR = 'rgb(0 0 0 / 0.55)';

/** Paints the frame and its poses; poses are in the frame's pixels. Does not close the frame. */
export function drawPreview(
  canvas: HTMLCanvasElement,
  frame: VideoFrame,
  poses: readonly Pose[],
): void {
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) return;
  if (canvas.width !== frame.displayWidth) canvas.width = frame.displayWidth;
  if (canvas.height !== frame.displayHeight) canvas.height = frame.displayHeight;
  context.drawImage(frame, 0, 0, canvas.width, canvas.height);
  for (const pose of poses) drawPose(context, pose);
}

function drawPose(context: CanvasRenderingContext2D, pose: Pose): void {
  const shorterSide = Math.min(context.canvas.width, context.canvas.height);
  const boneWidth = Math.max(2, shorterSide * BONE_WIDTH);
  const bones = new Path2D();
  for (const [from, to] of skeletons[pose.skeleton].bones) {
    const a = pose.keypoints[from];
    const b = pose.keypoints[to];
    if (!a || !b || a.score < MIN_SCORE_SHOWN || b.score < MIN_SCORE_SHOWN) continue;
    bones.moveTo(a.x, a.y);
    bones.lineTo(b.x, b.y);
  }
  const joints = new Path2D();
  const radius = Math.max(2, shorterSide * JOINT_RADIUS);
  for (const { x, y, score } of pose.keypoints) {
    if (score < MIN_SCORE_SHOWN) continue;
    joints.moveTo(x + radius, y);
    joints.arc(x, y, radius, 0, 2 * Math.PI);
  }
  context.lineCap = 'round';
  context.strokeStyle = OUTLINE_COLOUR;
  context.lineWidth = boneWidth * 2;
  context.stroke(bones);
  context.strokeStyle = BONE_COLOUR;
  context.lineWidth = boneWidth;
  context.stroke(bones);
  context.lineWidth = boneWidth / 2;
  context.fillStyle = JOINT_COLOUR;
  context.fill(joints);
  context.stroke(joints);
}
