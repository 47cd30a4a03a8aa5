// BlazePose (MediaPipe Pose): one person, 33 landmarks; a detector, then a landmark network that tracks.
// All files are built by `npm run models` from the npm package.
import builtFiles from './built-files.json' with { type: 'json' };
import { engineBackends } from './engine-backends.ts';
import type { ModelSpec, ModelVariant, PinnedFile } from './model-spec.ts';

type Size = 'lite' | 'full' | 'heavy';

/** What all of them have in common. */
const origin = {
  license: 'Apache-2.0',
  licenseNotice: null,
  source: 'npm:@mediapipe/pose@0.5.1675469404',
  skeleton: 'blazepose-33',
} as const;

/** What the forge recorded of each file it builds, by path below /models/. */
const record: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>> =
  builtFiles;

/** The three sizes on every engine, and two of them without the mask where the pipeline is ours. */
export const blazeposeModels: readonly ModelSpec[] = [
  blazepose('lite'),
  blazepose('full'),
  blazepose('heavy'),
  maskless('lite'),
  maskless('full'),
];

function blazepose(size: Size): ModelSpec {
  const landmarks = `blazepose-${size}-landmarks`;
  return {
    ...origin,
    id: `blazepose-${size}`,
    title: `BlazePose ${size}`,
    variants: [
      {
        engine: 'mediapipe',
        backends: engineBackends.mediapipe,
        pipeline: { kind: 'mediapipe-pose-landmarker' },
        files: [built('model', `blazepose-${size}.task`)],
      },
      ...rawVariants(landmarks),
      {
        engine: 'tfjs',
        backends: engineBackends.tfjs,
        pipeline: { kind: 'tfjs-blazepose', variant: size },
        files: [
          ...builtFolder('detector', 'tfjs/blazepose-detector'),
          ...builtFolder('landmarks', `tfjs/${landmarks}`),
        ],
      },
    ],
  };
}

/**
 * The same weights without what computes a mask of the person, which no pose needs: the same keypoints
 * sooner. MediaPipe Tasks and TensorFlow.js bring their own pipelines, which want the whole network.
 */
function maskless(size: 'lite' | 'full'): ModelSpec {
  return {
    ...origin,
    id: `maskless-blazepose-${size}`,
    title: `BlazePose ${size}, without mask`,
    variants: rawVariants(`maskless-blazepose-${size}-landmarks`),
  };
}

/** The runtimes that run raw networks in our pipeline. */
function rawVariants(landmarks: string): ModelVariant[] {
  return [rawVariant('litert', 'tflite', landmarks), rawVariant('ort', 'onnx', landmarks)];
}

function rawVariant(engine: 'litert' | 'ort', extension: string, landmarks: string): ModelVariant {
  return {
    engine,
    backends: engineBackends[engine],
    pipeline: { kind: 'blazepose' },
    files: [
      built('detector', `blazepose-detector.${extension}`),
      built('landmarks', `${landmarks}.${extension}`),
    ],
  };
}

function built(name: string, path: string): PinnedFile {
  const entry = record[path];
  if (!entry) throw new Error(`built-files.json has no ${path}; run npm run models -- --record.`);
  return { name, url: `/models/${path}`, ...entry };
}

/** The files of a folder, named relative to it below `name`. */
function builtFolder(name: string, folder: string): PinnedFile[] {
  return Object.keys(record)
    .filter((path) => path.startsWith(`${folder}/`))
    .map((path) => built(`${name}/${path.slice(folder.length + 1)}`, path));
}
