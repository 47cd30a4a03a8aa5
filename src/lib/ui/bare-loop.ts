// The least a page can do to run an engine on a clip: what the app is compared with, to see what its
// measuring, drawing and storing cost (`npm run bench:overhead`).
import { defaultEngineOptions } from '../engines/default-options.ts';
import { createEngineClient } from '../engines/engine-client.ts';
import { findTarget } from '../models/catalogue.ts';
import type { FrameSource } from '../video/frame-source.ts';
import { obtainFiles } from '../weights/obtain-files.ts';
import { loadRequestOf } from './host-run.ts';

const MS_PER_SECOND = 1000;

/** Frames per second over the whole source, from asking for the first frame to the last result. */
export async function runBareLoop(source: FrameSource, targetId: string): Promise<number> {
  const target = findTarget(targetId);
  const files = await obtainFiles(target.files, {});
  const engine = createEngineClient(target.engine);
  try {
    await engine.load(loadRequestOf(target, files, defaultEngineOptions));
    let frames = 0;
    const startMs = performance.now();
    for await (const { frame, ptsMs } of source.frames()) {
      await engine.estimate(frame, ptsMs);
      frames += 1;
    }
    return (frames * MS_PER_SECOND) / (performance.now() - startMs);
  } finally {
    await engine.dispose();
  }
}
