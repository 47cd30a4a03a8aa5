// The committed ground truth of the built-in clip: complete, well formed, and what the choreography
// says. How well models agree with it is measured by tools/actor/score-actor.ts, not here.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COCO_KEYPOINTS, type ActorGroundTruth } from '../../../tools/actor/coco.ts';
import { describeClip, serialiseGroundTruth } from '../../../tools/actor/ground-truth.ts';

const FRAME_COUNT = 720;
const WIDTH_PX = 480;
const HEIGHT_PX = 640;
/** One second at 30 frames a second. */
const OUT_OF_FRAME_FRAMES = 30;
const MAX_CLIP_BYTES = 1.5e6;
const MAX_TRUTH_BYTES = 400e3;
/** Rasterising 720 frames takes about 5 s on two cores; a slow machine gets ten times that. */
const REBUILD_TIMEOUT_MS = 50_000;

const clips = new URL('../../../static/clips/', import.meta.url);
const clipBytes = readFileSync(new URL('actor.mp4', clips));
const truthText = readFileSync(new URL('actor.gt.json', clips), 'utf8');
const truth = JSON.parse(truthText) as ActorGroundTruth;

interface Joint {
  readonly x: number;
  readonly y: number;
  readonly v: number;
}

const jointsByFrame = new Map(
  truth.annotations.map((annotation) => [annotation.image_id - 1, jointsOf(annotation.keypoints)]),
);

describe('the clip', () => {
  it('is the one the ground truth was made for', () => {
    const sha256 = createHash('sha256').update(clipBytes).digest('hex');
    expect(truth.info.clip).toEqual({ bytes: clipBytes.length, sha256 });
  });

  it('and its ground truth are small enough to be served with the app', () => {
    expect(clipBytes.length).toBeLessThan(MAX_CLIP_BYTES);
    expect(truthText.length).toBeLessThan(MAX_TRUTH_BYTES);
  });
});

describe('the file', () => {
  it('is exactly what the choreography gives', { timeout: REBUILD_TIMEOUT_MS }, () => {
    const rebuilt = serialiseGroundTruth(describeClip(truth.info.clip));
    // Compared as a flag: a difference of 300 kB of text is no help to the reader.
    expect(rebuilt === truthText, 'run `npm run actor` and commit both files').toBe(true);
  });

  it('lists every frame once, in order', () => {
    expect(truth.images.map(({ frame_index }) => frame_index)).toEqual(
      Array.from({ length: FRAME_COUNT }, (_, index) => index),
    );
    for (const image of truth.images) {
      expect(image).toEqual({
        id: image.frame_index + 1,
        file_name: 'actor.mp4',
        frame_index: image.frame_index,
        width: WIDTH_PX,
        height: HEIGHT_PX,
      });
    }
  });

  it('names the one category as COCO does', () => {
    expect(truth.categories).toHaveLength(1);
    expect(truth.categories[0]).toMatchObject({ id: 1, name: 'person', keypoints: COCO_KEYPOINTS });
    for (const bone of truth.categories[0]?.skeleton ?? []) {
      for (const end of bone) expect(COCO_KEYPOINTS[end - 1]).toBeDefined();
    }
  });

  it('covers the clip with segments that follow one another', () => {
    let next = 0;
    for (const { firstFrame, lastFrame } of truth.info.segments) {
      expect(firstFrame).toBe(next);
      expect(lastFrame).toBeGreaterThanOrEqual(firstFrame);
      next = lastFrame + 1;
    }
    expect(next).toBe(FRAME_COUNT);
  });

  it('has both lights on both backgrounds', () => {
    const seen = new Set(
      truth.info.segments
        .filter(({ outOfFrame }) => !outOfFrame)
        .map(({ light, background }) => `${light} ${background}`),
    );
    expect([...seen].sort()).toEqual(['bright busy', 'bright plain', 'dim busy', 'dim plain']);
  });
});

describe('the person', () => {
  it('is out of the frame for exactly one second and annotated in every other frame', () => {
    const away = truth.info.segments.filter(({ outOfFrame }) => outOfFrame);
    expect(away).toHaveLength(1);
    const expected = [];
    for (let frame = away[0]!.firstFrame; frame <= away[0]!.lastFrame; frame++)
      expected.push(frame);
    expect(expected).toHaveLength(OUT_OF_FRAME_FRAMES);
    const unannotated = truth.images
      .map(({ frame_index }) => frame_index)
      .filter((frame) => !jointsByFrame.has(frame));
    expect(unannotated).toEqual(expected);
    expect(truth.annotations).toHaveLength(FRAME_COUNT - OUT_OF_FRAME_FRAMES);
  });

  it('has well-formed annotations with boxes inside the picture', () => {
    for (const [index, annotation] of truth.annotations.entries()) {
      const { bbox, keypoints, num_keypoints } = annotation;
      expect(annotation).toMatchObject({ id: index + 1, category_id: 1, iscrowd: 0 });
      expect(keypoints).toHaveLength(3 * COCO_KEYPOINTS.length);
      expect(num_keypoints).toBe(jointsOf(keypoints).filter(({ v }) => v > 0).length);
      const [x, y, width, height] = bbox;
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(Math.min(width, height)).toBeGreaterThan(0);
      expect(x + width).toBeLessThanOrEqual(WIDTH_PX);
      expect(y + height).toBeLessThanOrEqual(HEIGHT_PX);
    }
  });

  it('has labelled keypoints inside the picture and zeros for the others', () => {
    for (const joints of jointsByFrame.values()) {
      for (const { x, y, v } of joints) {
        expect([0, 1, 2]).toContain(v);
        if (v === 0) expect([x, y]).toEqual([0, 0]);
        else expect(x >= 0 && x < WIDTH_PX && y >= 0 && y < HEIGHT_PX).toBe(true);
      }
    }
  });

  it('has a head box around the face, as high as the person where nothing is above the head', () => {
    const FACE_JOINTS = 5;
    // The edges of both boxes are at most a pixel apart: one counts pixels, one gives exact places.
    const PIXEL_PX = 1;
    for (const { keypoints, bbox_head } of truth.annotations) {
      const [x, y, width, height] = bbox_head;
      for (const joint of jointsOf(keypoints).slice(0, FACE_JOINTS)) {
        if (joint.v === 0) continue;
        expect(joint.x >= x && joint.x <= x + width).toBe(true);
        expect(joint.y >= y && joint.y <= y + height).toBe(true);
      }
    }
    const [first] = truth.annotations;
    const bottomPx = first!.bbox_head[1] + first!.bbox_head[3];
    expect(Math.abs(first!.bbox_head[1] - first!.bbox[1])).toBeLessThanOrEqual(PIXEL_PX);
    expect(bottomPx).toBeLessThan(jointNamed(0)('left_shoulder').y);
  });

  it('has a head of one size, wherever the rest of the body is', () => {
    // About 0.3 m from the front and 0.36 m from the side, at 170 px per metre on the far mark of the stage
    // and 250 on the near one.
    for (const { bbox_head } of truth.annotations) {
      const diagonalPx = Math.hypot(bbox_head[2], bbox_head[3]);
      expect(diagonalPx).toBeGreaterThan(50);
      expect(diagonalPx).toBeLessThan(95);
    }
  });

  it('is a person of one size, whose outline fits its keypoints', () => {
    // A grown person covers between a tenth and a third of the square of its own height; raised
    // arms and squats widen the range.
    for (const { area } of truth.annotations) {
      expect(area).toBeGreaterThan(8_000);
      expect(area).toBeLessThan(50_000);
    }
  });

  it('shows its left hand on the right of the picture when it faces the camera', () => {
    const facing = jointNamed(0);
    for (const part of ['eye', 'ear', 'shoulder', 'elbow', 'wrist', 'hip', 'knee', 'ankle']) {
      expect(facing(`left_${part}`).x).toBeGreaterThan(facing(`right_${part}`).x);
    }
  });
});

describe('the bones', () => {
  /** Longest plausible image of a bone as a share of the standing height of the figure. */
  const LONGEST_BONE_SHARES = [
    ['shoulder', 'elbow', 0.2],
    ['elbow', 'wrist', 0.18],
    ['hip', 'knee', 0.28],
    ['knee', 'ankle', 0.27],
  ] as const;
  /**
   * Height from ankle to eye as a share of the body height of 1.75 m that the shares above refer
   * to.
   */
  const TALLEST_FIGURE_PX = 480;

  it.each(LONGEST_BONE_SHARES)('%s to %s is never longer than life', (from, to, share) => {
    for (const joints of jointsByFrame.values()) {
      for (const side of ['left', 'right']) {
        const [a, b] = [find(joints, `${side}_${from}`), find(joints, `${side}_${to}`)];
        if (a.v === 0 || b.v === 0) continue;
        expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeLessThan(share * TALLEST_FIGURE_PX);
      }
    }
  });

  it('are alike on both sides where the person stands facing the camera', () => {
    const joint = jointNamed(0);
    for (const [from, to] of LONGEST_BONE_SHARES) {
      const [left, right] = (['left', 'right'] as const).map((side) => {
        const [a, b] = [joint(`${side}_${from}`), joint(`${side}_${to}`)];
        return Math.hypot(a.x - b.x, a.y - b.y);
      });
      expect(left).toBeCloseTo(right!, 0);
    }
  });

  it('move smoothly: only a cut may carry a joint far between two frames', () => {
    /** The fastest joint is the foot of the walking person, at about 6 m/s. */
    const FASTEST_PX_PER_FRAME = 60;
    const starts = new Set(truth.info.segments.map(({ firstFrame }) => firstFrame));
    for (const [frame, joints] of jointsByFrame) {
      const before = jointsByFrame.get(frame - 1);
      if (before === undefined || starts.has(frame)) continue;
      for (const [index, joint] of joints.entries()) {
        const last = before[index]!;
        if (joint.v === 0 || last.v === 0) continue;
        expect(Math.hypot(joint.x - last.x, joint.y - last.y)).toBeLessThan(FASTEST_PX_PER_FRAME);
      }
    }
  });
});

function jointsOf(keypoints: readonly number[]): Joint[] {
  return COCO_KEYPOINTS.map((_, index) => {
    const [x, y, v] = keypoints.slice(index * 3, index * 3 + 3) as [number, number, number];
    return { x, y, v };
  });
}

function find(joints: readonly Joint[], name: string): Joint {
  return joints[COCO_KEYPOINTS.findIndex((keypoint) => keypoint === name)]!;
}

function jointNamed(frame: number): (name: string) => Joint {
  const joints = jointsByFrame.get(frame) ?? [];
  return (name) => find(joints, name);
}
