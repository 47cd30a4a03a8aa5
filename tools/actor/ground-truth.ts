// From the choreography to COCO annotations: pure geometry, no picture is drawn or read.
import { buildBody, buildHead } from './body.ts';
import { IMAGE_HEIGHT_PX, IMAGE_WIDTH_PX, project } from './camera.ts';
import { FRAME_COUNT, FRAMES_PER_SECOND, SEGMENTS } from './choreography.ts';
import {
  COCO_KEYPOINTS,
  COCO_SKELETON,
  type ActorGroundTruth,
  type ActorInfo,
  type CocoAnnotation,
  type CocoBox,
  type CocoVisibility,
} from './coco.ts';
import { dress, type Surface } from './mesh.ts';
import { clearRaster, createRaster, drawSurface, type Raster } from './rasteriser.ts';
import { keypointsOf } from './skeleton.ts';
import { furnitureAt, skeletonAt } from './stage.ts';
import type { Vec3 } from './vector.ts';

/** Room beside the picture in which the outline of an actor leaving it is still counted. */
const MARGIN_PX = IMAGE_WIDTH_PX;

/**
 * A keypoint is hidden when something lies further before it than this, in metres: about the
 * thickness of the flesh and cloth around the joint.
 */
const COVER_M = {
  nose: 0.02,
  eye: 0.02,
  ear: 0.03,
  shoulder: 0.11,
  elbow: 0.06,
  wrist: 0.05,
  hip: 0.15,
  knee: 0.085,
  ankle: 0.08,
} as const;

const CLIP_NAME = 'actor.mp4';

/** The whole ground truth of the clip whose file has the given digest. */
export function describeClip(clip: ActorInfo['clip']): ActorGroundTruth {
  return {
    info: {
      description:
        'Kinemark actor: a rendered person whose joints are known exactly. Keypoints are the joint ' +
        'centres projected into the picture. area is the whole outline of the figure in square ' +
        'pixels, including what furniture hides or the edge of the picture cuts off, so that the ' +
        'scale of OKS is the size of the person. bbox bounds the part of the outline inside the ' +
        'picture, hidden or not. bbox_head bounds skull, face, hair and ears without the neck, ' +
        'including what is hidden or outside the picture, so that it too is a scale. v is 0 ' +
        'outside the picture, 1 hidden, 2 visible.',
      version: '1',
      frames_per_second: FRAMES_PER_SECOND,
      segments: SEGMENTS.map(({ name, firstFrame, lastFrame, light, background, outOfFrame }) => {
        return { name, firstFrame, lastFrame, light, background, outOfFrame };
      }),
      clip,
    },
    licenses: [{ id: 1, name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' }],
    images: Array.from({ length: FRAME_COUNT }, (_, frame) => ({
      id: frame + 1,
      file_name: CLIP_NAME,
      frame_index: frame,
      width: IMAGE_WIDTH_PX,
      height: IMAGE_HEIGHT_PX,
    })),
    categories: [
      {
        id: 1,
        name: 'person',
        supercategory: 'person',
        keypoints: COCO_KEYPOINTS,
        skeleton: COCO_SKELETON,
      },
    ],
    annotations: annotateFrames(),
  };
}

/** The person in every frame that shows at least one pixel of it. */
export function annotateFrames(): CocoAnnotation[] {
  const body = buildBody();
  const head = buildHead();
  const raster = createRaster(IMAGE_WIDTH_PX, IMAGE_HEIGHT_PX, 1, MARGIN_PX);
  const annotations: CocoAnnotation[] = [];
  for (let frame = 0; frame < FRAME_COUNT; frame++) {
    const skeleton = skeletonAt(frame);
    clearRaster(raster);
    drawSurface(raster, dress(body, skeleton), inTheDark);
    const outline = measureOutline(raster);
    if (outline === null) continue;
    for (const surface of furnitureAt(frame)) drawSurface(raster, surface, inTheDark);
    const keypoints = keypointsOf(skeleton).flatMap((joint, index) =>
      annotateKeypoint(raster, joint, coverAt(index)),
    );
    annotations.push({
      id: annotations.length + 1,
      image_id: frame + 1,
      category_id: 1,
      keypoints,
      num_keypoints: keypoints.filter((value, index) => index % 3 === 2 && value > 0).length,
      ...outline,
      bbox_head: boundsOf(dress(head, skeleton)),
      iscrowd: 0,
    });
  }
  return annotations;
}

/**
 * Writes the file: one line per image and annotation, so that a change shows as a change of lines.
 */
export function serialiseGroundTruth(truth: ActorGroundTruth): string {
  const lines = (items: readonly unknown[]): string =>
    `[\n${items.map((item) => JSON.stringify(item)).join(',\n')}\n]`;
  return (
    `{\n"info":${JSON.stringify(truth.info)},\n` +
    `"licenses":${JSON.stringify(truth.licenses)},\n` +
    `"images":${lines(truth.images)},\n` +
    `"categories":${JSON.stringify(truth.categories)},\n` +
    `"annotations":${lines(truth.annotations)}\n}\n`
  );
}

/**
 * Area of the whole outline and the box of its part in the picture; null where no pixel of it is
 * inside.
 */
function measureOutline(raster: Raster): Pick<CocoAnnotation, 'bbox' | 'area'> | null {
  let area = 0;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let y = 0; y < raster.height; y++) {
    for (let x = 0; x < raster.width; x++) {
      if (raster.nearness[y * raster.width + x] === 0) continue;
      area++;
      const imageX = x - raster.marginPx;
      if (imageX < 0 || imageX >= IMAGE_WIDTH_PX) continue;
      left = Math.min(left, imageX);
      right = Math.max(right, imageX);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  if (right < left) return null;
  return { bbox: [left, top, right - left + 1, bottom - top + 1], area };
}

/** The box of a whole surface as it would appear in a picture without edges and furniture. */
function boundsOf({ positions }: Surface): CocoBox {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < positions.length; at += 3) {
    const { xPx, yPx } = project([positions[at]!, positions[at + 1]!, positions[at + 2]!]);
    left = Math.min(left, xPx);
    right = Math.max(right, xPx);
    top = Math.min(top, yPx);
    bottom = Math.max(bottom, yPx);
  }
  return [toTenth(left), toTenth(top), toTenth(right - left), toTenth(bottom - top)];
}

function annotateKeypoint(
  raster: Raster,
  joint: Vec3,
  coverM: number,
): readonly [number, number, CocoVisibility] {
  const image = project(joint);
  const [x, y] = [toTenth(image.xPx), toTenth(image.yPx)];
  if (x < 0 || x >= IMAGE_WIDTH_PX || y < 0 || y >= IMAGE_HEIGHT_PX) return [0, 0, 0];
  const pixel = Math.floor(y) * raster.width + Math.floor(x) + raster.marginPx;
  const surfaceDepthM = 1 / (raster.nearness[pixel] ?? 0);
  return [x, y, surfaceDepthM < image.depthM - coverM ? 1 : 2];
}

function coverAt(keypoint: number): number {
  const part = COCO_KEYPOINTS[keypoint]?.split('_').at(-1);
  return COVER_M[part as keyof typeof COVER_M];
}

function toTenth(px: number): number {
  return Math.round(px * 10) / 10;
}

function inTheDark(): readonly [number, number, number] {
  return [0, 0, 0];
}
