// The user's own models: read from the real files of the forge and of the shared assets.
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { choosePipeline } from '../../../src/lib/model-import/choose-pipeline.ts';
import { ModelImportError } from '../../../src/lib/model-import/import-error.ts';
import { inspectModel } from '../../../src/lib/model-import/inspect-model.ts';
import { fileFrom, fileOf, filesFrom } from '../../fixtures/model-files.ts';
import { hasSharedAssets, sharedAsset } from '../../fixtures/shared-assets.ts';

const BUILT = 'static/models';

function detectorFiles(): File[] {
  const folder = `${BUILT}/tfjs/blazepose-detector`;
  return filesFrom(folder, readdirSync(folder), 'pose/detector');
}

function landmarkFiles(size: string): File[] {
  const folder = `${BUILT}/tfjs/blazepose-${size}-landmarks`;
  return filesFrom(folder, readdirSync(folder), 'pose/landmarks');
}

async function refusal(files: readonly File[]): Promise<string> {
  const error: unknown = await inspectModel(files).then(
    () => null,
    (cause: unknown) => cause,
  );
  if (!(error instanceof ModelImportError)) throw new Error(`Not refused: ${String(error)}`);
  return error.message;
}

describe('a MediaPipe bundle', () => {
  it('is for the pose landmarker', async () => {
    const inspected = await inspectModel([fileFrom(`${BUILT}/blazepose-lite.task`)]);
    expect(inspected).toMatchObject({
      format: 'task',
      engine: 'mediapipe',
      inputs: [{ type: 'float32', shape: [1, 256, 256, 3] }],
      proposals: [{ kind: 'mediapipe-pose-landmarker' }],
    });
    expect(inspected.outputs.map(({ shape }) => shape)).toContainEqual([1, 195]);
    expect(inspected.files.map(({ name }) => name)).toEqual(['model']);
  });

  it('is refused without its networks, and cut off', async () => {
    const bytes = readFileSync(`${BUILT}/blazepose-lite.task`);
    expect(await refusal([fileOf('cut.task', bytes.subarray(0, 1_000_000))])).toBe(
      'cut.task could not be imported because it is no zip archive or is cut off. Fetch or convert it again.',
    );
    const other = Buffer.from(bytes);
    for (let at = other.indexOf('pose_'); at >= 0; at = other.indexOf('pose_', at)) {
      other.write('face_', at);
    }
    expect(await refusal([fileOf('face.task', other)])).toMatch(/has no pose_detector\.tflite/);
  });
});

describe('a TensorFlow.js model', () => {
  it.each(['lite', 'full', 'heavy'])(
    'is BlazePose %s when it has its two networks in two folders',
    async (size) => {
      const inspected = await inspectModel([...landmarkFiles(size), ...detectorFiles()]);
      expect(inspected).toMatchObject({
        format: 'tfjs',
        engine: 'tfjs',
        proposals: [{ kind: 'tfjs-blazepose', variant: size }],
      });
      expect(inspected.files.map(({ name }) => name)).toEqual(
        expect.arrayContaining([
          'detector/model.json',
          'detector/group1-shard2of2.bin',
          'landmarks/model.json',
        ]),
      );
    },
  );

  it('of one half of BlazePose says that it needs the other', async () => {
    expect(await refusal(detectorFiles())).toMatch(/is one of the two networks of BlazePose/);
    expect(await refusal(landmarkFiles('lite'))).toMatch(/needs both/);
  });

  it('names the shard that is missing', async () => {
    const files = detectorFiles().filter(({ name }) => name !== 'group1-shard2of2.bin');
    expect(await refusal(files)).toBe(
      'pose/detector/model.json could not be imported because group1-shard2of2.bin, which holds a part of its weights, is missing. Choose the JSON file together with all of its shards.',
    );
  });

  it('says when a shard is cut off', async () => {
    const files = detectorFiles().map((file) =>
      file.name === 'group1-shard2of2.bin'
        ? fileOf(file.name, new Uint8Array(10), file.webkitRelativePath)
        : file,
    );
    expect(await refusal(files)).toMatch(
      /shards are cut off or those of another model: they have 4194314 bytes instead of 5930148\. Choose/,
    );
  });

  it('does not take the larger shards of another model for its own', async () => {
    const shards = landmarkFiles('full').filter(({ name }) => name.endsWith('.bin'));
    const files = [
      fileFrom(`${BUILT}/tfjs/blazepose-detector/model.json`, 'pose/landmarks/model.json'),
    ];
    expect(await refusal([...files, ...shards])).toMatch(
      /those of another model: they have 6339042 bytes instead of 5930148/,
    );
  });

  it('does not guess whose shards are whose when two are called the same', async () => {
    const folders = ['blazepose-detector', 'blazepose-full-landmarks'];
    const flat = folders.flatMap((folder) =>
      readdirSync(`${BUILT}/tfjs/${folder}`).map((name) => {
        const contents = readFileSync(`${BUILT}/tfjs/${folder}/${name}`);
        return fileOf(name.endsWith('.json') ? `${folder}.json` : name, contents);
      }),
    );
    expect(await refusal(flat)).toBe(
      'The files could not be imported because two of them are called group1-shard1of2.bin, so that they cannot be told apart. Choose a folder that has the folders of both instead.',
    );
  });

  it('may have weights whose size is not known before they are read', async () => {
    const files = detectorFiles().map((file) => {
      const contents = readFileSync(`${BUILT}/tfjs/blazepose-detector/${file.name}`);
      if (file.name === 'group1-shard2of2.bin') {
        const note = Buffer.from('\x05\0\0\0hello');
        return fileOf(file.name, Buffer.concat([contents, note]), file.webkitRelativePath);
      }
      if (file.name !== 'model.json') return file;
      const model = JSON.parse(contents.toString()) as {
        weightsManifest: { weights: unknown[] }[];
      };
      model.weightsManifest[0]?.weights.push({ name: 'note', shape: [1], dtype: 'string' });
      return fileOf(file.name, JSON.stringify(model), file.webkitRelativePath);
    });
    const inspected = await inspectModel([...landmarkFiles('lite'), ...files]);
    expect(inspected.proposals).toEqual([{ kind: 'tfjs-blazepose', variant: 'lite' }]);
  });

  test.each([
    ['is no JSON', '{"modelTopology":', 'it is damaged or cut off'],
    ['is another JSON', '{"a":1}', 'it describes no TensorFlow.js graph model'],
    ['is a layers model', '{"format":"layers-model","modelTopology":{}}', 'no TensorFlow.js graph'],
  ])('that %s is refused', async (_, text, message) => {
    expect(await refusal([fileOf('model.json', text)])).toContain(message);
  });
});

describe.each(['.tflite', '.onnx'])('a network as %s', (extension) => {
  const path = `${BUILT}/blazepose-lite-landmarks${extension}`;

  it('that fits no pipeline names its shapes', async () => {
    expect(await refusal([fileFrom(path)])).toMatch(
      /^blazepose-lite-landmarks\S+ fits no pipeline: its shapes are 1×256×256×3 → .*1×195/,
    );
  });

  it('that is damaged is refused at whatever byte it ends', async () => {
    const bytes = readFileSync(path);
    for (const end of [3, 4, 7, 8, 12, 40, 1000, bytes.length / 2, bytes.length - 64]) {
      const message = await refusal([fileOf(`cut${extension}`, bytes.subarray(0, end))]);
      expect(message, `cut at ${end}`).toMatch(/because it (is no|is damaged or cut off|has no)/);
    }
  });

  it('with any wrong bytes is refused or read, but never fails otherwise', async () => {
    const bytes = readFileSync(path);
    // A linear congruential generator (Park and Miller): the same bytes at every run.
    let seed = 1;
    const random = (limit: number) => (seed = (seed * 48_271) % 2_147_483_647) % limit;
    // What describes the network lies at the ends; the middle is weights.
    const describing = 20_000;
    for (let round = 0; round < 200; round++) {
      const changed = Buffer.from(bytes);
      for (let count = 0; count < 10; count++) {
        const at = random(describing);
        changed[round % 2 === 0 ? 8 + at : bytes.length - 1 - at] = random(256);
      }
      await inspectModel([fileOf(`changed${extension}`, changed)]).catch((cause: unknown) => {
        if (!(cause instanceof ModelImportError)) throw cause;
      });
    }
  });

  it('that is empty says so', async () => {
    expect(await refusal([fileOf(`none${extension}`, '')])).toMatch(/^none\.\w+ is empty\./);
  });
});

test.each([
  ['no file', [], /^No file was given\. Choose a \.task/],
  ['a file of another kind', [fileOf('model.zip', 'PK')], /model\.zip is no model that Kinemark/],
  ['a file without an extension', [fileOf('model', 'x')], /model is no model that Kinemark knows/],
  [
    'two files that are not one model',
    [fileOf('a.onnx', 'x'), fileOf('b.onnx', 'x')],
    /^2 files were given, which are not one model/,
  ],
  ['shards alone', [fileOf('a.bin', 'x')], /model\.json of a TensorFlow\.js model with its shards/],
])('%s is refused', async (_, files, message) => {
  expect(await refusal(files)).toMatch(message);
});

describe.skipIf(!hasSharedAssets)('a network of the shared assets', () => {
  const models = (path: string) => sharedAsset(`models/${path}`);

  test.each([
    [
      'movenet-singlepose-lightning-int8-tflite/movenet_single_pose_lightning_ptq.tflite',
      {
        format: 'tflite',
        engine: 'litert',
        inputs: [{ name: 'serving_default_input:0', type: 'uint8', shape: [1, 192, 192, 3] }],
        outputs: [{ name: 'StatefulPartitionedCall:0', type: 'float32', shape: [1, 1, 17, 3] }],
        proposals: [{ kind: 'movenet-single' }],
      },
    ],
    [
      'movenet-singlepose-lightning-onnx-derived/movenet_lightning_w8.onnx',
      {
        format: 'onnx',
        engine: 'ort',
        inputs: [{ name: 'input', type: 'int32', shape: [1, 192, 192, 3] }],
        outputs: [{ name: 'output_0', type: 'float32', shape: [1, 1, 17, 3] }],
        proposals: [{ kind: 'movenet-single' }],
      },
    ],
    [
      'openpose-mobilenetv2-14-tflite/mobilenet_v2_pose_dm14_368_432_weight_quant.tflite',
      {
        engine: 'litert',
        inputs: [{ name: 'image', type: 'float32', shape: [1, 368, 432, 3] }],
        outputs: [{ name: 'Openpose/concat_stage7', type: 'float32', shape: [1, 46, 54, 57] }],
        proposals: [{ kind: 'openpose', skeleton: 'openpose-18' }],
      },
    ],
    [
      'openpose-mobilenetv2-14-onnx-derived/openpose_mnv2_14_w8.onnx',
      {
        engine: 'ort',
        inputs: [{ name: 'image', type: 'float32', shape: [1, -1, -1, 3] }],
        proposals: [{ kind: 'openpose', skeleton: 'openpose-18' }],
      },
    ],
  ])('%s', async (path, expected) => {
    expect(await inspectModel([fileFrom(models(path))])).toMatchObject(expected);
  });

  test('MoveNet as TensorFlow.js', async () => {
    const folder = models('movenet-singlepose-lightning-tfjs-derived');
    const names = ['group1-shard1of3.bin', 'group1-shard2of3.bin', 'group1-shard3of3.bin'];
    const inspected = await inspectModel(filesFrom(folder, ['model.json', ...names], 'movenet'));
    expect(inspected).toMatchObject({
      inputs: [{ name: 'input', type: 'int32', shape: [1, 192, 192, 3] }],
      outputs: [{ name: 'Identity', type: 'float32', shape: [1, 1, 17, 3] }],
      proposals: [{ kind: 'tfjs-movenet', variant: 'lightning' }],
    });
    expect(inspected.files.map(({ name }) => name)).toEqual(['model.json', ...names]);
  });

  test.each([
    ['float-050', 'model-stride16.json', { multiplier: 0.5, quantBytes: 4, outputStride: 16 }],
    ['quant1-050', 'model-stride8.json', { multiplier: 0.5, quantBytes: 1, outputStride: 8 }],
    ['quant2-075', 'model-stride16.json', { multiplier: 0.75, quantBytes: 2, outputStride: 16 }],
  ])('PoseNet %s, dropped file by file', async (folder, graph, expected) => {
    const files = [graph, 'group1-shard1of1.bin'].map((name) =>
      fileFrom(models(`posenet-mobilenetv1-tfjs/${folder}/${name}`)),
    );
    const inspected = await inspectModel(files);
    expect(inspected.proposals).toEqual([
      { kind: 'tfjs-posenet', architecture: 'MobileNetV1', inputSizePx: 257, ...expected },
    ]);
    expect(inspected.files.map(({ name }) => name)).toEqual(['model.json', 'group1-shard1of1.bin']);
  });

  test('takes the pipeline that is asked for if it fits, and names those that do', async () => {
    const file = fileFrom(
      models('movenet-singlepose-lightning-onnx-derived/movenet_lightning_w8.onnx'),
    );
    const inspected = await inspectModel([file]);
    expect(choosePipeline(inspected, null)).toEqual({ kind: 'movenet-single' });
    expect(choosePipeline(inspected, 'movenet-single')).toEqual({ kind: 'movenet-single' });
    expect(() => choosePipeline(inspected, 'yolo-pose')).toThrow(
      'The pipeline yolo-pose does not fit the model, whose shapes are 1×192×192×3 → 1×1×17×3. Choose one of: movenet-single.',
    );
  });
});
