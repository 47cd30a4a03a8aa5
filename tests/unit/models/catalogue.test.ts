import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { describe, expect, it, test } from 'vitest';
import { runSummarySchema } from '../../../src/lib/events/run-summary-schema.ts';
import {
  DEFAULT_TARGET_ID,
  UnknownTargetError,
  findTarget,
  models,
  targets,
} from '../../../src/lib/models/catalogue.ts';
import { engineIds } from '../../../src/lib/models/model-spec.ts';
import type { ModelFile } from '../../../src/lib/models/model-spec.ts';
import { hasSharedAssets, sharedAsset } from '../../fixtures/shared-assets.ts';

const files = [
  ...new Map(
    targets.flatMap((target) => target.files.map((file) => [file.url, file] as const)),
  ).values(),
];

/** Where the shared assets have the original bytes of a public address. */
const originals: readonly (readonly [RegExp, string])[] = [
  [/movenet_single_pose_lightning_ptq\.tflite$/, 'movenet-singlepose-lightning-int8-tflite/'],
  [/mobilenet_v2_pose_dm14_368_432_weight_quant\.tflite$/, 'openpose-mobilenetv2-14-tflite/'],
  [/posenet\/mobilenet\/float\/050\//, 'posenet-mobilenetv1-tfjs/float-050/'],
  [/posenet\/mobilenet\/quant1\/050\//, 'posenet-mobilenetv1-tfjs/quant1-050/'],
  [/posenet\/mobilenet\/quant2\/075\//, 'posenet-mobilenetv1-tfjs/quant2-075/'],
];

async function expectPromisedBytes(path: string, { bytes, sha256 }: ModelFile) {
  const contents = await readFile(path);
  expect(contents.byteLength).toBe(bytes);
  expect(createHash('sha256').update(contents).digest('hex')).toBe(sha256);
}

describe('the catalogue', () => {
  it('has targets with unique ids of the form engine/model@backend, which an event can carry', () => {
    const ids = targets.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, engine, model, backend } of targets) {
      expect(id).toBe(`${engine}/${model.id}@${backend}`);
      expect(v.is(runSummarySchema.entries.target, id), id).toBe(true);
    }
  });

  it('has a family for each that was promised, and BlazePose on every engine', () => {
    const ids = models.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(
      expect.arrayContaining([
        'movenet-lightning',
        'movenet-thunder',
        'movenet-multipose',
        'openpose-mobilenetv2',
        'posenet-mobilenetv1-050',
        'rtmpose-t',
        'rtmpose-s',
        'rtmpose-m',
        'yolov8n-pose',
        'yolo11n-pose',
        'yolo26n-pose',
      ]),
    );
    for (const size of ['lite', 'full', 'heavy']) {
      const model = models.find(({ id }) => id === `blazepose-${size}`);
      expect(model?.variants.map(({ engine }) => engine)).toEqual(engineIds);
    }
  });

  it('has a notice for every licence that asks something of whoever runs a page', () => {
    for (const { license, licenseNotice } of models) {
      expect(licenseNotice !== null).toBe(license.startsWith('AGPL'));
    }
    expect(models.some(({ licenseNotice }) => licenseNotice?.includes('AGPL'))).toBe(true);
  });

  it('knows size and digest of a file, or neither', () => {
    for (const { bytes, sha256 } of files) expect(bytes === null).toBe(sha256 === null);
  });

  const builtFiles = files.filter(({ url }) => url.startsWith('/'));
  it.each(builtFiles.map((file) => [file.url, file] as const))(
    'promises for %s just the bytes that the forge builds',
    async (url, file) => expectPromisedBytes(`static${url}`, file),
  );

  it('finds a target, and names the known ones when it does not', () => {
    expect(findTarget(DEFAULT_TARGET_ID).model.id).toBe('blazepose-lite');
    expect(() => findTarget('mediapipe/blazepose@wasm')).toThrow(UnknownTargetError);
    expect(() => findTarget('mediapipe/blazepose@wasm')).toThrow(DEFAULT_TARGET_ID);
  });
});

describe.skipIf(!hasSharedAssets)('digests of public files', () => {
  const known = files.filter(({ url, sha256 }) => url.startsWith('https:') && sha256 !== null);

  test.each(known.map((file) => [file.url, file] as const))(
    '%s has that of the original bytes',
    async (url, file) => {
      const folder = originals.find(([pattern]) => pattern.test(url))?.[1];
      expect(folder, 'a digest without original bytes').toBeDefined();
      const name = url.slice(url.lastIndexOf('/') + 1);
      await expectPromisedBytes(sharedAsset(`models/${folder}${name}`), file);
    },
  );

  test('are there for everything whose original bytes are', () => {
    expect(known).toHaveLength(8);
  });
});
