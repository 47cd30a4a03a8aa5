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

/** How every run is made when nothing is said. */
const usualConditions = {
  options: { threads: null, maxPoses: 1, tracking: true, smoothing: false },
  scenario: 'single-stream',
  settings: { durationMs: null, findMaxFps: false, streams: null },
  maxFrames: null,
  seed: 1,
  minDurationMs: 2000,
  expectedDigest: null,
};

function runsOf(...args: string[]) {
  return readBenchOptions(args)?.runs ?? [];
}
function conditionsOf(...args: string[]) {
  return runsOf(...args)[0]?.conditions;
}

/** A file with one person in one image. */
function annotations(): string {
  const path = join(temporaryFolder(), 'truth.json');
  const images = [{ id: 1, file_name: '000001.jpg' }];
  const person = { image_id: 1, keypoints: Array(51).fill(2), area: 9, bbox: [0, 0, 3, 3] };
  writeFileSync(path, JSON.stringify({ images, annotations: [person] }));
  return path;
}

describe('readBenchOptions', () => {
  it('runs the actor on the default target when nothing is said', () => {
    expect(readBenchOptions([])).toEqual({
      runs: [
        {
          source: { path: null, name: 'the actor clip', truth: null },
          target: findTarget(DEFAULT_TARGET_ID),
          conditions: usualConditions,
        },
      ],
      ownModel: null,
      acceptLicense: false,
      repetitions: 1,
      seed: 1,
      coolDownMs: 1000,
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
    const arrival = ['--scenario', 'live', '--seconds', '600', '--max-fps'];
    const often = ['--repeat', '6', '--cool-down', '0', '--seed', '4294967295'];
    const more = ['--out', 'there', '--keypoints', '--server', 'http://localhost:3000'];
    const options = readBenchOptions([...[args, own, where, engine, arrival, often, more].flat()]);
    const conditions = {
      options: { threads: 3, maxPoses: 4, tracking: true, smoothing: true },
      scenario: 'live',
      settings: { durationMs: 600_000, findMaxFps: true, streams: null },
      maxFrames: 30,
      seed: 4294967295,
      minDurationMs: 2000,
      expectedDigest: null,
    };
    const source = { path: thisFile, name: 'bench-options.test.ts', truth: null };
    const onClip = [null, findTarget(heavy)].map((target) => ({ source, target, conditions }));
    expect(options).toEqual({
      runs: [...onClip, ...onClip],
      ownModel: {
        paths: [thisFile, thisFile],
        pipeline: 'simcc',
        engine: 'ort',
        backend: 'webgpu',
      },
      acceptLicense: true,
      repetitions: 6,
      seed: 4294967295,
      coolDownMs: 0,
      outFolder: 'there',
      keypoints: true,
      serverUrl: new URL('http://localhost:3000'),
    });
  });

  it('takes a number of streams, or leaves it to a search', () => {
    const args = ['--scenario', 'multi-stream'];
    expect(conditionsOf(...args)?.settings.streams).toBeNull();
    expect(conditionsOf(...args, '--streams', '3')?.settings.streams).toBe(3);
  });

  it('takes who is annotated in the one clip', () => {
    const truth = annotations();
    const [run] = runsOf('--clip', thisFile, '--annotations', truth);
    expect(run?.source.truth).toMatchObject([{ fileName: '000001.jpg', people: [{}] }]);
  });

  it('follows nobody from picture to picture, and looks for as many people as COCO counts', () => {
    const images = folderOfPictures();
    const [run] = runsOf('--images', images);
    expect(run).toMatchObject({
      source: { paths: [join(images, 'a.jpg')], truth: null },
      conditions: { options: { threads: null, maxPoses: 20, tracking: false, smoothing: false } },
    });
    const fewer = conditionsOf('--images', images, '--max-poses', '2');
    expect(fewer?.options).toMatchObject({ maxPoses: 2, tracking: false });
  });

  it('asks every bundled model about pictures when no target is named', () => {
    const images = folderOfPictures();
    const targets = runsOf('--images', images).flatMap(({ target }) => target ?? []);
    const ids = targets.map(({ id }) => id);
    expect(ids).toContain('mediapipe/blazepose-lite@wasm');
    expect(ids).toContain('ort/blazepose-heavy@wasm');
    expect(ids.filter((id) => !id.endsWith('@wasm'))).toEqual([]);
    const urls = targets.flatMap(({ files }) => files.map(({ url }) => url));
    expect(urls.filter((url) => !url.startsWith('/'))).toEqual([]);
    const named = runsOf('--images', images, '--target', DEFAULT_TARGET_ID);
    expect(named.map(({ target }) => target)).toEqual([findTarget(DEFAULT_TARGET_ID)]);
  });

  it('runs nothing but the own model when nothing else is named', () => {
    expect(readBenchOptions(['--model', thisFile])).toMatchObject({
      ownModel: { paths: [thisFile], pipeline: null, engine: null, backend: 'wasm' },
      runs: [{ target: null }],
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
    [['--max-poses=-1'], /--max-poses is "-1".*from 1 to 100/],
    [['--max-poses', '0'], /--max-poses is "0".*from 1 to 100/],
    [['--server', 'localhost'], /--server is "localhost".*http:/],
    [['--clips'], /--clips.*--help/],
    [['clip.mp4'], /clip\.mp4.*--help/],
    [['--annotations', 'truth.json'], /--annotations.*--clip or --images/],
    [
      ['--clip', thisFile, '--clip', thisFile, '--annotations', 'truth.json'],
      /one clip, but there are 2\. Run each/,
    ],
    [['--clip', thisFile, '--annotations', 'missing.json'], /missing\.json cannot be read/],
    [['--scenario', 'burst'], /--scenario is "burst".*single-stream, offline, live, multi-stream/],
    [['--seconds', '0'], /--seconds is "0".*from 1 to 3600/],
    [['--seconds', '3601'], /--seconds is "3601"/],
    [['--streams', '2'], /--streams.*scenario is single-stream.*--scenario multi-stream/],
    [['--scenario', 'live', '--streams', '2'], /--streams.*scenario is live/],
    [['--scenario', 'multi-stream', '--streams', '0'], /--streams is "0"/],
    [['--max-fps'], /--max-fps.*scenario is single-stream.*--scenario live/],
    [['--repeat', '0'], /--repeat is "0".*at least 1/],
    [['--cool-down', '-1'], /--cool-down/],
    [['--cool-down='], /--cool-down is "".*from 0 to 3600/],
    [['--seed', '4294967296'], /--seed is "4294967296".*from 0 to 4294967295/],
    [['--plan', 'missing.json'], /missing\.json cannot be read \(ENOENT\)/],
    ...[
      ...['--target=x', '--model=x', '--pipeline=x', '--engine=x', '--backend=x', '--threads=1'],
      ...['--max-poses=1', '--smoothing', '--frames=1', '--scenario=live', '--seconds=1'],
      ...['--max-fps', '--streams=1', '--seed=1'],
    ].map((other): [string[], RegExp] => [
      ['--plan', 'plan.json', other],
      new RegExp(`--plan and ${other.split('=')[0]} exclude each other`),
    ]),
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

  it.each([
    [['--smoothing'], /--smoothing and --images exclude each other/],
    [['--seconds', '60'], /--seconds and --images exclude each other/],
    [['--scenario', 'live'], /--scenario live and --images exclude each other/],
    [['--scenario', 'offline'], /--scenario offline and --images exclude each other/],
  ])('refuses %j for pictures', (args, sentence) => {
    const images = ['--images', folderOfPictures()];
    expect(() => readBenchOptions([...images, ...args])).toThrow(sentence);
  });

  it('looks for pictures in the folder itself', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'below.jpg'));
    writeFileSync(join(folder, 'notes.txt'), '');
    expect(() => readBenchOptions(['--images', folder])).toThrow(/has no pictures \(\.jpg/);
  });
});
