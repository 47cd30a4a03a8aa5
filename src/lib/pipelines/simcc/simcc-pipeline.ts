// RTMPose and other SimCC networks, top-down: the people's boxes first, then each one's joints.
import { meanKeypointScore } from '../../pose/pose.ts';
import type { Pose } from '../../pose/pose.ts';
import type { Box } from '../box.ts';
import { findNetwork, misfit } from '../find-network.ts';
import { createImageFeed } from '../image-tensor.ts';
import type { RawPipelineConfig } from '../pipeline-config.ts';
import { PipelineError } from '../pose-pipeline.ts';
import type { PipelineParts, PosePipeline } from '../pose-pipeline.ts';
import { readOutput } from '../read-output.ts';
import { refuseSmoothing } from '../refuse-smoothing.ts';
import { startStageTimer } from '../stage-timer.ts';
import type { StageTimer } from '../stage-timer.ts';
import { decodeSimcc } from './decode-simcc.ts';
import { createPersonDetector } from './person-detector.ts';
import { boxAround, regionAround } from './person-region.ts';
import { readSimccShape } from './simcc-shape.ts';

/** What is asked of the networks that the pipeline is for. */
type SimccConfig = Extract<RawPipelineConfig, { kind: 'simcc' }>;

/**
 * The pipeline around the network `model`: a picture of one person → 1×17×(W × ratio), 1×17×(H × ratio).
 * Boxes come from the network `detector` where the model has one, in every frame. Without, there is one
 * person at most, looked for in the whole frame, or, when tracking, around the joints of the last frame;
 * nobody where too few joints are sure, for the network finds joints in every picture.
 * Throws a PipelineError when the networks have other shapes or another split ratio.
 */
export function createSimccPipeline(config: SimccConfig, parts: PipelineParts): PosePipeline {
  refuseSmoothing(parts, 'SimCC');
  const network = findNetwork(parts, 'model');
  const shape = readSimccShape(network);
  if (!shape) throw misfit('SimCC', network, '1×3×256×192 → 1×17×384, 1×17×512');
  if (shape.splitRatio !== config.splitRatio) {
    throw new PipelineError(
      `The network has ${shape.splitRatio} bins per pixel, but the model's entry says ${config.splitRatio}. Correct the split ratio.`,
    );
  }
  const detector = parts.networks['detector'] ? createPersonDetector(parts) : null;
  const { widthPx, heightPx } = shape.image;
  const feed = createImageFeed(shape.image, shape.image, config.normalisation);
  let followed: Box | null = null;

  return {
    async estimate(frame) {
      const timer = startStageTimer(parts.clock);
      const boxes = await findBoxes(frame, timer);
      const poses: Pose[] = [];
      for (const box of boxes.slice(0, parts.options.maxPoses)) {
        const region = regionAround(box, widthPx / heightPx);
        timer.lap('postprocess');
        await parts.sampler.sample(frame, region, feed.image, feed.data);
        timer.lap('preprocess');
        const outputs = await network.run(feed.inputs, [shape.x, shape.y]);
        timer.lap('inference');
        const keypoints = decodeSimcc(
          readOutput(outputs, shape.x).data,
          readOutput(outputs, shape.y).data,
          shape.image,
          region,
        );
        const seen = detector ? box : boxAround(keypoints);
        if (!detector && parts.options.tracking) followed = seen;
        if (!seen) continue;
        poses.push({ skeleton: 'coco-17', score: meanKeypointScore({ keypoints }), keypoints });
      }
      timer.lap('postprocess');
      return { poses, ...timer.totals };
    },

    reset() {
      followed = null;
    },
  };

  async function findBoxes(frame: VideoFrame, timer: StageTimer): Promise<readonly Box[]> {
    if (detector) return detector.detect(frame, timer);
    const wholeFrame = { left: 0, top: 0, right: frame.displayWidth, bottom: frame.displayHeight };
    return [followed ?? wholeFrame];
  }
}
