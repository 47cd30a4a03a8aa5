// Frames of the built-in clip and the truth about them, for tests of engines.
import type { TruePose } from '../../src/lib/metrics/oks.ts';
import { openClip } from '../../src/lib/video/clip-source.ts';
import { actorClip } from './made-clips.ts';

/** The first frames of the actor, one after the other. The consumer closes each. */
export async function* actorFrames(count: number): AsyncGenerator<VideoFrame, void, void> {
  const source = await openClip(await actorClip(), { kind: 'actor', maxFrames: count });
  try {
    for await (const { frame } of source.frames()) yield frame;
  } finally {
    source.close();
  }
}

/** The first frame of the actor. */
export async function actorFrame(): Promise<VideoFrame> {
  for await (const frame of actorFrames(1)) return frame;
  throw new Error('The actor has no frame.');
}

/** Where the actor's joints are in his first frame. */
export async function actorTruth(): Promise<TruePose> {
  const { annotations } = (await (await fetch('/clips/actor.gt.json')).json()) as {
    annotations: { image_id: number; keypoints: number[]; area: number }[];
  };
  const truth = annotations.find(({ image_id }) => image_id === 1);
  if (!truth) throw new Error('The first frame has no truth.');
  const keypoints = Array.from({ length: 17 }, (_, joint) => {
    const [x = 0, y = 0, v = 0] = truth.keypoints.slice(3 * joint);
    return { x, y, v };
  });
  return { keypoints, areaPx: truth.area };
}
