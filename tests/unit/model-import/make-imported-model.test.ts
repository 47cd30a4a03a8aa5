import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeImportedModel } from '../../../src/lib/model-import/make-imported-model.ts';
import { targetsOf } from '../../../src/lib/models/target.ts';
import type { PipelineConfig } from '../../../src/lib/pipelines/pipeline-config.ts';

const bytes = (text: string) => new Uint8Array(new TextEncoder().encode(text));
const network = { engine: 'ort', files: [{ name: 'model', contents: bytes('abc') }] } as const;
/** FIPS 180-2, appendix B.1. */
const SHA256_ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

/** The end of the id of this network with a pipeline, given as JSON. */
function digestWith(pipelineJson: string): string {
  return createHash('sha256').update(`${SHA256_ABC}\n${pipelineJson}\n`).digest('hex').slice(0, 8);
}
const AS_YOLO = digestWith('{"kind":"yolo-pose"}');
const AS_MOVENET = digestWith('{"kind":"movenet-single"}');

describe('an imported model', () => {
  it('is a model like any other, pinned by its digest', async () => {
    const { model, contents } = await makeImportedModel(
      network,
      { kind: 'yolo-pose' },
      'My Net v2',
    );
    expect(model).toEqual({
      id: `own-my-net-v2-${AS_YOLO}`,
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
    expect(targetsOf(model)[0]?.id).toBe(`ort/own-my-net-v2-${AS_YOLO}@wasm`);
  });

  it.each([
    ['Ünïcode — 模型!', 'own-n-code-'],
    ['', 'own-model-'],
    ['../../x', 'own-x-'],
    ['a'.repeat(300), `own-${'a'.repeat(40)}-`],
  ])('has an id that fits into a target, whatever its name: %j', async (name, start) => {
    const { model } = await makeImportedModel(network, { kind: 'movenet-single' }, name);
    expect(model.id).toBe(start + AS_MOVENET);
    expect(model.title).not.toBe('');
  });

  it('is another one with another pipeline, however that is written', async () => {
    const configs: PipelineConfig[] = [
      { kind: 'tfjs-movenet', variant: 'lightning' },
      { variant: 'lightning', kind: 'tfjs-movenet' },
      { kind: 'tfjs-movenet', variant: 'thunder' },
    ];
    const ids = configs.map(async (each) => (await makeImportedModel(network, each, '')).model.id);
    const [first, same, other] = await Promise.all(ids);
    expect(first).toBe(`own-model-${digestWith('{"kind":"tfjs-movenet","variant":"lightning"}')}`);
    expect(same).toBe(first);
    expect(other).not.toBe(first);
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
