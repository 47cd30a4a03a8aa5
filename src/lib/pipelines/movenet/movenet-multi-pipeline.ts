// MoveNet MultiPose: up to six people in one go, the whole frame each time.
import type { Pose } from '../../pose/pose.ts';
import { findNetwork, misfit } from '../find-network.ts';
import { createImageFeed, imageSizeOf, rgbBytes } from '../image-tensor.ts';
import type { ImageFeed, ImageSize } from '../image-tensor.ts';
import type { PipelineParts, PosePipeline } from '../pose-pipeline.ts';
import { readOutput } from '../read-output.ts';
import { refuseSmoothing } from '../refuse-smoothing.ts';
import { letterbox } from '../region.ts';
import { startStageTimer } from '../stage-timer.ts';
import { toScore } from '../to-score.ts';
import { decodeKeypoints } from './movenet-pipeline.ts';
import { readMovenetMultiShape } from './movenet-shape.ts';

/** The longer side of the picture in px, and what both sides must be multiples of. Source: the model's
 * page on TensorFlow Hub (google/movenet/multipose/lightning). */
const LONGER_SIDE_PX = 256;
const SIDE_STEP_PX = 32;

/** The score of a person below which it is dropped. Source: as for MoveNet SinglePose. */
const MIN_PERSON_SCORE = 0.25;

/** Values per person: 17 × (y, x, score), then the box (ymin, xmin, ymax, xmax) and its score. */
const PERSON_VALUES = 56;
const SCORE_INDEX = 55;

/**
 * The pipeline around the network `model`, 1×H×W×3 in RGB 0…255 → 1×6×56 in fractions of the picture.
 * Throws a PipelineError when it has other shapes.
 */
export function createMovenetMultiPipeline(parts: PipelineParts): PosePipeline {
  refuseSmoothing(parts, 'MoveNet MultiPose');
  const network = findNetwork(parts, 'model');
  const shape = readMovenetMultiShape(network);
  if (!shape) throw misfit('MoveNet MultiPose', network, '1×?×?×3 → 1×6×56');
  let feed: ImageFeed | null = null;

  return {
    async estimate(frame) {
      const timer = startStageTimer(parts.clock);
      const { displayWidth, displayHeight } = frame;
      const size = imageSizeOf(shape.image, inputSizeFor(displayWidth, displayHeight));
      if (feed?.image.widthPx !== size.widthPx || feed.image.heightPx !== size.heightPx) {
        feed = createImageFeed(shape.image, size, rgbBytes);
      }
      const region = letterbox(displayWidth, displayHeight, size.widthPx / size.heightPx);
      await parts.sampler.sample(frame, region, feed.image, feed.data);
      timer.lap('preprocess');

      const outputs = await network.run(feed.inputs, [shape.output]);
      timer.lap('inference');

      const { data } = readOutput(outputs, shape.output);
      const poses: Pose[] = [];
      for (let offset = 0; offset + PERSON_VALUES <= data.length; offset += PERSON_VALUES) {
        const score = toScore(data[offset + SCORE_INDEX] ?? 0);
        if (!(score >= MIN_PERSON_SCORE)) continue;
        poses.push({
          skeleton: 'coco-17',
          score,
          keypoints: decodeKeypoints(data, offset, region),
        });
      }
      poses.sort((a, b) => b.score - a.score);
      timer.lap('postprocess');
      return { poses: poses.slice(0, parts.options.maxPoses), ...timer.totals };
    },

    reset() {
      // Every frame is looked at afresh.
    },
  };
}

/**
 * The size of the picture for a frame: its longer side LONGER_SIDE_PX, the shorter one in proportion and
 * rounded up to a multiple of SIDE_STEP_PX.
 */
export function inputSizeFor(frameWidthPx: number, frameHeightPx: number): ImageSize {
  const scale = LONGER_SIDE_PX / Math.max(frameWidthPx, frameHeightPx);
  return { widthPx: roundUp(frameWidthPx * scale), heightPx: roundUp(frameHeightPx * scale) };
}

function roundUp(sidePx: number): number {
  // The rounding keeps 256.00000000000006 from becoming 288.
  return Math.max(1, Math.ceil(Math.round(sidePx) / SIDE_STEP_PX)) * SIDE_STEP_PX;
}
