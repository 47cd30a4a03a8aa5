// MoveNet: 17 COCO keypoints; SinglePose follows one person by a crop, MultiPose finds up to six people.
//
// Where the addresses are documented: TF.js graph models: @tensorflow-models/pose-detection 2.1.3,
// dist/movenet/constants.js, to which `fromTFHub` adds /model.json?tfjs-format=file. TFLite:
// tensorflow.org/hub/tutorials/movenet. ONNX: the files of huggingface.co/Xenova/movenet-singlepose-*,
// which has Google's networks converted. Shards are 4 MiB, so their number follows from the size of the
// float16 weights: 4.7 MB Lightning, 12.5 MB Thunder, 9.4 MB MultiPose.
import { engineBackends } from './engine-backends.ts';
import type { ModelFile, ModelSpec } from './model-spec.ts';
import { remoteGraphModel } from './remote-graph-model.ts';

const TFHUB = 'https://tfhub.dev/google';
const SOURCE = 'https://www.kaggle.com/models/google/movenet';

/** SinglePose in two sizes, Lightning also with whole-number weights, and MultiPose. */
export const movenetModels: readonly ModelSpec[] = [
  singlePose('lightning', 'Lightning', 2),
  {
    ...family('movenet-lightning-int8', 'MoveNet Lightning int8'),
    source: 'https://github.com/google-coral/test_data',
    variants: [
      {
        engine: 'litert',
        // Of quantised networks only wasm has been verified.
        backends: ['wasm'],
        pipeline: { kind: 'movenet-single' },
        files: [
          {
            name: 'model',
            url: 'https://raw.githubusercontent.com/google-coral/test_data/104342d2d3480b3e66203073dac24f4e2dbb4c41/movenet_single_pose_lightning_ptq.tflite',
            bytes: 2894840,
            sha256: 'cd7cc22fa946e5d146a7b98d496853e1923e22828d3972d579973f27f91bb105',
          },
        ],
      },
    ],
  },
  singlePose('thunder', 'Thunder', 3),
  {
    ...family('movenet-multipose', 'MoveNet MultiPose'),
    variants: [
      {
        engine: 'tfjs',
        backends: engineBackends.tfjs,
        pipeline: { kind: 'tfjs-movenet', variant: 'multipose' },
        files: hubGraphModel('multipose/lightning/1/', 3),
      },
    ],
  },
];

function singlePose(size: 'lightning' | 'thunder', name: string, shardCount: number): ModelSpec {
  return {
    ...family(`movenet-${size}`, `MoveNet ${name}`),
    variants: [
      {
        engine: 'litert',
        backends: engineBackends.litert,
        pipeline: { kind: 'movenet-single' },
        files: [
          network(
            `${TFHUB}/lite-model/movenet/singlepose/${size}/tflite/float16/4?lite-format=tflite`,
          ),
        ],
      },
      {
        engine: 'ort',
        backends: engineBackends.ort,
        pipeline: { kind: 'movenet-single' },
        files: [
          network(
            `https://huggingface.co/Xenova/movenet-singlepose-${size}/resolve/main/onnx/model.onnx`,
          ),
        ],
      },
      {
        engine: 'tfjs',
        backends: engineBackends.tfjs,
        pipeline: { kind: 'tfjs-movenet', variant: size },
        files: hubGraphModel(`singlepose/${size}/4/`, shardCount),
      },
    ],
  };
}

function family(id: string, title: string): Omit<ModelSpec, 'variants'> {
  return {
    id,
    title,
    license: 'Apache-2.0',
    licenseNotice: null,
    source: SOURCE,
    skeleton: 'coco-17',
  };
}

function network(url: string): ModelFile {
  return { name: 'model', url, bytes: null, sha256: null };
}

function hubGraphModel(folder: string, shardCount: number): ModelFile[] {
  return remoteGraphModel(`${TFHUB}/tfjs-model/movenet/${folder}`, shardCount, '?tfjs-format=file');
}
