// OpenPose on MobileNetV2: heat maps and part affinity fields of COCO-18, several people.
//
// The address is that of the file in github.com/PINTO0309/MobileNetV2-PoseEstimation at commit d4a4b541.
import type { ModelSpec } from './model-spec.ts';

/** The network with quantised weights and float activations, 432×368. */
export const openposeModels: readonly ModelSpec[] = [
  {
    id: 'openpose-mobilenetv2',
    title: 'OpenPose MobileNetV2 1.4',
    license: 'MIT',
    licenseNotice: null,
    source: 'https://github.com/PINTO0309/MobileNetV2-PoseEstimation',
    skeleton: 'openpose-18',
    variants: [
      {
        engine: 'litert',
        // Of quantised networks only wasm has been verified.
        backends: ['wasm'],
        pipeline: {
          kind: 'openpose',
          skeleton: 'openpose-18',
          normalisation: { channels: 'bgr', mean: [0, 0, 0], std: [1, 1, 1] },
        },
        files: [
          {
            name: 'model',
            url: 'https://raw.githubusercontent.com/PINTO0309/MobileNetV2-PoseEstimation/d4a4b5419ea4506a41deb960a2573759de40bd6e/models/train/test/tflite/posttraing_quantization/mobilenet_v2_pose_dm14_368_432_weight_quant.tflite',
            bytes: 2350144,
            sha256: '44ca354020f47ae9976fefbc2febd6410000aa8a059ca750300b2cbbb6d2b7d7',
          },
        ],
      },
    ],
  },
];
