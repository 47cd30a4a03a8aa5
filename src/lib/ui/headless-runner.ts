// What `npm run bench` drives: runs without a click, with the same code as the app's Run button.
// Results and events go back to the driver, which writes the files and sends the events.
import { cocoAccuracyOf } from '../benchmark/coco-accuracy.ts';
import type { CocoAccuracy, FrameSample } from '../benchmark/run-result.ts';
import type { MetricEvent } from '../events/metric-event.ts';
import { createRunEvents } from '../events/run-events.ts';
import { findTarget } from '../models/catalogue.ts';
import type { Target } from '../models/target.ts';
import type { SkeletonId } from '../pose/skeletons.ts';
import { openClip } from '../video/clip-source.ts';
import type { FrameSource } from '../video/frame-source.ts';
import { openImages } from '../video/image-source.ts';
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
import { importModel } from './import-model.ts';

/** Starts answering a driver; `onProgress` is told of every processed frame. */
export function createHeadlessApi(
  onProgress: (processedFrames: number, plannedFrames: number) => void,
): HeadlessApi {
  let opened: OpenedSource | null = null;
  const imported = new Map<string, Target>();

  /** Closes the source opened before and keeps the new one. */
  async function replaceSource(open: () => Promise<OpenedSource>): Promise<null> {
    opened?.source.close();
    opened = null;
    opened = await open();
    return null;
  }
  function requireSource(): OpenedSource {
    if (opened) return opened;
    throw new Error('No source is open. Open one before running.');
  }

  return {
    open: (file, maxFrames) =>
      reply(() =>
        replaceSource(async () => {
          const kind = file ? 'clip' : 'actor';
          return {
            source: await openClip(file ?? (await fetchActorClip()), { kind, maxFrames }),
            scoreAccuracy: null,
          };
        }),
      ),
    openImages: (files, maxFrames, truth) =>
      reply(() =>
        replaceSource(async () => {
          const source = await openImages(files, { maxFrames });
          return {
            source,
            scoreAccuracy: truth && ((samples) => cocoAccuracyOf(samples, source.fileNames, truth)),
          };
        }),
      ),
    importModel: (files, pipeline) =>
      reply(async () => {
        const targets = await importModel(files, pipeline);
        for (const target of targets) imported.set(target.id, target);
        return targets.map(({ id, engine, backend }) => ({ id, engine, backend }));
      }),
    run: (request) =>
      reply(() => {
        const target = imported.get(request.targetId) ?? findTarget(request.targetId);
        return runOn(requireSource(), target, request, onProgress);
      }),
    bareLoop: (targetId) => reply(() => runBareLoop(requireSource().source, targetId)),
  };
}

/** What runs are made on, and what their poses are compared with. */
type OpenedSource = {
  readonly source: FrameSource;
  readonly scoreAccuracy: ((samples: readonly FrameSample[]) => CocoAccuracy | null) | null;
};

async function runOn(
  { source, scoreAccuracy }: OpenedSource,
  target: Target,
  { options, maxFrames, deviceId, keypoints }: HeadlessRequest,
  onProgress: (processedFrames: number, plannedFrames: number) => void,
): Promise<HeadlessOutcome> {
  const events: MetricEvent[] = [];
  const runId = crypto.randomUUID();
  const make = createRunEvents(runId, deviceId, () => new Date());
  const { summary, samples, skeleton } = await hostRun({
    runId,
    source,
    target,
    options,
    maxFrames,
    signal: new AbortController().signal,
    observer: {
      onStart: (start) => events.push(make.started(start)),
      wantsPreview: () => false,
      onFrame: ({ index }) => onProgress(index + 1, source.info.deliverableFrames),
      onWindow: (window) => events.push(make.window(window)),
    },
    ...(scoreAccuracy ? { scoreAccuracy } : {}),
  });
  events.push(make.finished(summary));
  return {
    summary,
    events,
    keypoints: keypoints ? samples.map((sample) => keypointLine(sample, skeleton)) : [],
  };
}

function keypointLine({ index, ptsMs, poses }: FrameSample, skeleton: SkeletonId): KeypointLine {
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
