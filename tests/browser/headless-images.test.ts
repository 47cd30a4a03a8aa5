// Pictures through the interface that `npm run bench` drives: a real engine, COCO's figures at the end.
import { describe, expect, inject, it } from 'vitest';
import { defaultSettings } from '../../src/lib/benchmark/run-plan.ts';
import { defaultEngineOptions } from '../../src/lib/engines/default-options.ts';
import { readCocoAnnotations } from '../../src/lib/metrics/coco-annotations.ts';
import type { AnnotatedImage } from '../../src/lib/metrics/coco-annotations.ts';
import type { HeadlessOutcome, HeadlessRequest, Reply } from '../../src/lib/ui/headless-api.ts';
import { createHeadlessApi } from '../../src/lib/ui/headless-runner.ts';
import { halvesBmp } from './made-images.ts';

const COCO = '/fixtures/gt/coco-permissive';
/** What a mapping of the wrong joints, or a swapped axis, would stay far below. */
const LEAST_AP = 0.07;
const request: HeadlessRequest = {
  targetId: 'mediapipe/blazepose-lite@wasm',
  options: { ...defaultEngineOptions, maxPoses: 20, tracking: false },
  scenario: 'single-stream',
  settings: defaultSettings,
  seed: 1,
  minDurationMs: 0,
  maxFrames: null,
  expectedDigest: null,
  deviceId: crypto.randomUUID(),
  keypoints: true,
};

async function outcomeOf(reply: Promise<Reply<HeadlessOutcome>>): Promise<HeadlessOutcome> {
  const settled = await reply;
  if (!settled.ok) throw new Error(settled.error);
  return settled.value;
}

describe.skipIf(!inject('hasSharedAssets'))('the 27 photographs', () => {
  async function photographs(): Promise<{ files: File[]; truth: AnnotatedImage[] }> {
    const annotations = await fetch(`${COCO}/person_keypoints_subset.json`);
    const truth = readCocoAnnotations(await annotations.json());
    const files = await Promise.all(
      truth.map(async ({ fileName }) => {
        const response = await fetch(`${COCO}/images/${fileName}`);
        return new File([await response.blob()], fileName);
      }),
    );
    return { files, truth };
  }

  it('are scored against their annotations', async () => {
    const processed: number[] = [];
    const api = createHeadlessApi((done) => processed.push(done));
    const { files, truth } = await photographs();
    expect(await api.openImages(files, null, truth)).toEqual({ ok: true, value: null });
    const { summary, events, keypoints } = await outcomeOf(api.run(request));

    expect(processed.at(-1)).toBe(27);
    expect(summary.source).toMatchObject({ kind: 'images', name: '27 images', frameCount: 27 });
    expect(summary.frames).toMatchObject({ decoded: 27, processed: 27, dropped: 0 });
    expect(summary.options).toEqual(request.options);
    expect(summary.accuracy).toMatchObject({ images: 27, people: 70 });
    const { ap = null, ap50 = null, ar = null } = summary.accuracy ?? {};
    // BlazePose is made for one person near the camera; of these crowds lite finds a few people (AP 0.11).
    expect(ap).toBeGreaterThan(LEAST_AP);
    expect(ap50).toBeGreaterThan(ap ?? 1);
    expect(ar).toBeGreaterThan(ap ?? 1);
    expect(events.at(-1)).toMatchObject({ data: { accuracy: summary.accuracy } });
    // Nobody is followed: whoever is found in a picture is found in it alone, too.
    const last = files.at(-1);
    if (!last) throw new Error('There is no photograph.');
    expect(await api.openImages([last], null, null)).toEqual({ ok: true, value: null });
    const alone = await outcomeOf(api.run(request));
    expect(alone.keypoints[0]?.poses).toEqual(keypoints.at(-1)?.poses);
    expect(alone.summary.accuracy).toBeNull();
    expect(alone.summary.nullReasons['accuracy']).toMatch(/ground truth/);
  });
});

it('answers in a sentence when a picture or a target cannot be used, and goes on', async () => {
  const api = createHeadlessApi(() => undefined);
  expect(await api.run(request)).toMatchObject({
    ok: false,
    error: expect.stringMatching(/No source is open/) as string,
  });
  const text = new File(['Dear diary'], 'diary.png');
  expect(await api.openImages([text], null, null)).toMatchObject({
    ok: false,
    error: expect.stringMatching(/^diary\.png cannot be read/) as string,
  });
  const halves = { width: 64, height: 48, left: [9, 9, 9], right: [99, 9, 9] } as const;
  await api.openImages([halvesBmp('a.bmp', halves)], null, null);
  const unknown = await api.run({ ...request, targetId: 'mediapipe/nothing@wasm' });
  expect(unknown).toMatchObject({
    ok: false,
    error: expect.stringMatching(/"mediapipe\/nothing@wasm" is unknown/) as string,
  });
  const { summary } = await outcomeOf(api.run(request));
  expect(summary.frames).toMatchObject({ processed: 1, detected: 0 });
});
