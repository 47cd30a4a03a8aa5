// The user's own model from the file to a pose: read, kept, found again on the next visit, and run.
import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, inject, it, onTestFinished, test } from 'vitest';
import { defaultEngineOptions } from '../../src/lib/engines/default-options.ts';
import { createEngineClient } from '../../src/lib/engines/engine-client.ts';
import { choosePipeline } from '../../src/lib/model-import/choose-pipeline.ts';
import { inspectModel } from '../../src/lib/model-import/inspect-model.ts';
import { makeImportedModel } from '../../src/lib/model-import/make-imported-model.ts';
import type { ModelSpec } from '../../src/lib/models/model-spec.ts';
import { targetsOf } from '../../src/lib/models/target.ts';
import { openDatabase } from '../../src/lib/storage/database.ts';
import { createOwnModelStore } from '../../src/lib/storage/own-model-store.ts';
import { openClip } from '../../src/lib/video/clip-source.ts';
import { keepImported } from '../../src/lib/weights/kept-weights.ts';
import { obtainFiles } from '../../src/lib/weights/obtain-files.ts';
import { actorClip } from './made-clips.ts';

const DATABASE_NAME = 'kinemark-test-own-models';

beforeEach(clear);
afterEach(clear);
async function clear() {
  await deleteDB(DATABASE_NAME);
  await caches.delete('kinemark-weights-v1');
}

async function download(path: string): Promise<File> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path} is not there.`);
  return new File([await response.blob()], path.slice(path.lastIndexOf('/') + 1));
}

/** What the page does when a model is dropped and its proposal is confirmed. */
async function importModel(files: readonly File[], name: string): Promise<ModelSpec> {
  const inspected = await inspectModel(files);
  const pipeline = choosePipeline(inspected, null);
  const { model, contents } = await makeImportedModel(inspected, pipeline, name);
  for (const each of contents) await keepImported(each);
  const db = await openDatabase(DATABASE_NAME);
  await createOwnModelStore(db).save(model);
  db.close();
  return model;
}

async function storedModels(): Promise<readonly ModelSpec[]> {
  const db = await openDatabase(DATABASE_NAME);
  try {
    return await createOwnModelStore(db).list();
  } finally {
    db.close();
  }
}

async function actorFrame(): Promise<VideoFrame> {
  const source = await openClip(await actorClip(), { kind: 'actor', maxFrames: 1 });
  try {
    for await (const { frame } of source.frames()) return frame;
  } finally {
    source.close();
  }
  throw new Error('The actor has no frame.');
}

describe('an imported bundle', () => {
  it('is a target like any other on the next visit', async () => {
    await importModel([await download('/models/blazepose-lite.task')], 'My pose');
    const [model] = await storedModels();
    const [target] = model ? targetsOf(model) : [];
    if (!target) throw new Error('Nothing was stored.');
    expect(target.id).toMatch(/^mediapipe\/own-my-pose-[0-9a-f]{8}@wasm$/);

    const files = await obtainFiles(target.files);
    const engine = createEngineClient(target.engine);
    onTestFinished(() => engine.dispose());
    await engine.load({
      modelId: target.model.id,
      files,
      pipeline: target.pipeline,
      skeleton: target.model.skeleton,
      backend: target.backend,
      options: defaultEngineOptions,
    });
    const { poses } = await engine.estimate(await actorFrame(), 0);
    expect(poses[0]?.score).toBeGreaterThan(0.8);
  });

  it('asks to be imported again when the browser has thrown it away', async () => {
    const model = await importModel([await download('/models/blazepose-lite.task')], 'My pose');
    await caches.delete('kinemark-weights-v1');
    const [target] = targetsOf(model);
    await expect(obtainFiles(target?.files ?? [])).rejects.toThrow(
      'The model was imported on this device, but the browser no longer has it. Import the model again.',
    );
  });
});

test('a model imported again takes the place of the first, and can be removed', async () => {
  const file = await download('/models/blazepose-lite.task');
  const model = await importModel([file], 'My pose');
  await importModel([file], 'My pose');
  expect(await storedModels()).toEqual([model]);
  const db = await openDatabase(DATABASE_NAME);
  await createOwnModelStore(db).remove(model.id);
  db.close();
  expect(await storedModels()).toEqual([]);
});

test('a database from before there were own models keeps what it has', async () => {
  const old = await openDB(DATABASE_NAME, 1, {
    upgrade: (db) => void db.createObjectStore('settings'),
  });
  await old.put('settings', 'b', 'a');
  old.close();
  const db = await openDatabase(DATABASE_NAME);
  onTestFinished(() => db.close());
  expect(await db.get('settings', 'a')).toBe('b');
  expect(await createOwnModelStore(db).list()).toEqual([]);
});

describe.skipIf(!inject('hasSharedAssets'))('dropped files', () => {
  it('of a TensorFlow.js model are all kept', async () => {
    const folder = '/fixtures/models/posenet-mobilenetv1-tfjs/quant2-075';
    const files = await Promise.all(
      ['model-stride16.json', 'group1-shard1of1.bin'].map((name) => download(`${folder}/${name}`)),
    );
    const model = await importModel(files, 'PoseNet');
    const [target] = targetsOf(model);
    const obtained = await obtainFiles(target?.files ?? []);
    expect(obtained.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['model.json', 55_699],
      ['group1-shard1of1.bin', 2_516_390],
    ]);
  });
});
