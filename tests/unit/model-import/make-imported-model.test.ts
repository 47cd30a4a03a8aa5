import { describe, expect, it } from 'vitest';
import { makeImportedModel } from '../../../src/lib/model-import/make-imported-model.ts';
import { targetsOf } from '../../../src/lib/models/target.ts';

const bytes = (text: string) => new Uint8Array(new TextEncoder().encode(text));
const network = { engine: 'ort', files: [{ name: 'model', contents: bytes('abc') }] } as const;
/** FIPS 180-2, appendix B.1. */
const SHA256_ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

describe('an imported model', () => {
  it('is a model like any other, pinned by its digest', async () => {
    const { model, contents } = await makeImportedModel(
      network,
      { kind: 'yolo-pose' },
      'My Net v2',
    );
    expect(model).toEqual({
      id: 'own-my-net-v2-ba7816bf',
      title: 'My Net v2',
      license: 'LicenseRef-unknown',
      licenseNotice: null,
      source: 'imported on this device',
      skeleton: 'coco-17',
      variants: [
        {
          engine: 'ort',
          backends: ['wasm', 'webgpu', 'webnn'],
          pipeline: { kind: 'yolo-pose' },
          files: [{ name: 'model', url: `imported:${SHA256_ABC}`, bytes: 3, sha256: SHA256_ABC }],
        },
      ],
    });
    expect(contents).toEqual([bytes('abc')]);
    expect(targetsOf(model)[0]?.id).toBe('ort/own-my-net-v2-ba7816bf@wasm');
  });

  it.each([
    ['Ünïcode — 模型!', 'own-n-code-ba7816bf'],
    ['', 'own-model-ba7816bf'],
    ['../../x', 'own-x-ba7816bf'],
    ['a'.repeat(300), `own-${'a'.repeat(40)}-ba7816bf`],
  ])('has an id that fits into a target, whatever its name: %j', async (name, id) => {
    const { model } = await makeImportedModel(network, { kind: 'movenet-single' }, name);
    expect(model.id).toBe(id);
    expect(model.title).not.toBe('');
  });

  it('has the keypoints of its pipeline', async () => {
    const normalisation = { channels: 'bgr', mean: [0, 0, 0], std: [1, 1, 1] } as const;
    const { model } = await makeImportedModel(
      network,
      { kind: 'openpose', skeleton: 'openpose-25', normalisation },
      'Body 25',
    );
    expect(model.skeleton).toBe('openpose-25');
  });
});
