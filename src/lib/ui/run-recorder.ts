// Records a run as it goes: makes its events and keeps them with the run's data on this device.
// A run never waits for storage; what storage refuses waits in memory, and the user is told.
import type { RunStart } from '../benchmark/run-benchmark.ts';
import type { RunResult } from '../benchmark/run-result.ts';
import type { WindowSummary } from '../benchmark/window-accumulator.ts';
import { reasonOf } from '../events/reason-of.ts';
import { createRunEvents } from '../events/run-events.ts';
import type { SkeletonId } from '../pose/skeletons.ts';
import type { Retention } from '../storage/retention.ts';
import type { RunStore } from '../storage/run-store.ts';
import { estimateSamples } from '../storage/samples-size.ts';
import { STEP_BYTES, createMakeRoom, isOutOfRoom } from '../storage/with-room.ts';
import { createOrderedWrites } from './ordered-writes.ts';
import type { OrderedWrites } from './ordered-writes.ts';

/** Records one run. */
export type RunRecorder = {
  onStart(start: RunStart): void;
  onWindow(window: WindowSummary): void;
  /** Resolves when everything of the run is stored, however long that takes; never rejects. */
  finish(result: RunResult): Promise<void>;
  /** There will be no result. Resolves when what there is has been stored. */
  abandon(): Promise<void>;
};

/** What a recorder works with. */
export type RunRecorderOptions = {
  readonly runId: string;
  readonly deviceId: string;
  readonly skeleton: SkeletonId;
  readonly store: RunStore;
  readonly retention: Pick<Retention, 'thinSamples'>;
  /** Called whenever there is something new to send. */
  readonly onStored: () => unknown;
  /** Called with a sentence when something cannot be stored, and with null when all is well again. */
  readonly onProblem: (sentence: string | null) => unknown;
  /** Lets go of the run's lock. Called once, when there is nothing left to store. */
  readonly release: () => void;
  /** Between two tries at what storage refused, in ms. */
  readonly retryMs?: number;
};

/** A recorder for one run, whose lock is held. */
export function createRunRecorder(options: RunRecorderOptions): RunRecorder {
  const { runId, deviceId, skeleton, store, retention, onStored, onProblem, release } = options;
  const make = createRunEvents(runId, deviceId, () => new Date());
  const writes = createOrderedWrites({
    makeRoom: createMakeRoom(retention),
    onStored,
    onChange: () => onProblem(problemOf(writes)),
    ...(options.retryMs === undefined ? {} : { retryMs: options.retryMs }),
  });

  return {
    onStart(start) {
      const event = make.started(start);
      writes.add({
        store: () => store.start(start, skeleton, event),
        bytes: STEP_BYTES,
        isExpendable: false,
      });
    },
    onWindow(window) {
      const event = make.window(window);
      // The run's end tells of all its frames, so that a window is what can be spared.
      writes.add({ store: () => store.addWindow(event), bytes: STEP_BYTES, isExpendable: true });
    },
    async finish(result) {
      const event = make.finished(result.summary);
      writes.add({
        store: () => store.finish(result, event),
        storeLess: () => store.finish({ ...result, samples: [] }, event),
        bytes: estimateSamples(result.samples) + STEP_BYTES,
        isExpendable: false,
      });
      await writes.settled();
      release();
    },
    async abandon() {
      await writes.settled();
      release();
    },
  };
}

/** What the user must know, in one sentence; null when there is nothing to tell. */
function problemOf({ failure, letGo }: OrderedWrites): string | null {
  const lost =
    letGo === 0
      ? ''
      : ` (${letGo} of its windows were let go, as too many waited; its summary is of all frames)`;
  if (isOutOfRoom(failure)) {
    return `The storage of this browser is full, so what this run measured waits in this tab${lost}: keep it open and free some space, and it is stored by itself.`;
  }
  if (failure !== null) {
    return `This browser cannot store what the run measured (${reasonOf(failure)}), so it waits in this tab${lost}: keep it open, it is tried again every few seconds.`;
  }
  return lost === ''
    ? null
    : `${letGo} windows of this run were not kept, because storage was full for too long; its summary is of all frames.`;
}
