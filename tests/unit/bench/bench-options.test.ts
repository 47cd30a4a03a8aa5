import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBenchOptions } from '../../../bench/bench-options.ts';
import { DEFAULT_TARGET_ID, findTarget } from '../../../src/lib/models/catalogue.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const thisFile = import.meta.filename;

function folderOfPictures(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'a.jpg'), '');
  return folder;
}

describe('readBenchOptions', () => {
  it('runs the actor on the default target when nothing is said', () => {
    expect(readBenchOptions([])).toEqual({
      clips: [{ path: null, name: 'the actor clip' }],
      images: null,
      ownModel: null,
      targets: [findTarget(DEFAULT_TARGET_ID)],
      acceptLicense: false,
      engineOptions: { threads: null, maxPoses: 1, tracking: true, smoothing: false },
      maxFrames: null,
      outFolder: 'results',
      keypoints: false,
      serverUrl: null,
    });
  });

  it('takes everything that can be said', () => {
    const heavy = 'mediapipe/blazepose-heavy@wasm';
    const args = ['--clip', thisFile, '--clip', thisFile, '--target', heavy, '--frames', '30'];
    const engine = ['--threads', '3', '--max-poses', '4', '--smoothing'];
    const own = ['--model', thisFile, '--model', thisFile, '--pipeline', 'simcc'];
    const where = ['--engine', 'ort', '--backend', 'webgpu', '--accept-license'];
    const more = ['--out', 'there', '--keypoints', '--server', 'http://localhost:3000'];
    expect(readBenchOptions([...args, ...own, ...where, ...engine, ...more])).toEqual({
      clips: Array(2).fill({ path: thisFile, name: 'bench-options.test.ts' }),
      images: null,
      ownModel: {
        paths: [thisFile, thisFile],
        pipeline: 'simcc',
        engine: 'ort',
        backend: 'webgpu',
      },
      targets: [findTarget(heavy)],
      acceptLicense: true,
      engineOptions: { threads: 3, maxPoses: 4, tracking: true, smoothing: true },
      maxFrames: 30,
      outFolder: 'there',
      keypoints: true,
      serverUrl: new URL('http://localhost:3000'),
    });
  });

  it('follows nobody from picture to picture, and looks for as many people as COCO counts', () => {
    const images = folderOfPictures();
    const options = readBenchOptions(['--images', images]);
    expect(options).toMatchObject({
      clips: [],
      images: { paths: [join(images, 'a.jpg')], truth: null },
      engineOptions: { threads: null, maxPoses: 20, tracking: false, smoothing: false },
    });
    const fewer = readBenchOptions(['--images', images, '--max-poses', '2']);
    expect(fewer?.engineOptions).toMatchObject({ maxPoses: 2, tracking: false });
  });

  it('asks every bundled model about pictures when no target is named', () => {
    const images = folderOfPictures();
    const targets = readBenchOptions(['--images', images])?.targets ?? [];
    const ids = targets.map(({ id }) => id);
    expect(ids).toContain('mediapipe/blazepose-lite@wasm');
    expect(ids).toContain('ort/blazepose-heavy@wasm');
    expect(ids.filter((id) => !id.endsWith('@wasm'))).toEqual([]);
    const urls = targets.flatMap(({ files }) => files.map(({ url }) => url));
    expect(urls.filter((url) => !url.startsWith('/'))).toEqual([]);
    const named = readBenchOptions(['--images', images, '--target', DEFAULT_TARGET_ID]);
    expect(named?.targets).toEqual([findTarget(DEFAULT_TARGET_ID)]);
  });

  it('runs nothing but the own model when nothing else is named', () => {
    expect(readBenchOptions(['--model', thisFile])).toMatchObject({
      ownModel: { paths: [thisFile], pipeline: null, engine: null, backend: 'wasm' },
      targets: [],
    });
  });

  it('asks for nothing but help with --help', () => {
    expect(readBenchOptions(['--help'])).toBeNull();
  });

  it.each([
    [['--target', 'nobody/knows@it'], /"nobody\/knows@it" is unknown.*mediapipe\/blazepose-lite/],
    [['--clip', 'missing.mp4'], /missing\.mp4 does not exist/],
    [['--clip', '.'], /is not a file/],
    [['--frames', '0'], /--frames is "0".*at least 1/],
    [['--frames', 'many'], /--frames is "many"/],
    [['--threads', '1.5'], /--threads is "1\.5".*whole number/],
    [['--max-poses=-1'], /--max-poses is "-1".*at least 1/],
    [['--max-poses', '0'], /--max-poses is "0".*at least 1/],
    [['--server', 'localhost'], /--server is "localhost".*http:/],
    [['--clips'], /--clips.*--help/],
    [['clip.mp4'], /clip\.mp4.*--help/],
    [['--annotations', 'truth.json'], /--annotations.*--images/],
    [['--model', 'missing.onnx'], /missing\.onnx does not exist.*\.tflite/],
    [['--model', '.'], /is not a file/],
    [['--model', thisFile, '--engine', 'tensorrt'], /--engine is "tensorrt".*mediapipe, litert/],
    [['--model', thisFile, '--backend', 'npu'], /--backend is "npu".*wasm, webgl/],
    [['--pipeline', 'simcc'], /--pipeline.*there is none.*--model/],
    [['--images', 'missing'], /missing cannot be read \(ENOENT\)/],
    [['--images', '.', '--clip', thisFile], /--images and --clip exclude each other/],
  ])('says what is wrong with %j', (args, sentence) => {
    expect(() => readBenchOptions(args)).toThrow(sentence);
  });

  it('does not smooth pictures', () => {
    const args = ['--images', folderOfPictures(), '--smoothing'];
    expect(() => readBenchOptions(args)).toThrow(/--smoothing and --images exclude each other/);
  });

  it('looks for pictures in the folder itself', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'below.jpg'));
    writeFileSync(join(folder, 'notes.txt'), '');
    expect(() => readBenchOptions(['--images', folder])).toThrow(/has no pictures \(\.jpg/);
  });
});
