// RTMDet's person detector, the usual first step before RTMPose: where the people are.
import type { PipelineParts } from '../pose-pipeline.ts';
import { findNetwork, misfit } from '../find-network.ts';
import { createImageFeed, imageSizeOf } from '../image-tensor.ts';
import type { InputNormalisation } from '../pipeline-config.ts';
import { readOutput } from '../read-output.ts';
import { letterbox, toFrame } from '../region.ts';
import type { StageTimer } from '../stage-timer.ts';
import type { ScoredBox } from '../suppress-overlaps.ts';
import { readDetectorShape } from './simcc-shape.ts';

/** Input of a detector that leaves its size open: RTMDet-nano's. */
const OPEN_SIZE = { widthPx: 320, heightPx: 320 };

/** Source: MMPose, projects/rtmpose/rtmdet/person (data_preprocessor; no swap of channels). */
const normalisation: InputNormalisation = {
  channels: 'bgr',
  mean: [103.53, 116.28, 123.675],
  std: [57.375, 57.12, 58.395],
};

/** The grey that pads a frame to the input's aspect. Source: MMDetection, configs/rtmdet (Pad, pad_val). */
const PADDING_GREY = 114;

/** A box below this score is nobody. Source: MMPose's demo (demo/topdown_demo_with_mmdet.py, bbox-thr). */
const MIN_SCORE = 0.3;

/** COCO's first class, and the only one of a person detector. */
const PERSON = 0;

/** Finds people in a frame. */
export type PersonDetector = {
  /** Boxes in pixels of the frame, best first. The time goes to the timer's stages. */
  detect(frame: VideoFrame, timer: StageTimer): Promise<readonly ScoredBox[]>;
};

/** The detector around the network `detector`. Throws a PipelineError when its shapes are not RTMDet's. */
export function createPersonDetector(parts: PipelineParts): PersonDetector {
  const network = findNetwork(parts, 'detector');
  const shape = readDetectorShape(network);
  if (!shape) throw misfit('SimCC', network, 'of a detector 1×3×?×? → 1×?×5, 1×?');
  const size = imageSizeOf(shape.image, OPEN_SIZE);
  const feed = createImageFeed(shape.image, size, normalisation, PADDING_GREY);
  const wanted = [shape.boxes, shape.labels].filter((name) => name !== null);

  return {
    async detect(frame, timer) {
      const { displayWidth, displayHeight } = frame;
      const region = letterbox(displayWidth, displayHeight, size.widthPx / size.heightPx);
      await parts.sampler.sample(frame, region, feed.image, feed.data);
      timer.lap('preprocess');
      const outputs = await network.run(feed.inputs, wanted);
      timer.lap('inference');

      const { data } = readOutput(outputs, shape.boxes);
      const labels = shape.labels === null ? null : readOutput(outputs, shape.labels).data;
      const people: ScoredBox[] = [];
      for (let index = 0; 5 * index < data.length; index += 1) {
        const [left = 0, top = 0, right = 0, bottom = 0, score = 0] = data.subarray(
          5 * index,
          5 * index + 5,
        );
        if (!(score >= MIN_SCORE) || (labels && labels[index] !== PERSON)) continue;
        const topLeft = toFrame(region, left / size.widthPx, top / size.heightPx);
        const bottomRight = toFrame(region, right / size.widthPx, bottom / size.heightPx);
        people.push({
          left: topLeft.x,
          top: topLeft.y,
          right: bottomRight.x,
          bottom: bottomRight.y,
          score,
        });
      }
      return people.sort((a, b) => b.score - a.score);
    },
  };
}
