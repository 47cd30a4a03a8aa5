// Renders the built-in clip and writes its ground truth, into static/clips or the folder given:
// `node tools/actor/render-actor.ts [folder]`.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IMAGE_HEIGHT_PX, IMAGE_WIDTH_PX } from './camera.ts';
import { FRAME_COUNT, FRAMES_PER_SECOND } from './choreography.ts';
import { describeClip, serialiseGroundTruth } from './ground-truth.ts';
import { PROJECT_ROOT, withPage } from './page-host.ts';
import { startVideoEncoder } from './video-encoder.ts';

const folder = process.argv[2] ?? join(PROJECT_ROOT, 'static/clips');
await mkdir(folder, { recursive: true });
const clipFile = join(folder, 'actor.mp4');

try {
  await renderClip(clipFile);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
const bytes = await readFile(clipFile);
const clip = { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
await writeFile(join(folder, 'actor.gt.json'), serialiseGroundTruth(describeClip(clip)));
console.log(`actor.mp4: ${clip.bytes} bytes, sha256 ${clip.sha256}`);

async function renderClip(outputFile: string): Promise<void> {
  // An interrupted rendering must not leave half a clip under the clip's name.
  const unfinishedFile = outputFile.replace('.mp4', '.unfinished.mp4');
  const encoder = await startVideoEncoder({
    widthPx: IMAGE_WIDTH_PX,
    heightPx: IMAGE_HEIGHT_PX,
    framesPerSecond: FRAMES_PER_SECOND,
    outputFile: unfinishedFile,
  });
  const page = {
    module: '/tools/actor/render-page.ts',
    onPost: (_path: string, frame: Buffer) => encoder.write(frame),
  };
  await withPage(page, (tab) =>
    tab.evaluate(
      ([module, last]) =>
        import(module).then(({ paintFrames }: typeof import('./render-page.ts')) =>
          paintFrames(0, last),
        ),
      [page.module, FRAME_COUNT - 1] as const,
    ),
  );
  await encoder.finish();
  await rename(unfinishedFile, outputFile);
}
