// The user's own model from the file to a pose: read, kept, found again on the next visit, and run.
import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, inject, it, onTestFinished, test } from 'vitest';
import { defaultEngineOptions } from '../../src/lib/engines/default-options.ts';
import { createEngineClient } from '../../src/lib/engines/engine-client.ts';
import { choosePipeline } from '../../src/lib/model-import/choose-pipeline.ts';
import { inspectModel } from '../../src/lib/model-import/inspect-model.ts';
import { keepImportedModel } from '../../src/lib/model-import/keep-imported-model.ts';
import { findTarget } from '../../src/lib/models/catalogue.ts';
import type { ModelSpec } from '../../src/lib/models/model-spec.ts';
import { targetsOf } from '../../src/lib/models/target.ts';
import { openDatabase } from '../../src/lib/storage/database.ts';
import { createOwnModelStore } from '../../src/lib/storage/own-model-store.ts';
import { openClip } from '../../src/lib/video/clip-source.ts';
import { ModelImport } from '../../src/lib/ui/measure/model-import.svelte.ts';
import { findKept, listKept } from '../../src/lib/weights/kept-weights.ts';
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

/** The same archive with a comment of one byte at its end, whose length stands before it. */
function commented(archive: File): File {
  const withoutLength = archive.slice(0, archive.size - 2);
  return new File([withoutLength, new Uint8Array([1, 0, 0x21])], archive.name);
}

/** What the page does when a model is dropped and its proposal is confirmed. */
async function importModel(files: readonly File[], name: string): Promise<ModelSpec> {
  const inspected = await inspectModel(files);
  const pipeline = choosePipeline(inspected, null);
  const db = await openDatabase(DATABASE_NAME);
  try {
    const store = createOwnModelStore(db);
    return await keepImportedModel(inspected, pipeline, name, (model) => store.save(model));
  } finally {
    db.close();
  }
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

test('of a model that could not be saved nothing is kept that was not there before', async () => {
  const file = await download('/models/blazepose-lite.task');
  const inspected = await inspectModel([file]);
  const pipeline = choosePipeline(inspected, null);
  const closed = await openDatabase(DATABASE_NAME);
  closed.close();
  const store = createOwnModelStore(closed);
  const failed = () =>
    keepImportedModel(inspected, pipeline, 'My pose', (model) => store.save(model));
  await expect(failed()).rejects.toMatchObject({ name: 'InvalidStateError' });
  expect(await listKept()).toEqual([]);

  await importModel([file], 'The same');
  const before = await listKept();
  expect(before).toHaveLength(1);
  await expect(failed()).rejects.toMatchObject({ name: 'InvalidStateError' });
  expect(await listKept()).toEqual(before);
});

describe('the import of the page', () => {
  async function addTo(importer: ModelImport, file: File, name: string): Promise<ModelSpec> {
    await importer.read([file]);
    const model = await importer.confirm(name, 0);
    if (!model) throw new Error(importer.problem ?? 'Nothing was confirmed.');
    onTestFinished(() => importer.remove(model, []));
    return model;
  }

  it('removes no weights that another own model has', async () => {
    const importer = new ModelImport();
    // The catalogue must not have it too.
    const file = commented(await download('/models/blazepose-lite.task'));
    const first = await addTo(importer, file, 'First');
    const second = await addTo(importer, file, 'Second');
    const files = second.variants[0]?.files ?? [];
    expect(files).toHaveLength(1);
    await importer.remove(first, [first, second]);
    expect(importer.problem).toBeNull();
    expect(await findKept(files)).not.toBeNull();
    await importer.remove(second, [second]);
    expect(await listKept()).toEqual([]);
  });

  it('removes no weights that the catalogue has', async () => {
    const importer = new ModelImport();
    const file = await download('/models/blazepose-lite.task');
    const model = await addTo(importer, file, 'As in the catalogue');
    const catalogued = findTarget('mediapipe/blazepose-lite@wasm').files;
    await importer.remove(model, [model]);
    expect(importer.problem).toBeNull();
    expect(await findKept(catalogued)).not.toBeNull();
  });
});

test('a database from before there were own models keeps what it has', async () => {
  const old = await openDB(DATABASE_NAME, 1, {
    upgrade(db) {
      db.createObjectStore('runs', { keyPath: 'runId' }).createIndex('startedAt', 'startedAt');
      db.createObjectStore('samples');
      db.createObjectStore('outbox', { autoIncrement: true });
      db.createObjectStore('rejected', { autoIncrement: true });
      db.createObjectStore('settings');
    },
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
