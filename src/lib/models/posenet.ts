// PoseNet 2 on MobileNetV1: heat maps and offsets of 17 COCO keypoints, several people.
//
// The addresses are those that @tensorflow-models/pose-detection 2.1.3 composes in
// dist/posenet/load_utils.js; stride and input size are its defaults (dist/posenet/constants.js).
import { engineBackends } from './engine-backends.ts';
import type { ModelFile, ModelSpec } from './model-spec.ts';

const BASE = 'https://storage.googleapis.com/tfjs-models/savedmodel/posenet/mobilenet';

/** What distinguishes a network, and the digests of its two files. */
type Network = {
  readonly id: string;
  readonly title: string;
  readonly folder: string;
  readonly multiplier: 0.5 | 0.75;
  readonly quantBytes: 1 | 2 | 4;
  readonly topology: Pick<ModelFile, 'bytes' | 'sha256'>;
  readonly weights: Pick<ModelFile, 'bytes' | 'sha256'>;
};

/** The one-byte network is degraded beyond use: it shows that a measurement notices. */
export const posenetModels: readonly ModelSpec[] = [
  posenet({
    id: 'posenet-mobilenetv1-050',
    title: 'PoseNet MobileNetV1 0.50',
    folder: 'float/050',
    multiplier: 0.5,
    quantBytes: 4,
    topology: {
      bytes: 49696,
      sha256: 'd6e1cf4f40aca4ad9c6b13ec856e938175c46cc72ce3a7b8864e821e71a337fc',
    },
    weights: {
      bytes: 2309836,
      sha256: '2cd0da2cbd85a1dd02312b2622f42b35019b607ff5c40c3cbb3ecb9302fc54d9',
    },
  }),
  posenet({
    id: 'posenet-mobilenetv1-075-quant2',
    title: 'PoseNet MobileNetV1 0.75, 16 bit',
    folder: 'quant2/075',
    multiplier: 0.75,
    quantBytes: 2,
    topology: {
      bytes: 55699,
      sha256: '38b860de18e6e48ff274477c2b7207ade6f24fa0ca5509319fa01458ca5884d7',
    },
    weights: {
      bytes: 2516390,
      sha256: 'fa9f00dab1468f722f497c06f5c29f60ee3ad9eb1fa81499d0eb16d99290cbd8',
    },
  }),
  posenet({
    id: 'posenet-mobilenetv1-050-quant1',
    title: 'PoseNet MobileNetV1 0.50, 8 bit',
    folder: 'quant1/050',
    multiplier: 0.5,
    quantBytes: 1,
    topology: {
      bytes: 55520,
      sha256: 'ac02e49c650e6a0be0ca18adc4015254535ced44cba5923cecb966f948d90126',
    },
    weights: {
      bytes: 577459,
      sha256: '3b3617a7b7e71d5a0c0620217c28c55a35ca33619f7bd539d6a1b1a9ac754344',
    },
  }),
];

function posenet(network: Network): ModelSpec {
  const { id, title, folder, multiplier, quantBytes, topology, weights } = network;
  return {
    id,
    title,
    license: 'Apache-2.0',
    licenseNotice: null,
    source: 'https://github.com/tensorflow/tfjs-models',
    skeleton: 'coco-17',
    variants: [
      {
        engine: 'tfjs',
        backends: engineBackends.tfjs,
        pipeline: {
          kind: 'tfjs-posenet',
          architecture: 'MobileNetV1',
          outputStride: 16,
          inputSizePx: 257,
          multiplier,
          quantBytes,
        },
        files: [
          // The engine looks for model.json; upstream's name tells the stride.
          { name: 'model.json', url: `${BASE}/${folder}/model-stride16.json`, ...topology },
          {
            name: 'group1-shard1of1.bin',
            url: `${BASE}/${folder}/group1-shard1of1.bin`,
            ...weights,
          },
        ],
      },
    ],
  };
}
