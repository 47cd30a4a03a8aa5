// Records a run as it goes: makes its events and keeps them with the run's data on this device.
// A run never waits for storage; what storage refused is told once, at the end.
import type { RunStart } from '../benchmark/run-benchmark.ts';
import type { RunResult } from '../benchmark/run-result.ts';
import type { WindowSummary } from '../benchmark/window-accumulator.ts';
import { createRunEvents } from '../events/run-events.ts';
import type { SkeletonId } from '../pose/skeletons.ts';
import type { RunStore } from '../storage/run-store.ts';

/** Records one run. */
export type RunRecorder = {
  onStart(start: RunStart): void;
  onWindow(window: WindowSummary): void;
  /** Resolves when everything of the run is stored; rejects with the first thing that was not. */
  finish(result: RunResult): Promise<void>;
};

/** What a recorder works with. */
export type RunRecorderOptions = {
  readonly runId: string;
  readonly deviceId: string;
  readonly skeleton: SkeletonId;
  readonly store: RunStore;
  /** Called whenever there is something new to send. */
  readonly onStored: () => unknown;
};

/** A recorder for one run. */
export function createRunRecorder(options: RunRecorderOptions): RunRecorder {
  const { runId, deviceId, skeleton, store, onStored } = options;
  const make = createRunEvents(runId, deviceId, () => new Date());
  // Writes follow one another, so that events enter the outbox in the order in which they happened.
  let writes: Promise<unknown> = Promise.resolve();

  function write(step: () => Promise<void>): void {
    writes = writes.then(step).then(onStored);
    // finish() reports it; until then it is not an unhandled failure.
    writes.catch(() => undefined);
  }

  return {
    onStart(start) {
      const event = make.started(start);
      write(() => store.start(start, skeleton, event));
    },
    onWindow(window) {
      const event = make.window(window);
      write(() => store.addWindow(event));
    },
    async finish(result) {
      const event = make.finished(result.summary);
      write(() => store.finish(result, event));
      await writes;
    },
  };
}
