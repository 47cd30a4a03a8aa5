// The time in which a run had no engine, because one was lost and another was loaded. No frame is to blame.

/** When a frame was asked for or due, when it was at hand and when it was sent, in ms of the page's clock. */
export type FrameTimes = {
  readonly dueMs: number;
  readonly readyMs: number;
  readonly sentMs: number;
};

/** The spans without an engine. */
export type Downtime = {
  /** From sending the frame that was lost to the new engine's being ready, in ms of the page's clock. */
  add(fromMs: number, toMs: number): void;
  /** The times as if the frame had waited only while there was an engine; how long it took to decode stays. */
  leaveOut(times: FrameTimes): FrameTimes;
};

/** No downtime yet. */
export function createDowntime(): Downtime {
  const spans: { fromMs: number; toMs: number }[] = [];
  function shift(timeMs: number): number {
    let shiftedMs = timeMs;
    for (const { fromMs, toMs } of spans) {
      // Not beyond its end, whatever rounding does: a wait is never negative.
      if (shiftedMs < toMs) shiftedMs = Math.min(toMs, shiftedMs + (toMs - fromMs));
    }
    return shiftedMs;
  }

  return {
    add(fromMs, toMs) {
      const last = spans.at(-1);
      // Frames that were lost together.
      if (last && fromMs < last.toMs) {
        last.fromMs = Math.min(last.fromMs, fromMs);
        last.toMs = toMs;
      } else {
        spans.push({ fromMs, toMs });
      }
    },
    leaveOut(times) {
      const readyMs = shift(times.readyMs);
      if (readyMs === times.readyMs) return times;
      const dueMs = readyMs - (times.readyMs - times.dueMs);
      return { dueMs, readyMs, sentMs: shift(times.sentMs) };
    },
  };
}
