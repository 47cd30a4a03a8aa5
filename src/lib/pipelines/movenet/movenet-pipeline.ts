// MoveNet SinglePose: one person, looked for where the last frame had one.
import { meanKeypointScore } from '../../pose/pose.ts';
import type { Keypoint, Pose } from '../../pose/pose.ts';
import { findNetwork, misfit } from '../find-network.ts';
import type { Region } from '../frame-sampler.ts';
import { createImageFeed, imageSizeOf, rgbBytes } from '../image-tensor.ts';
import type { PipelineParts, PosePipeline } from '../pose-pipeline.ts';
import { readOutput } from '../read-output.ts';
import { refuseSmoothing } from '../refuse-smoothing.ts';
import { letterbox, toFrame } from '../region.ts';
import { startStageTimer } from '../stage-timer.ts';
import type { TensorData } from '../tensor-runner.ts';
import { toScore } from '../to-score.ts';
import { CROP_SCORE, nextCropRegion } from './crop-region.ts';
import { readMovenetShape } from './movenet-shape.ts';

/** Input of a network that leaves its size open: Lightning's. */
const OPEN_SIZE = { widthPx: 192, heightPx: 192 };

/**
 * The mean score of the joints above CROP_SCORE at which there is a person at all. Source:
 * @tensorflow-models/pose-detection 2.1.3, movenet: DEFAULT_MIN_POSE_SCORE.
 */
const MIN_POSE_SCORE = 0.25;

/**
 * The pipeline around the network `model`, 1×S×S×3 in RGB 0…255 → 1×1×17×3 (y, x, score in fractions of
 * the picture). Throws a PipelineError when it has other shapes.
 */
export function createMovenetPipeline(parts: PipelineParts): PosePipeline {
  refuseSmoothing(parts, 'MoveNet SinglePose');
  const network = findNetwork(parts, 'model');
  const shape = readMovenetShape(network);
  if (!shape) throw misfit('MoveNet SinglePose', network, '1×192×192×3 → 1×1×17×3');
  const feed = createImageFeed(shape.image, imageSizeOf(shape.image, OPEN_SIZE), rgbBytes);
  let nextRegion: Region | null = null;

  return {
    async estimate(frame) {
      const timer = startStageTimer(parts.clock);
      const size = { widthPx: frame.displayWidth, heightPx: frame.displayHeight };
      const aspect = feed.image.widthPx / feed.image.heightPx;
      const region = nextRegion ?? letterbox(size.widthPx, size.heightPx, aspect);
      await parts.sampler.sample(frame, region, feed.image, feed.data);
      timer.lap('preprocess');

      const outputs = await network.run(feed.inputs, [shape.output]);
      timer.lap('inference');

      const keypoints = decodeKeypoints(readOutput(outputs, shape.output).data, 0, region);
      const poses: Pose[] = isPerson(keypoints)
        ? [{ skeleton: 'coco-17', score: meanKeypointScore({ keypoints }), keypoints }]
        : [];
      nextRegion =
        parts.options.tracking && poses.length > 0 ? nextCropRegion(keypoints, size) : null;
      timer.lap('postprocess');
      return { poses, ...timer.totals };
    },

    reset() {
      nextRegion = null;
    },
  };
}

/** The 17 keypoints at `offset` of a MoveNet output, in pixels of the frame that the region is in, scored in [0, 1]. */
export function decodeKeypoints(data: TensorData, offset: number, region: Region): Keypoint[] {
  return Array.from({ length: 17 }, (_, joint) => {
    const at = offset + 3 * joint;
    const point = toFrame(region, data[at + 1] ?? 0, data[at] ?? 0);
    return { ...point, score: toScore(data[at + 2] ?? 0) };
  });
}

function isPerson(keypoints: readonly Keypoint[]): boolean {
  const seen = keypoints.filter(({ score }) => score > CROP_SCORE);
  return meanKeypointScore({ keypoints: seen }) >= MIN_POSE_SCORE;
}
