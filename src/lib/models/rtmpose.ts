// RTMPose, trained on Body7: 17 COCO keypoints of one person, found by SimCC.
//
// The addresses are those of OpenMMLab's ONNX exports. s and m: github.com/Tau-J/rtmlib,
// rtmlib/tools/solution/body.py; t: beside them, under the name of its checkpoint in MMPose's
// projects/rtmpose/README.md. Each is an archive whose network is end2end.onnx.
import { engineBackends } from './engine-backends.ts';
import type { ModelSpec } from './model-spec.ts';

const BASE = 'https://download.openmmlab.com/mmpose/v1/projects/rtmposev1/onnx_sdk';

/** In three sizes, 192×256. */
export const rtmposeModels: readonly ModelSpec[] = [
  rtmpose('t', '026a1439_20230504'),
  rtmpose('s', 'acd4a1ef_20230504'),
  rtmpose('m', 'e48f03d0_20230504'),
];

function rtmpose(size: 't' | 's' | 'm', release: string): ModelSpec {
  return {
    id: `rtmpose-${size}`,
    title: `RTMPose-${size}`,
    license: 'Apache-2.0',
    licenseNotice: null,
    source: 'https://github.com/open-mmlab/mmpose/tree/main/projects/rtmpose',
    skeleton: 'coco-17',
    variants: [
      {
        engine: 'ort',
        backends: engineBackends.ort,
        pipeline: {
          kind: 'simcc',
          // MMPose, configs/body_2d_keypoint/rtmpose: data_preprocessor and codec.
          normalisation: {
            channels: 'rgb',
            mean: [123.675, 116.28, 103.53],
            std: [58.395, 57.12, 57.375],
          },
          splitRatio: 2,
        },
        files: [
          {
            name: 'model',
            url: `${BASE}/rtmpose-${size}_simcc-body7_pt-body7_420e-256x192-${release}.zip#end2end.onnx`,
            bytes: null,
            sha256: null,
          },
        ],
      },
    ],
  };
}
