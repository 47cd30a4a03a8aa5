// OpenPose and its descendants: joints of everybody at once, then who they belong to. Every frame afresh.
import type { Keypoint, Pose } from '../../pose/pose.ts';
import { meanKeypointScore } from '../../pose/pose.ts';
import { findNetwork, misfit } from '../find-network.ts';
import type { Region } from '../frame-sampler.ts';
import { createImageFeed, imageSizeOf } from '../image-tensor.ts';
import type { RawPipelineConfig } from '../pipeline-config.ts';
import type { PipelineParts, PosePipeline } from '../pose-pipeline.ts';
import { refuseSmoothing } from '../refuse-smoothing.ts';
import { letterbox, toFrame } from '../region.ts';
import { startStageTimer } from '../stage-timer.ts';
import { toScore } from '../to-score.ts';
import { assemblePeople } from './assemble-people.ts';
import type { Person } from './assemble-people.ts';
import { bodyLayouts } from './body-layouts.ts';
import type { BodyLayout } from './body-layouts.ts';
import { readFields } from './field-maps.ts';
import type { FieldMaps } from './field-maps.ts';
import { findPeaks } from './heat-map-peaks.ts';
import type { Peak } from './heat-map-peaks.ts';
import { readOpenposeShape } from './openpose-shape.ts';
import { scoreLimbs } from './score-limbs.ts';

/** What is asked of the networks that the pipeline is for. */
type OpenposeConfig = Extract<RawPipelineConfig, { kind: 'openpose' }>;

/** Input of a network that leaves its size open: that of the same network with a fixed one. */
const OPEN_SIZE = { widthPx: 432, heightPx: 368 };

/**
 * The pipeline around the network `model`: a picture → heat maps and part affinity fields, in one output
 * or two, either order of axes. The frame keeps its aspect and is padded. Throws a PipelineError when the
 * network has other shapes or another layout than the configuration says.
 */
export function createOpenposePipeline(config: OpenposeConfig, parts: PipelineParts): PosePipeline {
  const layout = bodyLayouts[config.skeleton];
  refuseSmoothing(parts, 'OpenPose');
  const network = findNetwork(parts, 'model');
  const shape = readOpenposeShape(network, layout);
  if (!shape) throw misfit(`OpenPose (${config.skeleton})`, network, expectedShapes(layout));
  const size = imageSizeOf(shape.image, OPEN_SIZE);
  const feed = createImageFeed(shape.image, size, config.normalisation);

  return {
    async estimate(frame) {
      const timer = startStageTimer(parts.clock);
      const region = letterbox(
        frame.displayWidth,
        frame.displayHeight,
        size.widthPx / size.heightPx,
      );
      await parts.sampler.sample(frame, region, feed.image, feed.data);
      timer.lap('preprocess');

      const outputs = await network.run(feed.inputs, [shape.fields.heat, shape.fields.affinity]);
      timer.lap('inference');

      const { heat, affinity } = readFields(outputs, shape.fields, layout);
      const poses = decodePeople(heat, affinity, layout, region);
      timer.lap('postprocess');
      return { poses: poses.slice(0, parts.options.maxPoses), ...timer.totals };
    },

    reset() {
      // Every frame is looked at afresh.
    },
  };
}

/**
 * Everybody in one frame's maps, the best score first, in pixels of the frame that the region is in. A joint
 * that was not found is at (0, 0) with score 0, as OpenPose writes it.
 */
export function decodePeople(
  heat: FieldMaps,
  affinity: FieldMaps,
  layout: BodyLayout,
  region: Region,
): Pose[] {
  const peaks = findPeaks(heat, layout.jointCount);
  const limbs = scoreLimbs(peaks, layout.limbs, affinity);
  const people = assemblePeople(peaks, limbs, layout.jointCount, layout.firstFootJoint);
  return people
    .map((person) => {
      const keypoints = keypointsOf(person, peaks, heat, region);
      return { skeleton: layout.skeleton, score: meanKeypointScore({ keypoints }), keypoints };
    })
    .sort((a, b) => b.score - a.score);
}

function keypointsOf(
  person: Person,
  peaks: readonly Peak[],
  { width, height }: FieldMaps,
  region: Region,
): Keypoint[] {
  return Array.from(person.peaks, (index) => {
    const peak = peaks[index];
    if (!peak) return { x: 0, y: 0, score: 0 };
    const point = toFrame(region, (peak.x + 0.5) / width, (peak.y + 0.5) / height);
    return { ...point, score: toScore(peak.score) };
  });
}

function expectedShapes({ heatChannels, affinityChannels }: BodyLayout): string {
  const all = heatChannels + affinityChannels;
  return `1×?×?×3 → 1×?×?×${all}, or ${heatChannels} and ${affinityChannels} channels apart`;
}
