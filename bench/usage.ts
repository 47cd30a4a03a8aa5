// What `npm run bench -- --help` prints.
import { DEFAULT_TARGET_ID } from '../src/lib/models/catalogue.ts';

/** The usage text. */
export const USAGE = `Usage: npm run bench -- [options]

What to measure on
  --clip FILE      a video (MP4, MOV, WebM, MKV); may be given more than once
                   (default: the built-in actor clip)
  --images DIR     the pictures in a folder (JPEG, PNG, WebP, BMP), nobody followed from one to the next
  --annotations FILE
                   COCO keypoint annotations of the one clip or of the pictures: prints mean OKS, PCK, PCKh,
                   AP and AR. The actor's are known
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
  --plan FILE      the runs of a plan file, a run.json or a results.json again, exactly as they were: instead
                   of all that says what to measure and how; give their clips by their names with --clip

How the engines run
  --threads N      threads on wasm (default: as many as suit the device)
  --max-poses N    people per frame, where the model finds several (default: 1; for --images: 20)
  --smoothing      smooth keypoints over time

How frames arrive
  --scenario ID    single-stream: the next when the last is done (default); offline: all at once;
                   live: at the clip's rate, late ones are dropped; multi-stream: several live streams
  --seconds N      repeat each clip for N seconds (for example 600 or 1800: does the device slow down?)
  --max-fps        live: also search the highest rate at which at most 1 % of frames miss their deadline
  --streams N      multi-stream: so many (default: search how many the device holds)

How often
  --repeat N       make every run N times, each round in another order; 6 or more give an interval
  --cool-down N    seconds between two runs (default: 1)
  --seed N         of all that is drawn at random: intervals, the order of rounds (default: 1)

What becomes of the results
  --out DIR        where results.json goes (default: results)
  --keypoints      also write DIR/keypoints/<runId>.jsonl
  --server URL     also send the events to this running Kinemark
  --help           print this

Exit code: 0, 1 when some target failed, 2 when the arguments or a source cannot be used, or events or
results do not arrive where they are to go.
`;
