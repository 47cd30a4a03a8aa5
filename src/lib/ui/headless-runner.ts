// What `npm run bench` drives: runs without a click, with the same code as the app's Run button.
// Results and events go back to the driver, which writes the files and sends the events.
import type { FrameSample } from '../benchmark/run-result.ts';
import type { MetricEvent } from '../events/metric-event.ts';
import { createRunEvents } from '../events/run-events.ts';
import { openClip } from '../video/clip-source.ts';
import type { FrameSource } from '../video/frame-source.ts';
import { fetchActorClip } from './actor-clip.ts';
import { runBareLoop } from './bare-loop.ts';
import type {
  HeadlessApi,
  HeadlessOutcome,
  HeadlessRequest,
  KeypointLine,
  Reply,
} from './headless-api.ts';
import { hostRun } from './host-run.ts';

/** Starts answering a driver; `onProgress` is told of every processed frame. */
export function createHeadlessApi(
  onProgress: (processedFrames: number, plannedFrames: number) => void,
): HeadlessApi {
  let source: FrameSource | null = null;

  return {
    open: (file, maxFrames) =>
      reply(async () => {
        source?.close();
        source = null;
        const kind = file ? 'clip' : 'actor';
        source = await openClip(file ?? (await fetchActorClip()), { kind, maxFrames });
        return null;
      }),
    run: (request) =>
      reply(() => {
        if (!source) throw new Error('No clip is open. Open one before running.');
        return runOn(source, request, onProgress);
      }),
    bareLoop: (targetId) =>
      reply(() => {
        if (!source) throw new Error('No clip is open. Open one before running.');
        return runBareLoop(source, targetId);
      }),
  };
}

async function runOn(
  source: FrameSource,
  { targetId, maxFrames, deviceId, keypoints }: HeadlessRequest,
  onProgress: (processedFrames: number, plannedFrames: number) => void,
): Promise<HeadlessOutcome> {
  const events: MetricEvent[] = [];
  const runId = crypto.randomUUID();
  const make = createRunEvents(runId, deviceId, () => new Date());
  const { summary, samples, skeleton } = await hostRun({
    runId,
    source,
    targetId,
    maxFrames,
    signal: new AbortController().signal,
    observer: {
      onStart: (start) => events.push(make.started(start)),
      wantsPreview: () => false,
      onFrame: ({ index }) => onProgress(index + 1, source.info.deliverableFrames),
      onWindow: (window) => events.push(make.window(window)),
    },
  });
  events.push(make.finished(summary));
  return {
    summary,
    events,
    keypoints: keypoints ? samples.map((sample) => keypointLine(sample, skeleton)) : [],
  };
}

function keypointLine({ index, ptsMs, poses }: FrameSample, skeleton: string): KeypointLine {
  return {
    frame: index,
    ptsMs,
    skeleton,
    poses: poses.map(({ score, keypoints }) => ({
      score,
      keypoints: keypoints.map((keypoint) => [keypoint.x, keypoint.y, keypoint.score] as const),
    })),
  };
}

async function reply<T>(action: () => Promise<T>): Promise<Reply<T>> {
  try {
    return { ok: true, value: await action() };
  } catch (cause) {
    return { ok: false, error: cause instanceof Error ? cause.message : String(cause) };
  }
}
