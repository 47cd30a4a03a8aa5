// The runs that this device has made, in the shapes in which the dashboard shows the server's.
import type { StoredRun } from '../../storage/database.ts';
import type { StoredRunDetail } from '../../storage/run-store.ts';
import type { RunSummaryData } from '../../events/metric-event.ts';
import { deviceServices } from '../device-services.ts';
import type { RunList } from './load-runs.ts';
import type { RunListEntry, RunRecord, RunStatus } from './run-record.ts';
import { figuresSoFar } from './run-so-far.ts';
import { viewRun } from './run-view.ts';
import type { RunView } from './run-view.ts';

/** The newest `limit` of them; empty where the browser denies storage. */
export async function ownRunList(limit: number): Promise<RunList> {
  const services = await deviceServices().catch(() => null);
  const stored = (await services?.runs.list().catch(() => null)) ?? [];
  const runs = await Promise.all(
    stored.slice(0, limit).map(async (run) => {
      // Only of runs without an end: their frames are in their windows.
      const detail = run.summary ? null : await services?.runs.get(run.runId);
      return listEntryOf(detail ?? { run, windows: [] });
    }),
  );
  return { runs, hasMore: stored.length > limit, deadLetters: null, nowMs: Date.now() };
}

/** Everything that this device keeps of a run, but its raw samples; null when it is not one of its own. */
export async function ownRunRecord(runId: string): Promise<RunRecord | null> {
  const services = await deviceServices().catch(() => null);
  const detail = await services?.runs.get(runId).catch(() => null);
  return services && detail ? recordOf(detail, services.deviceId) : null;
}

/** The view of one of this device's runs; null when it has no such run. */
export async function ownRunView(runId: string): Promise<RunView | null> {
  const record = await ownRunRecord(runId);
  return record && viewRun(record);
}

/** What is needed of a run that is kept. */
type KeptRun = Pick<StoredRunDetail, 'run' | 'windows'>;

/** How a run that is kept stands; its end counts, whatever else was noted of it. */
export function statusOfStored({ summary, interruptedAt }: StoredRun): RunStatus {
  if (summary) return summary.outcome;
  return interruptedAt === null ? 'running' : 'interrupted';
}

/** The line of the list that shows a run. */
export function listEntryOf({ run, windows }: KeptRun): RunListEntry {
  const { runId, startedAt, plan, started, summary } = run;
  return {
    runId,
    target: plan.target,
    scenario: plan.scenario,
    sourceName: plan.source.name,
    status: statusOfStored(run),
    startedAt,
    frames: summary?.frames ?? (windows.length > 0 ? figuresSoFar(windows).frames : null),
    plannedFrames: started?.plannedFrames ?? null,
    effectiveFps: summary?.effectiveFps ?? null,
    latencyP50Ms: summary?.latencyMs.endToEnd?.p50 ?? null,
    latencyP90Ms: summary?.latencyMs.endToEnd?.p90 ?? null,
    detectionRate: summary?.quality.detectionRate ?? null,
    // The schema's types are not readonly; nothing writes to it.
    verdict: (summary?.verdict ?? null) as RunSummaryData['verdict'] | null,
  };
}

/** A run as a server would have it. */
export function recordOf({ run, windows }: KeptRun, deviceId: string): RunRecord {
  const { runId, started, summary, interruptedAt } = run;
  return {
    runId,
    deviceId,
    status: statusOfStored(run),
    started,
    windows,
    finished: summary as RunSummaryData | null,
    interrupted:
      interruptedAt === null ? null : { noticedAt: interruptedAt, windows: windows.length },
  };
}
