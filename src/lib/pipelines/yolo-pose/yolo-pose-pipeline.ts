// Ultralytics' one-stage pose networks (YOLOv8, YOLO11, YOLO26): everybody in one go, every frame afresh.
import { findNetwork, misfit } from '../find-network.ts';
import { createImageFeed, imageSizeOf, rgbUnit } from '../image-tensor.ts';
import type { PipelineParts, PosePipeline } from '../pose-pipeline.ts';
import { readOutput } from '../read-output.ts';
import { refuseSmoothing } from '../refuse-smoothing.ts';
import { letterbox, toFrame } from '../region.ts';
import { startStageTimer } from '../stage-timer.ts';
import { decodePeople } from './decode-people.ts';
import { readYoloShape } from './yolo-shape.ts';

/** Input of a network that leaves its size open. Source: `imgsz` of Ultralytics' predict mode. */
const OPEN_SIZE = { widthPx: 640, heightPx: 640 };

/** The grey that pads a frame to the input's aspect. Source: Ultralytics' LetterBox (padding_value). */
const PADDING_GREY = 114;

/**
 * The pipeline around the network `model`: a picture in RGB, 0…1 → 1×56×N, 1×N×56 or 1×N×57. The frame
 * keeps its aspect and is padded. Throws a PipelineError when the
 * network has other shapes.
 */
export function createYoloPosePipeline(parts: PipelineParts): PosePipeline {
  refuseSmoothing(parts, 'YOLO pose');
  const network = findNetwork(parts, 'model');
  const shape = readYoloShape(network);
  if (!shape) throw misfit('YOLO pose', network, '1×3×?×? → 1×56×? or 1×?×57');
  const size = imageSizeOf(shape.image, OPEN_SIZE);
  const feed = createImageFeed(shape.image, size, rgbUnit, PADDING_GREY);

  return {
    async estimate(frame) {
      const timer = startStageTimer(parts.clock);
      const { displayWidth, displayHeight } = frame;
      const region = letterbox(displayWidth, displayHeight, size.widthPx / size.heightPx);
      await parts.sampler.sample(frame, region, feed.image, feed.data);
      timer.lap('preprocess');

      const outputs = await network.run(feed.inputs, [shape.output]);
      timer.lap('inference');

      const output = readOutput(outputs, shape.output);
      const people = decodePeople(output, shape.order, size, parts.options.maxPoses);
      const poses = people.map(({ score, keypoints }) => ({
        skeleton: 'coco-17' as const,
        score,
        keypoints: keypoints.map((point) => ({
          ...toFrame(region, point.x, point.y),
          score: point.score,
        })),
      }));
      timer.lap('postprocess');
      return { poses, ...timer.totals };
    },

    reset() {
      // Every frame is looked at afresh.
    },
  };
}
