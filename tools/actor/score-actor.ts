// Scores the BlazePose bundles on the built-in clip, over the whole of it and per segment:
// `npm run actor:score [-- variant ...]` prints mean OKS, detection rate and visibility.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ActorGroundTruth } from './coco.ts';
import { PROJECT_ROOT, withPage } from './page-host.ts';
import { scoreFrames, type Score } from './score.ts';
import type { DetectedFrames } from './score-page.ts';

const VARIANTS = ['lite', 'full', 'heavy'];

const wanted = process.argv.slice(2);
const truthFile = join(PROJECT_ROOT, 'static/clips/actor.gt.json');
const truth = JSON.parse(await readFile(truthFile, 'utf8')) as ActorGroundTruth;

for (const variant of wanted.length > 0 ? wanted : VARIANTS) {
  printScores(variant, await detect(variant));
}

async function detect(variant: string): Promise<DetectedFrames> {
  const module = '/tools/actor/score-page.ts';
  const imports = {
    '@mediapipe/tasks-vision': '/node_modules/@mediapipe/tasks-vision/vision_bundle.mjs',
    mediabunny: '/node_modules/mediabunny/dist/bundles/mediabunny.mjs',
  };
  return withPage({ module, imports }, (page) =>
    page.evaluate(
      ([entry, clip, model]) =>
        import(entry).then(({ detectPoses }: typeof import('./score-page.ts')) =>
          detectPoses(clip, model),
        ),
      [module, '/static/clips/actor.mp4', `/static/models/blazepose-${variant}.task`] as const,
    ),
  );
}

function printScores(variant: string, detected: DetectedFrames): void {
  const { segments } = truth.info;
  const isOut = (frame: number): boolean =>
    segments.some(({ outOfFrame, firstFrame, lastFrame }) => {
      return outOfFrame && frame >= firstFrame && frame <= lastFrame;
    });
  console.log(`\nblazepose-${variant}, ${detected.length} frames decoded`);
  console.log(`${'frames'.padEnd(22)} count   mean OKS   found   visibility`);
  printRow(
    'in the picture',
    scoreFrames(truth, detected, (frame) => !isOut(frame)),
  );
  printRow('out of the picture', scoreFrames(truth, detected, isOut));
  for (const { name, firstFrame, lastFrame, light, background } of segments) {
    const score = scoreFrames(
      truth,
      detected,
      (frame) => frame >= firstFrame && frame <= lastFrame,
    );
    printRow(`· ${name}`, score, `${light}, ${background}`);
  }
}

function printRow(name: string, score: Score, note = ''): void {
  const figure = (value: number, digits: number): string =>
    Number.isNaN(value) ? '–' : value.toFixed(digits);
  console.log(
    name.padEnd(22),
    String(score.frames).padStart(5),
    figure(score.meanOks, 4).padStart(10),
    figure(score.detectionRate, 3).padStart(7),
    figure(score.meanVisibility, 3).padStart(12),
    ` ${note}`,
  );
}
