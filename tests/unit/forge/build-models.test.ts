// The forge end to end on the installed package: exact bytes, the bundles' layout, the manifest, the record.
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildModels, type Artefact } from '../../../tools/forge/build-models.ts';
import { fileIdentifier, FlatbufferTable } from '../../../tools/forge/flatbuffer-table.ts';
import { findPosePackage } from '../../../tools/forge/pose-package.ts';
import { toFileRecord } from '../../../tools/forge/record-files.ts';
import builtFiles from '../../../src/lib/models/built-files.json' with { type: 'json' };
import { readZip, type ReadEntry } from './read-zip.ts';

/** What @mediapipe/pose 0.5.1675469404 gives; the other files are compared with the committed record. */
const SHA256 = {
  'blazepose-lite.task': '41d3461571253487daabd53a1371d6f4702dd2f80d745032887c94a4f79fe1ed',
  'blazepose-full.task': '25a884da8b1755804bc06d9cdfe542d7effdffd237d0df571883585a1d83ece3',
  'blazepose-heavy.task': '749929d437f5406556e18a8343d1e92b530f04da81a1bcd979ace653bf5ad82d',
};
const BUNDLES = Object.keys(SHA256);
const DETECTOR = 'pose_detector.tflite';
const LANDMARKS = 'pose_landmarks_detector.tflite';

/** In the manifest's order. */
const MODELS = [
  'blazepose-lite',
  'blazepose-full',
  'blazepose-heavy',
  'maskless-blazepose-lite',
  'maskless-blazepose-full',
  'blazepose-detector',
];

let folder: string;
let first: Artefact[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kinemark-forge-'));
  first = buildModels(findPosePackage(), folder);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('buildModels', () => {
  it('writes the bundles with the pinned digests', () => {
    const digests = BUNDLES.map((name) => [name, sha256(readFileSync(join(folder, name)))]);
    expect(Object.fromEntries(digests)).toEqual(SHA256);
  });

  it('builds what src/lib/models/built-files.json records, sorted by path', () => {
    expect(toFileRecord(first)).toEqual(builtFiles);
    expect(Object.keys(builtFiles)).toEqual(Object.keys(builtFiles).sort());
  });

  it('writes nothing but these files and the manifest', () => {
    const written = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
    expect(written.sort()).toEqual([...Object.keys(builtFiles), 'manifest.json'].sort());
  });

  it('gives identical bytes when built again over the same folder', () => {
    expect(buildModels(findPosePackage(), folder)).toEqual(first);
  });

  it('returns what it wrote, the manifest last', () => {
    expect(first.at(-1)!.path).toBe('manifest.json');
    for (const { path, bytes, sha256: digest } of first) {
      const written = readFileSync(join(folder, path));
      expect({ bytes, digest }).toEqual({ bytes: written.length, digest: sha256(written) });
    }
  });

  it('lists every model in the manifest with its files, licence and source', () => {
    const json = readFileSync(join(folder, 'manifest.json'), 'utf8');
    const manifest = JSON.parse(json) as { models: { files: object[] }[] };
    // A model's files are named after it, or lie in a folder that is.
    const filesOf = (id: string) =>
      first.filter(({ path }) => new RegExp(`^(tfjs/)?${id}(-landmarks)?[./]`).test(path));
    expect(manifest).toEqual({
      schema: 'kinemark.models/1',
      models: MODELS.map((id) => ({
        id,
        files: filesOf(id),
        license: 'Apache-2.0',
        source: 'npm:@mediapipe/pose@0.5.1675469404',
      })),
    });
    expect(manifest.models.map(({ files }) => files.length)).toEqual([5, 6, 11, 2, 2, 5]);
  });

  it('keeps the landmark networks for LiteRT.js as they are in the package', () => {
    const original = readFileSync(join(findPosePackage(), 'pose_landmark_full.tflite'));
    expect(readFileSync(join(folder, 'blazepose-full-landmarks.tflite')).equals(original)).toBe(
      true,
    );
  });

  it('writes the detector for LiteRT.js without sparse tensors and without DENSIFY', () => {
    const detector = readFileSync(join(folder, 'blazepose-detector.tflite'));
    const root = FlatbufferTable.root(detector);
    const codes = root.tables(1).map((code) => code.uint8(0));
    expect(codes).not.toContain(124);
    const sparse = root
      .tables(2)[0]!
      .tables(0)
      .filter((tensor) => tensor.has(6));
    expect(sparse).toEqual([]);
  });
});

describe.each(BUNDLES)('%s', (bundle) => {
  let entries: Map<string, ReadEntry>;

  beforeAll(() => {
    entries = readZip(readFileSync(join(folder, bundle)));
  });

  it('stores exactly the two networks, uncompressed, aligned and intact', () => {
    expect([...entries.keys()]).toEqual([DETECTOR, LANDMARKS]);
    for (const entry of entries.values()) {
      expect(entry).toMatchObject({ method: 0, dosDate: 0x21, dosTime: 0 });
      expect(entry.dataPosition % 16).toBe(0);
      expect(entry.crc32).toBe(crc32(entry.data));
    }
  });

  it('holds the landmark network of the package byte for byte behind the new root', () => {
    const original = readFileSync(
      join(
        findPosePackage(),
        bundle.replace('blazepose-', 'pose_landmark_').replace('.task', '.tflite'),
      ),
    );
    expect(dataOf(entries, LANDMARKS).subarray(-original.length).equals(original)).toBe(true);
  });

  it.each([
    [DETECTOR, { mean: [127.5], std: [127.5] }],
    [LANDMARKS, { mean: [0], std: [255] }],
  ])('tells how %s wants its RGB input normalised', (name, normalization) => {
    const metadata = embeddedMetadata(dataOf(entries, name));
    expect(fileIdentifier(metadata)).toBe('M001');
    expect(readInput(metadata)).toEqual({
      contentType: 2,
      colorSpace: 1,
      unitType: 1,
      ...normalization,
    });
  });

  it.each([DETECTOR, LANDMARKS])('keeps the weights of %s aligned to 16 bytes', (name) => {
    const model = dataOf(entries, name);
    const buffers = FlatbufferTable.root(model).tables(4);
    const misaligned = buffers.filter((buffer) => {
      const data = buffer.bytes(0);
      return data.length > 0 && (data.byteOffset - model.byteOffset) % 16 !== 0;
    });
    expect(buffers.length).toBeGreaterThan(100);
    expect(misaligned).toEqual([]);
  });
});

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function dataOf(entries: Map<string, ReadEntry>, name: string): Buffer {
  const entry = entries.get(name);
  if (!entry) throw new Error(`The bundle has no ${name}.`);
  return entry.data;
}

/** Follows the slots of schema.fbs as literals, so that a wrong constant in the forge cannot hide. */
function embeddedMetadata(model: Uint8Array): Uint8Array {
  const root = FlatbufferTable.root(model);
  const entry = root.tables(6).find((metadata) => metadata.string(0) === 'TFLITE_METADATA');
  return root.tables(4)[entry?.uint32(1) ?? 0]?.bytes(0) ?? new Uint8Array();
}

/** The same for metadata_schema.fbs: the only input of the only subgraph. */
function readInput(metadata: Uint8Array): object {
  const [subgraph, ...moreSubgraphs] = FlatbufferTable.root(metadata).tables(3);
  const [input, ...moreInputs] = subgraph?.tables(2) ?? [];
  const [unit, ...moreUnits] = input?.tables(4) ?? [];
  expect([...moreSubgraphs, ...moreInputs, ...moreUnits]).toEqual([]);
  return {
    contentType: input?.table(3)?.uint8(0),
    colorSpace: input?.table(3)?.table(1)?.uint8(0),
    unitType: unit?.uint8(0),
    mean: unit?.table(1)?.float32s(0),
    std: unit?.table(1)?.float32s(1),
  };
}
