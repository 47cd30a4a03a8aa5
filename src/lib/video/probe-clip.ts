// A quick look at a video file: what it is and its first frame, without decoding the rest.
import { VideoSampleSink } from 'mediabunny';
import { openClipFile } from './clip-file.ts';
import { SourceError } from './frame-source.ts';
import { takeUprightFrame } from './upright-frame.ts';

const MS_PER_SECOND = 1000;

/** What a quick look tells. Sizes are upright, `firstFrame` is the receiver's to close. */
export type ClipProbe = {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly durationMs: number;
  readonly announcedFrames: number;
  readonly firstFrame: VideoFrame;
};

/** Looks at a file. Throws a SourceError when it cannot be used. */
export async function probeClip(file: File): Promise<ClipProbe> {
  const { input, track, announcedFrames } = await openClipFile(file);
  try {
    for await (const sample of new VideoSampleSink(track).samples(-Infinity)) {
      const firstFrame = takeUprightFrame(sample);
      return {
        widthPx: firstFrame.displayWidth,
        heightPx: firstFrame.displayHeight,
        durationMs: (await track.computeDuration()) * MS_PER_SECOND,
        announcedFrames,
        firstFrame,
      };
    }
  } catch {
    // Told below, together with the file that simply has no frame.
  } finally {
    input.dispose();
  }
  throw new SourceError(
    'unreadable',
    `${file.name} holds no frame that can be decoded (is the file complete?). Copy or export it again.`,
  );
}
