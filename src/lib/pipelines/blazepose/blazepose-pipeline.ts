// BlazePose: a detector finds people, a landmark network follows them. As published with MediaPipe's Pose
// Landmarker: google-ai-edge/mediapipe, tasks/cc/vision/pose_landmarker and modules/pose_landmark.
import type { Pose } from '../../pose/pose.ts';
import { findNetwork } from '../find-network.ts';
import type { Region } from '../frame-sampler.ts';
import { createImageFeed, rgbUnit } from '../image-tensor.ts';
import type { InputNormalisation } from '../pipeline-config.ts';
import { PipelineError } from '../pose-pipeline.ts';
import type { PipelineParts, PosePipeline } from '../pose-pipeline.ts';
import { readOutput, readUncheckedOutput } from '../read-output.ts';
import { letterbox, toFrame } from '../region.ts';
import { startStageTimer } from '../stage-timer.ts';
import type { StageTimer } from '../stage-timer.ts';
import { toScore } from '../to-score.ts';
import { alignmentRegion } from './alignment-region.ts';
import { createAnchors, DETECTOR_INPUT_PX } from './anchors.ts';
import { LANDMARKS_INPUT_PX, readDetectorShape, readLandmarksShape } from './blazepose-shape.ts';
import { decodeDetections, hipsOf, reachOf } from './decode-detections.ts';
import { createLandmarkDecoder } from './decode-landmarks.ts';
import { joinPeople } from './followed-people.ts';
import type { Person } from './followed-people.ts';
import { createKeypointSmoother } from './smooth-keypoints.ts';
import { warpedRegion } from './warped-region.ts';

/** The detector takes RGB in [−1, 1]. Source: pose_detection_cpu.pbtxt. */
const DETECTOR_VALUES: InputNormalisation = {
  channels: 'rgb',
  mean: [127.5, 127.5, 127.5],
  std: [127.5, 127.5, 127.5],
};
/** A person is there when the network is surer than this. Source: pose_landmark_by_roi_cpu.pbtxt. */
const MIN_PRESENCE = 0.5;

/**
 * The pipeline around the networks `detector` (1×224×224×3 → 2254 boxes and scores) and `landmarks`
 * (1×256×256×3 → 39 landmarks, presence, heat maps). A person is followed from their auxiliary landmarks;
 * when their presence falls, the next frame is searched anew. Throws a PipelineError when the networks
 * have other shapes, or when unrelated pictures shall be smoothed.
 */
export function createBlazeposePipeline(parts: PipelineParts): PosePipeline {
  const { options, sampler } = parts;
  if (options.smoothing && !options.tracking) {
    throw new PipelineError(
      'BlazePose cannot smooth keypoints over time in pictures that have nothing to do with each other. Switch smoothing off.',
    );
  }
  const detect = createPersonSearch(parts);
  const network = findNetwork(parts, 'landmarks');
  const shape = readLandmarksShape(network);
  const wanted = [shape.presence, shape.landmarks, shape.heatMap];
  const size = { widthPx: LANDMARKS_INPUT_PX, heightPx: LANDMARKS_INPUT_PX };
  // BORDER_REPLICATE, the default of MediaPipe's ImageToTensorCalculator; the detector's is BORDER_ZERO.
  const feed = createImageFeed(shape.image, size, rgbUnit, 'edge');
  const decoder = createLandmarkDecoder();
  const createSmoother = () => (options.smoothing ? createKeypointSmoother() : null);
  let followed: readonly Person[] = [];

  return {
    async estimate(frame, timestampMs) {
      const timer = startStageTimer(parts.clock);
      const known = options.tracking ? followed : [];
      const detected = known.length < options.maxPoses ? await detect(frame, timer) : [];
      // Unrelated pictures: MediaPipe then looks at every detection, however close to another.
      const people = options.tracking
        ? joinPeople(known, detected, createSmoother, options.maxPoses)
        : detected.slice(0, options.maxPoses).map((region) => ({ region, smoother: null }));
      timer.lap('postprocess');

      const poses: Pose[] = [];
      const seen: Person[] = [];
      for (const { region, smoother } of people) {
        const drawn = warpedRegion(region, LANDMARKS_INPUT_PX);
        await sampler.sample(frame, drawn, feed.image, feed.data);
        timer.lap('preprocess');
        const outputs = await network.run(feed.inputs, wanted);
        timer.lap('inference');
        const presence = readOutput(outputs, shape.presence).data[0] ?? 0;
        if (presence > MIN_PRESENCE) {
          const landmarks = readOutput(outputs, shape.landmarks).data;
          const heatMap = readUncheckedOutput(outputs, shape.heatMap).data;
          const { keypoints, nextRegion } = decoder.decode(landmarks, heatMap, region);
          poses.push({
            skeleton: 'blazepose-33',
            score: toScore(presence),
            keypoints: smoother?.smooth(keypoints, timestampMs, nextRegion.width) ?? keypoints,
          });
          seen.push({ region: nextRegion, smoother });
        }
        timer.lap('postprocess');
      }
      followed = seen;
      return { poses, ...timer.totals };
    },

    reset() {
      followed = [];
    },
  };
}

/** The search of a whole frame for people: the regions to look into, surest first. */
function createPersonSearch(
  parts: PipelineParts,
): (frame: VideoFrame, timer: StageTimer) => Promise<Region[]> {
  const network = findNetwork(parts, 'detector');
  const shape = readDetectorShape(network);
  const size = { widthPx: DETECTOR_INPUT_PX, heightPx: DETECTOR_INPUT_PX };
  const feed = createImageFeed(shape.image, size, DETECTOR_VALUES);
  const anchors = createAnchors();

  return async (frame, timer) => {
    const whole = letterbox(frame.displayWidth, frame.displayHeight, 1);
    const drawn = warpedRegion(whole, DETECTOR_INPUT_PX);
    await parts.sampler.sample(frame, drawn, feed.image, feed.data);
    timer.lap('preprocess');
    const outputs = await network.run(feed.inputs, [shape.boxes, shape.scores]);
    timer.lap('inference');
    const boxes = readOutput(outputs, shape.boxes).data;
    const scores = readOutput(outputs, shape.scores).data;
    const regions = decodeDetections(boxes, scores, anchors).map((detection) => {
      const [hips, reach] = [hipsOf(detection), reachOf(detection)];
      return alignmentRegion(toFrame(whole, hips.u, hips.v), toFrame(whole, reach.u, reach.v));
    });
    timer.lap('postprocess');
    return regions;
  };
}
