// What `npm run bench` drives: runs without a click, with the same code as the app's Run button.
// Results and events go back to the driver, which writes the files and sends the events.
import { plannedFramesOf } from '../benchmark/run-benchmark.ts';
import type { FrameSample } from '../benchmark/run-result.ts';
import type { MetricEvent } from '../events/metric-event.ts';
import { createRunEvents } from '../events/run-events.ts';
import { framesOfPictures } from '../metrics/annotated-frames.ts';
import type { AnnotatedFrame } from '../metrics/annotated-frames.ts';
import { findTarget } from '../models/catalogue.ts';
import type { Target } from '../models/target.ts';
import type { SkeletonId } from '../pose/skeletons.ts';
import { openClip } from '../video/clip-source.ts';
import type { FrameSource } from '../video/frame-source.ts';
import { openImages } from '../video/image-source.ts';
import { fetchActorClip } from './actor-clip.ts';
import { runBareLoop } from './bare-loop.ts';
import { createDriverResources, findDriverResources } from './driver-resources.ts';
import { fetchActorTruth, truthOfClip } from './ground-truth.ts';
import type {
  HeadlessApi,
  HeadlessOutcome,
  HeadlessRequest,
  KeypointLine,
  Reply,
} from './headless-api.ts';
import { filesOfRun, hostRun } from './host-run.ts';
import { importModel } from './import-model.ts';
import { obtainFiles } from '../weights/obtain-files.ts';

/** Told of every processed frame; `plannedFrames` is null where nobody knows how many there will be. */
type OnProgress = (processedFrames: number, plannedFrames: number | null) => void;

/** Starts answering a driver. */
export function createHeadlessApi(onProgress: OnProgress): HeadlessApi {
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
  function targetOf(id: string): Target {
    return imported.get(id) ?? findTarget(id);
  }

  return {
    open: (file, maxFrames, truth) =>
      reply(() =>
        replaceSource(async () => {
          const kind = file ? 'clip' : 'actor';
          const source = await openClip(file ?? (await fetchActorClip()), { kind, maxFrames });
          try {
            const images = file ? truth : await fetchActorTruth();
            return { source, truth: images && truthOfClip(images, source.info) };
          } catch (cause) {
            source.close();
            throw cause;
          }
        }),
      ),
    openImages: (files, maxFrames, truth) =>
      reply(() =>
        replaceSource(async () => {
          const source = await openImages(files, { maxFrames });
          return { source, truth: truth && framesOfPictures(truth, source.fileNames) };
        }),
      ),
    importModel: (files, pipeline) =>
      reply(async () => {
        const targets = await importModel(files, pipeline);
        for (const target of targets) imported.set(target.id, target);
        return targets.map(({ id, engine, backend }) => ({ id, engine, backend }));
      }),
    prefetch: (targetIds) =>
      reply(async () => {
        // Whoever cannot have theirs is told when they run.
        for (const id of targetIds) {
          await obtainFiles(filesOfRun(targetOf(id)), {}).catch(() => undefined);
        }
        return null;
      }),
    run: (request) =>
      reply(() => runOn(requireSource(), targetOf(request.targetId), request, onProgress)),
    bareLoop: (targetId) => reply(() => runBareLoop(requireSource().source, targetId)),
  };
}

/** What runs are made on, and who really is in its frames. */
type OpenedSource = {
  readonly source: FrameSource;
  readonly truth: readonly AnnotatedFrame[] | null;
};

async function runOn(
  { source, truth }: OpenedSource,
  target: Target,
  { targetId: _, deviceId, keypoints, ...conditions }: HeadlessRequest,
  onProgress: OnProgress,
): Promise<HeadlessOutcome> {
  const events: MetricEvent[] = [];
  const runId = crypto.randomUUID();
  const make = createRunEvents(runId, deviceId, () => new Date());
  const driver = findDriverResources();
  const planned = plannedFramesOf(conditions, source);
  let processed = 0;
  const { summary, samples, skeleton } = await hostRun({
    runId,
    source,
    target,
    conditions,
    truth,
    ...(driver ? { meter: createDriverResources(driver) } : {}),
    signal: new AbortController().signal,
    observer: {
      onStart: (start) => events.push(make.started(start)),
      wantsPreview: () => false,
      onFrame() {
        processed += 1;
        onProgress(processed, planned);
      },
      onWindow: (window) => events.push(make.window(window)),
    },
  });
  events.push(make.finished(summary));
  return {
    summary,
    events,
    keypoints: keypoints
      ? samples.filter(hasPoses).map((sample) => keypointLine(sample, skeleton))
      : [],
  };
}

/** Of later passes and further streams only the number of people is kept: who they were is known. */
function hasPoses({ pass, stream, people, poses }: FrameSample): boolean {
  return pass === 0 && stream === 0 && poses.length === people;
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
