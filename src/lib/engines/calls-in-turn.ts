// One call of an engine after the other, whoever makes them: an engine that is reset or disposed of in the
// middle of a frame would free what the frame needs, or remember whom it was told to forget.
import type { BareEngine, PoseEstimate } from './pose-engine.ts';

/** An engine by itself, which cannot know when its turn came. */
export type UntimedEngine = Omit<BareEngine, 'estimate'> & {
  estimate(frame: VideoFrame, timestampMs: number): Promise<Omit<PoseEstimate, 'startedMs'>>;
};

/**
 * The engine, whose calls each begin when the one before has ended, well or badly. It says of each frame
 * when its turn came, on this thread's `performance.now()`.
 */
export function callsInTurn(engine: UntimedEngine): BareEngine {
  let last: Promise<unknown> = Promise.resolve();

  function inTurn<T>(call: () => Promise<T>): Promise<T> {
    const done = last.then(call);
    last = done.catch(() => undefined);
    return done;
  }

  return {
    load: (request) => inTurn(() => engine.load(request)),
    estimate: (frame, timestampMs) =>
      inTurn(async () => {
        const startedMs = performance.now();
        return { ...(await engine.estimate(frame, timestampMs)), startedMs };
      }),
    reset: () => inTurn(() => engine.reset()),
    dispose: () => inTurn(() => engine.dispose()),
  };
}
