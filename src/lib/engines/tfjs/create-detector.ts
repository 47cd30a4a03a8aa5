// The library's detectors, set up as its users do: its own defaults wherever nothing was asked for.
import * as poseDetection from '@tensorflow-models/pose-detection';
import type { PipelineConfig } from '../../pipelines/pipeline-config.ts';
import { EngineError } from '../pose-engine.ts';
import type { EngineLoadRequest } from '../pose-engine.ts';
import { readGraphModel } from './graph-model.ts';

/** A detector of the library, behind what differs between its families. */
export type Detector = {
  /** Poses in pixels of the image; `timestampMs` grows from call to call. */
  estimate(image: OffscreenCanvas, timestampMs: number): Promise<readonly poseDetection.Pose[]>;
  /** Forgets the people followed so far. */
  reset(): void;
  dispose(): void;
};

/** MultiPose forgets a person that it has not seen for this long: the library's default `maxAge`. */
const TRACK_MAX_AGE_MS = 1000;

/** The library's names for MoveNet's variants (its `movenet.modelType`). */
const movenetTypes = {
  lightning: 'SINGLEPOSE_LIGHTNING',
  thunder: 'SINGLEPOSE_THUNDER',
  multipose: 'MULTIPOSE_LIGHTNING',
} as const;

/**
 * The detector for a request, on the backend that runs. Throws an EngineError for a pipeline that the
 * library does not have and for smoothing that it would leave out without a word, and whatever reading
 * and building the networks throws.
 */
export async function createDetector(request: EngineLoadRequest): Promise<Detector> {
  const { modelId, pipeline, options } = request;
  if (options.smoothing && pipeline.kind === 'tfjs-posenet') {
    throw new EngineError(
      'The PoseNet pipeline does not smooth keypoints over time. Switch smoothing off for this model.',
    );
  }
  if (options.smoothing && !options.tracking) {
    throw new EngineError(
      'TensorFlow.js cannot smooth keypoints over time in pictures that have nothing to do with each other. Switch smoothing off.',
    );
  }
  switch (pipeline.kind) {
    case 'tfjs-blazepose':
      return createBlazepose(request, pipeline);
    case 'tfjs-movenet':
      return createMovenet(request, pipeline);
    case 'tfjs-posenet':
      return createPosenet(request, pipeline);
    default:
      throw new EngineError(
        `TensorFlow.js cannot run ${modelId} because its pipeline is ${pipeline.kind}, not one of pose-detection's own. Choose another engine for this model.`,
      );
  }
}

type ConfigOf<Kind> = Extract<PipelineConfig, { readonly kind: Kind }>;

async function createBlazepose(
  { modelId, files, options }: EngineLoadRequest,
  { variant }: ConfigOf<'tfjs-blazepose'>,
): Promise<Detector> {
  const detector = await poseDetection.createDetector(poseDetection.SupportedModels.BlazePose, {
    runtime: 'tfjs',
    modelType: variant,
    enableSmoothing: options.smoothing,
    detectorModelUrl: await readGraphModel(modelId, files, 'detector/'),
    landmarkModelUrl: await readGraphModel(modelId, files, 'landmarks/'),
  } satisfies poseDetection.BlazePoseTfjsModelConfig);
  return detectorOf(detector, 1);
}

async function createMovenet(
  { modelId, files, options }: EngineLoadRequest,
  { variant }: ConfigOf<'tfjs-movenet'>,
): Promise<Detector> {
  const isMultipose = variant === 'multipose';
  const detector = await poseDetection.createDetector(poseDetection.SupportedModels.MoveNet, {
    modelType: poseDetection.movenet.modelType[movenetTypes[variant]],
    enableSmoothing: options.smoothing,
    enableTracking: isMultipose && options.tracking,
    modelUrl: await readGraphModel(modelId, files, ''),
  } satisfies poseDetection.MoveNetModelConfig);
  const single = detectorOf(detector, options.maxPoses);
  // Of a frame without a past this one sees the square in the middle only (the library's crop_utils.ts,
  // initCropRegion). So do its users, which is what is measured here.
  if (!isMultipose) return single;
  // The library's `reset` fails for MultiPose, which has none of the filters it resets. A leap in time
  // makes it forget everybody.
  let leapMs = 0;
  return {
    ...single,
    async estimate(image, timestampMs) {
      const poses = await single.estimate(image, timestampMs + leapMs);
      return poses.slice(0, options.maxPoses);
    },
    reset() {
      leapMs += TRACK_MAX_AGE_MS + 1;
    },
  };
}

async function createPosenet(
  { modelId, files, options }: EngineLoadRequest,
  config: ConfigOf<'tfjs-posenet'>,
): Promise<Detector> {
  const { architecture, outputStride, inputSizePx, multiplier, quantBytes } = config;
  const handler = await readGraphModel(modelId, files, '');
  const detector = await poseDetection.createDetector(poseDetection.SupportedModels.PoseNet, {
    architecture,
    outputStride,
    inputResolution: { width: inputSizePx, height: inputSizePx },
    multiplier,
    quantBytes,
    // Typed as a URL, but handed to loadGraphModel as it is, which takes a handler.
    modelUrl: handler as unknown as string,
  } satisfies poseDetection.PosenetModelConfig);
  return detectorOf(detector, options.maxPoses);
}

/** `maxPoses` must be 1 for BlazePose, matters to PoseNet, and is ignored by MoveNet. */
function detectorOf(detector: poseDetection.PoseDetector, maxPoses: number): Detector {
  return {
    estimate: (image, timestampMs) =>
      // The library reads a canvas of a worker as well as one of a page; its types know only the latter.
      detector.estimatePoses(
        image as unknown as poseDetection.PoseDetectorInput,
        { maxPoses },
        timestampMs,
      ),
    reset: () => detector.reset(),
    dispose: () => detector.dispose(),
  };
}
