// One call of an engine after the other, whoever makes them: an engine that is reset or disposed of in the
// middle of a frame would free what the frame needs, or remember whom it was told to forget.
import type { PoseEngine } from './pose-engine.ts';

/** The engine, whose calls each begin when the one before has ended, well or badly. */
export function callsInTurn(engine: PoseEngine): PoseEngine {
  let last: Promise<unknown> = Promise.resolve();

  function inTurn<T>(call: () => Promise<T>): Promise<T> {
    const done = last.then(call);
    last = done.catch(() => undefined);
    return done;
  }

  return {
    load: (request) => inTurn(() => engine.load(request)),
    estimate: (frame, timestampMs) => inTurn(() => engine.estimate(frame, timestampMs)),
    reset: () => inTurn(() => engine.reset()),
    dispose: () => inTurn(() => engine.dispose()),
  };
}
