// `npm run bench` as a program: what it writes, sends, prints and how it refuses.
import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { openBenchBrowser } from '../../bench/browser.ts';
import { createHeadlessTab } from '../../bench/headless-tab.ts';
import type { RunSummary } from '../../src/lib/benchmark/run-result.ts';
import type { HeadlessRequest } from '../../src/lib/ui/headless-api.ts';
import { conditions } from '../fixtures/run-plans.ts';
import { benchCommand, expectRefusal } from './bench-command.ts';
import { causesOf } from './causes-of.ts';
import { hasSharedAssets, sharedAsset } from '../fixtures/shared-assets.ts';

const LITE = ['--target', 'mediapipe/blazepose-lite@wasm'] as const;
const OPENPOSE =
  'models/openpose-mobilenetv2-14-tflite/mobilenet_v2_pose_dm14_368_432_weight_quant.tflite';
const ACTOR_PATH = 'static/clips/actor.mp4';
/** The share of frames in which a person who is there must be found. */
const MIN_DETECTION_RATE = 0.95;

const { pathTo, bench, readResults, readKeypoints } = benchCommand();

/** Fails unless the results are what docs/results.schema.json says. */
function requireSchema(results: object): void {
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(
    JSON.parse(readFileSync('docs/results.schema.json', 'utf8')) as object,
  );
  expect(validate(results), JSON.stringify(validate.errors)).toBe(true);
}

test('the actor and a dancer, whole: every frame, and the people in them', async () => {
  test.skip(!hasSharedAssets, 'needs the shared clips (KINEMARK_FIXTURES)');
  const dancer = sharedAsset('clips/dance_keith_30fps.mp4');
  const { code, stderr } = await bench('--clip', ACTOR_PATH, '--clip', dancer, '--keypoints');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const [actor, dance] = readResults().runs;
  if (!actor || !dance) throw new Error('There are not two runs.');
  expect(actor.frames).toMatchObject({ decoded: 720, processed: 720, dropped: 0 });
  expect(dance.frames).toMatchObject({ decoded: 545, processed: 545, dropped: 0 });
  expect(dance.quality.detectionRate).toBeGreaterThanOrEqual(MIN_DETECTION_RATE);

  const truth = JSON.parse(readFileSync('static/clips/actor.gt.json', 'utf8')) as {
    annotations: { image_id: number }[];
  };
  const present = new Set(truth.annotations.map(({ image_id }) => image_id - 1));
  const lines = readKeypoints(actor.runId);
  expect(lines).toHaveLength(720);
  const found = lines.filter(({ frame, poses }) => present.has(frame) && poses.length > 0);
  expect(found.length / present.size).toBeGreaterThanOrEqual(MIN_DETECTION_RATE);
});

test('what is written and what is sent agree', async ({ baseURL, request }) => {
  const args = ['--frames', '130', '--keypoints', '--server', String(baseURL)];
  const first = await bench(...args);
  expect(first.stderr).toBe('');
  expect(first.code).toBe(0);
  expect(first.stdout).toContain('mediapipe/blazepose-lite@wasm  actor.mp4  130');

  const results = readResults();
  requireSchema(results);
  const [run] = results.runs;
  if (!run) throw new Error('There is no run.');
  expect(run).toMatchObject({
    outcome: 'finished',
    source: { kind: 'actor', frameCount: 720 },
    frames: { decoded: 130, processed: 130, dropped: 0 },
  });
  expect(causesOf(run.verdict.reasons)).toEqual([]);
  expect(run.latencyMs.endToEnd).toMatchObject({ count: 130, p99: null });

  const lines = readKeypoints(run.runId);
  expect(lines.map(({ frame }) => frame)).toEqual(Array.from({ length: 130 }, (_, i) => i));
  expect(lines[0]).toMatchObject({ ptsMs: 0, skeleton: 'blazepose-33' });
  expect(lines[0]?.poses[0]?.keypoints).toHaveLength(33);

  // The store has the run, and its windows add up to it.
  const stored = (await (await request.get(`/runs/${run.runId}/run.json`)).json()) as {
    finished: RunSummary;
    windows: { frames: RunSummary['frames'] }[];
  };
  expect(stored.finished).toEqual(run);
  for (const count of ['decoded', 'processed', 'dropped', 'detected'] as const) {
    expect(stored.windows.reduce((sum, { frames }) => sum + frames[count], 0)).toBe(
      run.frames[count],
    );
  }

  const second = await bench('--frames', '130');
  expect(second.code).toBe(0);
  expect(readResults().runs[0]?.source.framesDigest).toBe(run.source.framesDigest);
});

test('a file that breaks off is measured up to the break, and not valid', async () => {
  const cut = pathTo('cut.mp4');
  const whole = readFileSync(ACTOR_PATH);
  writeFileSync(cut, whole.subarray(0, whole.byteLength / 4));
  const { code, stdout } = await bench('--clip', cut);
  expect(code).toBe(0);
  expect(stdout).toMatch(/invalid: .*source-truncated/);
  const [run] = readResults().runs;
  expect(causesOf(run?.verdict.reasons)).toEqual(['source-truncated']);
  expect(run?.source.frameCount).toBe(720);
  expect(run?.frames.processed).toBeGreaterThan(64);
  expect(run?.frames.processed).toBeLessThan(720);
});

test.describe('the 27 photographs', () => {
  test.skip(!hasSharedAssets, 'needs the shared photographs (KINEMARK_FIXTURES)');
  const images = sharedAsset('gt/coco-permissive/images');
  const annotations = sharedAsset('gt/coco-permissive/person_keypoints_subset.json');

  test('are scored by what COCO annotated', async () => {
    const { code, stdout, stderr } = await bench(
      '--images',
      images,
      '--annotations',
      annotations,
      ...LITE,
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const results = readResults();
    const [run] = results.runs;
    expect(run).toMatchObject({
      source: { kind: 'images', name: '27 images', frameCount: 27 },
      frames: { processed: 27 },
      options: { tracking: false, maxPoses: 20 },
      accuracy: { images: 27, people: 70 },
    });
    const { ap, ap50, ap75 } = run?.accuracy ?? {};
    expect(ap).toBeGreaterThan(0);
    expect(stdout).toContain('target                         AP     AP50   AP75');
    const figures = [ap, ap50, ap75].map((value) => value?.toFixed(3)).join('  ');
    expect(stdout).toContain(`mediapipe/blazepose-lite@wasm  ${figures}  `);
    expect(stdout).toMatch(/ {2}70 {6}27\n/);
    requireSchema(results);
  });

  test('are measured without annotations too', async () => {
    const { code, stdout } = await bench('--images', images, '--frames', '5', ...LITE);
    expect(code).toBe(0);
    expect(stdout).not.toContain('AP50');
    const [run] = readResults().runs;
    expect(run?.frames.processed).toBe(5);
    expect(run?.source.frameCount).toBe(27);
    expect(run?.accuracy).toBeNull();
  });
});

test('a target that cannot run does not end the sweep', async () => {
  const targets = `ort/yolo11n-pose@wasm,ort/blazepose-lite@webnn,${LITE[1]}`;
  const { code, stdout, stderr } = await bench('--frames', '5', '--target', targets);
  expect(code).toBe(1);
  const lines = stderr.trimEnd().split('\n');
  expect(lines).toEqual([
    expect.stringMatching(
      /^kinemark bench: ort\/yolo11n-pose@wasm did not run.+AGPL-3\.0.+--accept-license/,
    ),
    expect.stringMatching(/^kinemark bench: ort\/blazepose-lite@webnn did not run: .*WebNN/),
  ]);
  expect(stdout).toContain(`${LITE[1]}  actor.mp4  5`);
  expect(readResults().runs.map(({ target }) => target)).toEqual([LITE[1]]);
});

test('a GPU that the CPU stands in for is named, and makes a run invalid', async () => {
  const target = 'mediapipe/blazepose-lite@webgl';
  const { code, stderr } = await bench('--frames', '3', '--target', target);
  expect(code, stderr).toBe(0);
  const results = readResults();
  requireSchema(results);
  const [run] = results.runs;
  expect(run?.backendUsed).toBe('webgl');
  // Where there is a real GPU, there is nothing to see.
  test.skip(run?.environment.adapter?.software !== true, 'this machine has a GPU');
  expect(run?.environment.adapter?.name).toMatch(/SwiftShader|llvmpipe/i);
  expect(causesOf(run?.verdict.reasons)).toEqual(['too-few-samples', 'software-adapter']);
});

test('a page that crashes in a run is replaced, with the same source', async () => {
  const browser = await openBenchBrowser();
  const pages: Page[] = [];
  const openPage = async (path: string) => {
    const page = await browser.openPage(path);
    pages.push(page);
    return page;
  };
  const tab = createHeadlessTab({ ...browser, openPage }, null);
  try {
    await tab.openSource({ path: null, name: 'the actor clip', truth: null }, 5);
    const request: HeadlessRequest = {
      ...conditions,
      targetId: LITE[1],
      maxFrames: 5,
      expectedDigest: null,
      deviceId: randomUUID(),
      keypoints: false,
    };
    const crashing = expect(tab.run(request)).rejects.toThrow(
      /^The page in the browser broke off \(.+\)[^\n]+$/,
    );
    await expect(pages[0]?.goto('chrome://crash')).rejects.toThrow();
    await crashing;
    const { summary } = await tab.run(request);
    expect(summary.frames.processed).toBe(5);
    expect(pages).toHaveLength(2);
  } finally {
    await tab.close();
  }
});

test.describe('a model of the own', () => {
  test.skip(!hasSharedAssets, 'needs the shared networks (KINEMARK_FIXTURES)');

  test('runs like any other', async () => {
    const model = sharedAsset(OPENPOSE);
    const photo = pathTo('pictures');
    mkdirSync(photo);
    copyFileSync(sharedAsset('images/three_people.jpg'), join(photo, 'three_people.jpg'));
    const args = ['--model', model, '--pipeline', 'openpose', '--images', photo, '--keypoints'];
    const { code, stderr } = await bench(...args);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const [run] = readResults().runs;
    expect(run).toMatchObject({ engine: 'litert', backend: 'wasm', backendUsed: 'wasm' });
    const [line] = readKeypoints(run?.runId ?? '');
    expect(line?.poses).toHaveLength(3);
  });

  test('is refused when its file is damaged or the pipeline does not fit', async () => {
    const damaged = pathTo('damaged.tflite');
    writeFileSync(damaged, readFileSync(sharedAsset(OPENPOSE)).subarray(0, 1000));
    expectRefusal(await bench('--model', damaged), 'damaged.tflite');
    const unfit = await bench('--model', sharedAsset(OPENPOSE), '--pipeline', 'simcc');
    expectRefusal(unfit, 'simcc');
  });
});

test.describe('what cannot be done is refused in one line, with exit code 2', () => {
  const clips: Readonly<Record<string, Buffer>> = {
    'empty.mp4': Buffer.alloc(0),
    'notes.mp4': Buffer.from('Not a film.'),
    'old.avi': Buffer.from('RIFF\x10\0\0\0AVI LIST'),
  };
  for (const [name, bytes] of Object.entries(clips)) {
    test(name, async ({ baseURL, request }) => {
      const clip = pathTo(name);
      writeFileSync(clip, bytes);
      expectRefusal(await bench('--clip', clip, '--server', String(baseURL)), name);
      expect(readdirSync(pathTo('out'))).toEqual([]);
      expect(await (await request.get('/runs')).text()).not.toContain(name);
    });
  }

  test('a picture that is none', async () => {
    writeFileSync(pathTo('diary.jpg'), 'Dear diary');
    expectRefusal(await bench('--images', pathTo()), 'diary.jpg');
    expect(readdirSync(pathTo('out'))).toEqual([]);
  });

  test('annotations of pictures that are not there', async () => {
    test.skip(!hasSharedAssets, 'needs the shared photographs (KINEMARK_FIXTURES)');
    const annotations = sharedAsset('gt/coco-permissive/person_keypoints_subset.json');
    const args = ['--images', sharedAsset('images'), '--annotations', annotations];
    expectRefusal(await bench(...args), '000000000785.jpg');
    expect(readdirSync(pathTo())).toEqual([]);
  });

  test('a target that nobody knows', async () => {
    expectRefusal(await bench('--target', 'mediapipe/nothing@wasm'), 'mediapipe/nothing@wasm');
    expect(readdirSync(pathTo())).toEqual([]);
  });

  test('a folder that cannot be written', async () => {
    const file = pathTo('file');
    writeFileSync(file, '');
    expectRefusal(await bench('--out', join(file, 'below')), '--out');
  });
});

test('what goes wrong beside a run does not lose its table', async () => {
  const broken = pathTo('empty.mp4');
  writeFileSync(broken, '');
  const nowhere = ['--server', 'http://127.0.0.1:9'];
  const args = ['--frames', '5', '--clip', ACTOR_PATH, '--clip', broken, ...nowhere];
  const { code, stdout, stderr } = await bench(...args);
  expect(code).toBe(2);
  expect(stdout).toContain(`${LITE[1]}  actor.mp4  5`);
  expect(stderr.trimEnd().split('\n')).toEqual([
    expect.stringContaining(`the events of ${LITE[1]} on actor.mp4 were not delivered`),
    expect.stringContaining('empty.mp4'),
    expect.stringContaining('The events of 1 of 1 runs did not reach http://127.0.0.1:9.'),
  ]);
  expect(readResults().runs).toHaveLength(1);
});
