// Where the points of a sustained run's curve lie: latency per span over minutes. Draws nothing.

/** What the chart needs of a sustained run. All times in ms. */
export type SustainedRun = {
  readonly spans: readonly {
    readonly startMs: number;
    readonly frames: number;
    readonly effectiveFps: number;
    readonly latencyP50Ms: number;
  }[];
  /** When the level changed, from the first frame. */
  readonly changePointsMs: readonly number[];
  readonly firstMinuteMs: number;
  readonly plateauMs: number;
};

/** One point: the middle of its span, in minutes from the first frame, and its median latency. */
export type CurvePoint = { readonly timeMin: number; readonly latencyMs: number };

/** A level that held for a while, in minutes from the first frame. */
export type CurveLevel = {
  readonly label: string;
  readonly latencyMs: number;
  readonly fromMin: number;
  readonly toMin: number;
};

/** The curve, its levels and its changes. */
export type SustainedCurve = {
  readonly points: readonly CurvePoint[];
  readonly levels: readonly CurveLevel[];
  readonly changesMin: readonly number[];
  readonly endMin: number;
  readonly slowestMs: number;
};

const MS_PER_SECOND = 1000;
const MS_PER_MINUTE = 60_000;

/** The curve of a run; without spans it has no points and ends at once. */
export function sustainedCurve(run: SustainedRun): SustainedCurve {
  const { spans, changePointsMs, firstMinuteMs, plateauMs } = run;
  const points = spans.map((span) => ({
    timeMin: (span.startMs + spanMs(span) / 2) / MS_PER_MINUTE,
    latencyMs: span.latencyP50Ms,
  }));
  const last = spans.at(-1);
  const endMin = last ? (last.startMs + spanMs(last)) / MS_PER_MINUTE : 0;
  const changesMin = changePointsMs.map((ms) => ms / MS_PER_MINUTE);
  return {
    points,
    levels: [
      { label: 'First minute', latencyMs: firstMinuteMs, fromMin: 0, toMin: Math.min(1, endMin) },
      // Without a change the plateau is the whole run.
      { label: 'Plateau', latencyMs: plateauMs, fromMin: changesMin.at(-1) ?? 0, toMin: endMin },
    ],
    changesMin,
    endMin,
    slowestMs: Math.max(0, ...points.map(({ latencyMs }) => latencyMs)),
  };
}

/** A point's place nearest to a time in minutes; null without points. */
export function nearestPoint(points: readonly CurvePoint[], timeMin: number): number | null {
  let nearest: number | null = null;
  let leastMin = Infinity;
  for (const [index, point] of points.entries()) {
    const distanceMin = Math.abs(point.timeMin - timeMin);
    if (distanceMin >= leastMin) continue;
    nearest = index;
    leastMin = distanceMin;
  }
  return nearest;
}

function spanMs({ frames, effectiveFps }: SustainedRun['spans'][number]): number {
  return effectiveFps > 0 ? (frames * MS_PER_SECOND) / effectiveFps : 0;
}
