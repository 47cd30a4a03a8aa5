// What the TensorFlow.js tests load: networks of the shared assets, files spoiled on purpose, and a tiny
// network made here. Blob URLs stand for files that no server has.
import { bytesToHex } from '@noble/hashes/utils.js';
import { defaultEngineOptions } from '../../src/lib/engines/default-options.ts';
import type { EngineLoadRequest, EngineOptions } from '../../src/lib/engines/pose-engine.ts';
import { findTarget } from '../../src/lib/models/catalogue.ts';
import type { ModelFile, PinnedFile } from '../../src/lib/models/model-spec.ts';

/** The people that the made MultiPose network always sees, best first; their scores. */
export const MADE_SCORES: readonly number[] = [0.9, 0.8, 0.7, 0.6, 0.5, 0.1];

/**
 * How far below the middle everybody is in a white picture, in heights of the picture: little, because the
 * library smooths only what moves slowly.
 */
export const MADE_FALL = 0.002;

/** Shape of MoveNet MultiPose's output: six people of 17 keypoints (y, x, score), a box and a score. */
const MULTIPOSE_SHAPE = [1, 6, 56] as const;
const KEYPOINT_VALUES = 51;
/** A box: top, left, bottom, right, in fractions of the picture. The library follows people by theirs. */
const WHOLE_PICTURE = [0, 0, 1, 1];
const SCORE_INDEX = 55;

/** MoveNet Lightning of the shared assets. */
export async function movenetRequest(): Promise<EngineLoadRequest> {
  const names = ['model.json', ...[1, 2, 3].map((shard) => `group1-shard${shard}of3.bin`)];
  const folder = '/fixtures/models/movenet-singlepose-lightning-tfjs-derived';
  return {
    modelId: 'movenet-lightning',
    files: await Promise.all(names.map((name) => pin(name, `${folder}/${name}`))),
    pipeline: { kind: 'tfjs-movenet', variant: 'lightning' },
    skeleton: 'coco-17',
    backend: 'wasm',
    options: defaultEngineOptions,
  };
}

/** A PoseNet of the shared assets, which are the catalogued bytes. */
export function posenetRequest(modelId: string, folder: string): EngineLoadRequest {
  const target = findTarget(`tfjs/${modelId}@wasm`);
  const files = target.files.map((file) => {
    const url = `/fixtures/models/posenet-mobilenetv1-tfjs/${folder}/${file.url.split('/').at(-1)}`;
    return pinned({ ...file, url });
  });
  return {
    modelId,
    files,
    pipeline: target.pipeline,
    skeleton: target.model.skeleton,
    backend: 'wasm',
    options: { ...defaultEngineOptions, tracking: false },
  };
}

/**
 * A graph model with MoveNet MultiPose's input and output: it sees six people wherever it looks, with
 * scores MADE_SCORES and every keypoint in the middle of the picture, or below by MADE_FALL × brightness.
 */
export async function madeMultiposeRequest(
  options: Partial<EngineOptions>,
): Promise<EngineLoadRequest> {
  const [, people, valuesEach] = MULTIPOSE_SHAPE;
  const inTheDark = new Float32Array(people * valuesEach);
  const fall = new Float32Array(people * valuesEach);
  for (const [person, score] of MADE_SCORES.entries()) {
    const start = person * valuesEach;
    inTheDark.fill(0.5, start, start + KEYPOINT_VALUES);
    inTheDark.set(WHOLE_PICTURE, start + KEYPOINT_VALUES);
    inTheDark[start + SCORE_INDEX] = score;
    for (let y = start; y < start + KEYPOINT_VALUES; y += 3) fall[y] = MADE_FALL / 255;
  }
  const axes = Int32Array.of(1, 2, 3);
  const [int32, float32] = [{ type: 'DT_INT32' }, { type: 'DT_FLOAT' }];
  const seen = 'Identity';
  const model = {
    format: 'graph-model',
    signature: { inputs: { input: { name: 'input' } }, outputs: { [seen]: { name: seen } } },
    modelTopology: {
      node: [
        { name: 'input', op: 'Placeholder', attr: { dtype: int32 } },
        { name: 'inTheDark', op: 'Const', attr: { dtype: float32 } },
        { name: 'fall', op: 'Const', attr: { dtype: float32 } },
        { name: 'axes', op: 'Const', attr: { dtype: int32 } },
        { name: 'pixels', op: 'Cast', input: ['input'], attr: { SrcT: int32, DstT: float32 } },
        { name: 'brightness', op: 'Mean', input: ['pixels', 'axes'] },
        { name: 'fallen', op: 'Mul', input: ['brightness', 'fall'] },
        { name: seen, op: 'AddV2', input: ['inTheDark', 'fallen'] },
      ],
      versions: {},
    },
    weightsManifest: [
      {
        paths: ['made.bin'],
        weights: [
          { name: 'inTheDark', shape: MULTIPOSE_SHAPE, dtype: 'float32' },
          { name: 'fall', shape: MULTIPOSE_SHAPE, dtype: 'float32' },
          { name: 'axes', shape: [axes.length], dtype: 'int32' },
        ],
      },
    ],
  };
  const weights = new Blob([inTheDark, fall, axes]);
  return {
    modelId: 'made-multipose',
    files: [await made('model.json', JSON.stringify(model)), await made('made.bin', weights)],
    pipeline: { kind: 'tfjs-movenet', variant: 'multipose' },
    skeleton: 'coco-17',
    backend: 'wasm',
    options: { ...defaultEngineOptions, ...options },
  };
}

/** A file of this content, with its own right digest. */
export async function made(name: string, content: BlobPart): Promise<PinnedFile> {
  return pin(name, URL.createObjectURL(new Blob([content])));
}

async function pin(name: string, url: string): Promise<PinnedFile> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The tests are not served ${url}.`);
  const bytes = await response.arrayBuffer();
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return { name, url, bytes: bytes.byteLength, sha256: bytesToHex(new Uint8Array(digest)) };
}

function pinned(file: ModelFile): PinnedFile {
  const { bytes, sha256 } = file;
  if (bytes === null || sha256 === null) throw new Error(`${file.name} is not pinned.`);
  return { ...file, bytes, sha256 };
}
