// The page side of the score: decodes the clip and lets MediaPipe's Pose Landmarker look at every
// frame in order.
import { PoseLandmarker } from '@mediapipe/tasks-vision';
import { ALL_FORMATS, BlobSource, Input, VideoSampleSink } from 'mediabunny';

const WASM_FOLDER = '/node_modules/@mediapipe/tasks-vision/wasm';
const MS_PER_SECOND = 1000;

/**
 * One landmark as MediaPipe gives it: x and y as shares of the frame's size, visibility in [0, 1].
 */
export interface Landmark {
  readonly x: number;
  readonly y: number;
  readonly visibility: number;
}

/** The 33 landmarks of the first person in each frame, in order; null where nobody was found. */
export type DetectedFrames = (readonly Landmark[] | null)[];

/** Runs a model bundle over a clip; both are given by URL. */
export async function detectPoses(clipUrl: string, modelUrl: string): Promise<DetectedFrames> {
  const landmarker = await PoseLandmarker.createFromOptions(
    {
      wasmLoaderPath: `${WASM_FOLDER}/vision_wasm_internal.js`,
      wasmBinaryPath: `${WASM_FOLDER}/vision_wasm_internal.wasm`,
    },
    {
      baseOptions: { modelAssetPath: modelUrl, delegate: 'CPU' },
      runningMode: 'VIDEO',
      numPoses: 1,
    },
  );
  const clip = await (await fetch(clipUrl)).blob();
  const input = new Input({ source: new BlobSource(clip), formats: ALL_FORMATS });
  const track = await input.getPrimaryVideoTrack();
  if (track === null) throw new Error(`${clipUrl} has no video track.`);
  const frames: DetectedFrames = [];
  for await (const sample of new VideoSampleSink(track).samples()) {
    const frame = sample.toVideoFrame();
    const { landmarks } = landmarker.detectForVideo(frame, sample.timestamp * MS_PER_SECOND);
    frame.close();
    sample.close();
    frames.push(landmarks[0]?.map(({ x, y, visibility }) => ({ x, y, visibility })) ?? null);
  }
  landmarker.close();
  return frames;
}
