// Several live streams of one source that begin together, each with an engine of its own.
import { runLiveStream } from './live-stream.ts';
import type { LiveStreamInput } from './live-stream.ts';
import { runTogether } from './run-together.ts';
import type { ScenarioInput } from './scenario.ts';
import type { StreamReport } from './stream-log.ts';
import type { WarmEngine } from './warm-up.ts';

/** How long the streams go on, and what is done when they begin. */
export type StreamsSpan = Pick<LiveStreamInput, 'durationMs' | 'maxFrames' | 'isOver'> & {
  /** Called once, when every stream has its first frame; gives the time from which frames are due. */
  readonly onStart: () => number;
};

/**
 * Runs one stream per engine, at the source's rate. Their frames are spread evenly over a frame's duration,
 * as those of cameras that know nothing of each other: all at once would ask for more than the device needs
 * to hold. Only the first stream is previewed. Leaves in `engines` what their next timestamps must be.
 */
export async function runStreams(
  input: ScenarioInput,
  engines: readonly WarmEngine[],
  span: StreamsSpan,
): Promise<readonly [StreamReport, ...StreamReport[]]> {
  const reports: StreamReport[] = [];
  await runTogether(input.signal, (signal) => {
    const start = whenAll(engines.length, span.onStart, signal);
    return engines.map((warm, stream) => async () => {
      const report = await runLiveStream({
        ...input,
        ...span,
        signal,
        start,
        stream,
        engine: warm.engine,
        rate: 1,
        phase: stream / engines.length,
        firstTimestampMs: warm.nextTimestampMs,
        wantsPreview: () => stream === 0 && input.wantsPreview(),
      });
      warm.nextTimestampMs = report.nextTimestampMs;
      reports[stream] = report;
    });
  });
  const [first, ...others] = reports;
  if (!first) throw new RangeError('There is no engine to run a stream on.');
  return [first, ...others];
}

/** A function that resolves, with what `begin` gives, when it was called `count` times. */
function whenAll(count: number, begin: () => number, signal: AbortSignal): () => Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  // Perhaps nobody waits for it any more.
  promise.catch(() => undefined);
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  let waiting = count;
  return () => {
    waiting -= 1;
    if (waiting === 0) resolve(begin());
    return promise;
  };
}
