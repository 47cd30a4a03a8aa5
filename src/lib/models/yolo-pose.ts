// Ultralytics' pose networks, nano size: 17 COCO keypoints of several people in one stage.
//
// Where the addresses are documented: v8: huggingface.co/Xenova/yolov8-pose-onnx (files); 11: Ultralytics'
// own inference library, github.com/ultralytics/inference, src/download.rs; 26: the same publisher's release
// v8.4.0, as used in the README of the R package onnxr.
import { engineBackends } from './engine-backends.ts';
import type { ModelSpec } from './model-spec.ts';

const RELEASES = 'https://github.com/ultralytics/assets/releases/download';

/** Three generations. */
export const yoloPoseModels: readonly ModelSpec[] = [
  yoloPose(
    'yolov8n-pose',
    'YOLOv8n-pose',
    'https://huggingface.co/Xenova/yolov8-pose-onnx/resolve/main/yolov8n-pose.onnx',
  ),
  yoloPose('yolo11n-pose', 'YOLO11n-pose', `${RELEASES}/v8.3.0/yolo11n-pose.onnx`),
  yoloPose('yolo26n-pose', 'YOLO26n-pose', `${RELEASES}/v8.4.0/yolo26n-pose.onnx`),
];

function yoloPose(id: string, title: string, url: string): ModelSpec {
  return {
    id,
    title,
    license: 'AGPL-3.0-only',
    licenseNotice: `${title} is licensed by Ultralytics under the AGPL-3.0: whoever distributes an application with these weights, or offers it over a network, must publish that application's source under the same licence or buy another one from Ultralytics.`,
    source: 'https://github.com/ultralytics/assets/releases',
    skeleton: 'coco-17',
    variants: [
      {
        engine: 'ort',
        backends: engineBackends.ort,
        pipeline: { kind: 'yolo-pose' },
        files: [{ name: 'model', url, bytes: null, sha256: null }],
      },
    ],
  };
}
