// The latencies of each window in figures: what the chart over time shows.
import { summariseLatencies } from '../../metrics/distribution.ts';
import { formatCount, formatFigure } from '../format.ts';
import type { LatencyWindow } from './latency-series.ts';

const MS_PER_SECOND = 1000;

/** The table of `windows` for `FigureTable`, one a row in their order. Latencies in ms, end to end. */
export function windowRows(windows: readonly LatencyWindow[]) {
  return {
    title: 'Figures per window',
    columns: ['From s', 'Frames', 'FPS', 'p50 ms', 'Slowest ms'],
    rows: windows.map(({ startMs, wallDurationMs, latenciesMs }) => {
      const latency = summariseLatencies(latenciesMs);
      return [
        formatFigure(startMs / MS_PER_SECOND),
        formatCount(latenciesMs.length),
        formatFigure((latenciesMs.length * MS_PER_SECOND) / wallDurationMs),
        formatFigure(latency?.p50),
        formatFigure(latency?.max),
      ];
    }),
  };
}
