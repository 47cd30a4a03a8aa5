// The spans of a sustained run in figures: what its curve shows.
import { formatCount, formatDuration, formatFigure } from '../format.ts';
import type { SustainedRun } from './sustained-curve.ts';

/** The table of `spans` for `FigureTable`, one a row in their order. Latencies in ms, end to end. */
export function spanRows(spans: SustainedRun['spans']) {
  return {
    title: 'Figures per span',
    columns: ['From', 'Frames', 'FPS', 'p50 ms'],
    rows: spans.map(({ startMs, frames, effectiveFps, latencyP50Ms }) => [
      formatDuration(startMs),
      formatCount(frames),
      formatFigure(effectiveFps),
      formatFigure(latencyP50Ms),
    ]),
  };
}
