// What `npm run bench -- --help` prints.
import { DEFAULT_TARGET_ID } from '../src/lib/models/catalogue.ts';

/** The usage text. */
export const USAGE = `Usage: npm run bench -- [options]

What to measure on
  --clip FILE      a video (MP4, MOV, WebM, MKV); may be given more than once
                   (default: the built-in actor clip)
  --images DIR     the pictures in a folder (JPEG, PNG, WebP, BMP), nobody followed from one to the next
  --annotations FILE
                   COCO keypoint annotations of these pictures: also prints COCO's AP and AR
  --frames N       process only the first N frames of each clip, or pictures by name

What to measure
  --target IDS     engine/model@backend, * for any part, separated by commas; may be given more than once
                   (default: ${DEFAULT_TARGET_ID};
                   for --images: every model that comes with Kinemark, on every engine's wasm)
  --accept-license you have read the notice of weights whose licence binds their users
  --model FILE     a model of your own (.task, .tflite, .onnx; model.json and its shards: once per file)
  --pipeline KIND  what is around its network, for example yolo-pose (default: what its shapes suggest)
  --engine ID, --backend ID
                   where it runs (default: the engine that reads it, wasm)

How the engines run
  --threads N      threads on wasm (default: as many as suit the device)
  --max-poses N    people per frame, where the model finds several (default: 1; for --images: 20)
  --smoothing      smooth keypoints over time

What becomes of the results
  --out DIR        where results.json goes (default: results)
  --keypoints      also write DIR/keypoints/<runId>.jsonl
  --server URL     also send the events to this running Kinemark
  --help           print this

Exit code: 0, 1 when some target failed, 2 when the arguments or a source cannot be used, or events or
results do not arrive where they are to go.
`;
