// What a run's end tells of it, beyond the figures that are known all along. Runs that were stored before
// something was measured lack it, which is the same as not known.
import type { ResourceSummary } from '../../benchmark/resources.ts';
import type { RunSummaryData } from '../../events/metric-event.ts';

/** What the run used of the device, and how that was measured. */
export type ResourceFigures = ResourceSummary &
  Pick<RunSummaryData, 'cpuUtilization' | 'peakMemoryBytes' | 'memoryDeltaBytes'>;

/** Parts are null where they do not apply or are not known: the run's `nullReasons` tell. */
export type RunFindings = Pick<
  RunSummaryData,
  'steadyState' | 'live' | 'streams' | 'sustained' | 'accuracy' | 'parity'
> & {
  readonly resources: ResourceFigures;
  readonly confidence: RunSummaryData['quality']['confidence'];
  /** In [0, 1]. */
  readonly identityKept: number | null;
};

/** The findings of a finished event, as it was sent or as an earlier version stored it. */
export function findingsOf(finished: RunSummaryData): RunFindings {
  const { quality, accuracy, cpuUtilization, peakMemoryBytes, memoryDeltaBytes } = finished;
  return {
    steadyState: finished.steadyState ?? null,
    live: finished.live ?? null,
    streams: finished.streams ?? null,
    sustained: finished.sustained ?? null,
    accuracy: accuracy && { ...unscored, ...accuracy },
    parity: finished.parity ?? null,
    resources: {
      ...unmeasured,
      ...finished.resources,
      cpuUtilization,
      peakMemoryBytes,
      memoryDeltaBytes,
    },
    confidence: quality.confidence,
    identityKept: quality.identityKept ?? null,
  };
}

const unscored = { meanOks: null, pck: null, pckh: null, joints: [] };

const unmeasured: ResourceSummary = {
  cpuMethod: null,
  memoryMethod: null,
  cpuSeconds: null,
  machineUtilization: null,
  wasmHeapBytes: null,
  pressureBefore: null,
  pressureDuring: null,
};
