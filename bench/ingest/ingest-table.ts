// The figures of `npm run bench:ingest` as text: medians of the rounds with their range, quantiles of all requests.
import { quantile, sortedSamples } from '../../src/lib/metrics/quantile.ts';
import { alignedTable, type Column } from '../aligned-table.ts';
import { percent, UNKNOWN } from '../table-figures.ts';
import type { MeasuredBurst, ShapeResult } from './measure-ingest.ts';

type Line = {
  readonly load: string;
  readonly server: string;
  readonly bursts: readonly MeasuredBurst[];
};

const columns: readonly Column<Line>[] = [
  { title: 'load', cell: ({ load }) => load },
  { title: 'server', cell: ({ server }) => server },
  { title: 'events/s (range)', cell: ({ bursts }) => withRange(bursts.map(eventsPerSecond)) },
  { title: 'requests/s', cell: ({ bursts }) => whole(median(bursts.map(requestsPerSecond))) },
  { title: 'p50 ms', cell: ({ bursts }) => latency(bursts, 0.5) },
  { title: 'p99 ms', cell: ({ bursts }) => latency(bursts, 0.99) },
  { title: 'core used', cell: ({ bursts }) => percent(medianKnown(bursts, (it) => it.coreUsed)) },
  {
    title: 'accepted and stored/s',
    cell: ({ bursts }) => {
      const rates = bursts.flatMap(({ events, storedAfterMs }) =>
        storedAfterMs === null ? [] : [perSecond(events, storedAfterMs)],
      );
      return rates.length === 0 ? UNKNOWN : withRange(rates);
    },
  },
];

/** One line per load and server, and below each load Kinemark's share of the bare server's rate. */
export function ingestTable(results: readonly ShapeResult[]): string {
  const lines = results.flatMap(({ shape, kinemark, bare }) => [
    { load: shape.name, server: 'Kinemark', bursts: kinemark },
    { load: shape.name, server: 'bare Node', bursts: bare },
  ]);
  const ratios = results.map(({ shape, kinemark, bare }) => {
    const ofRounds = kinemark.map((burst, round) => {
      const beside = bare[round];
      return beside ? eventsPerSecond(burst) / eventsPerSecond(beside) : NaN;
    });
    return `${shape.name}: Kinemark takes ${percent(median(ofRounds))} of what the bare server takes`;
  });
  return [alignedTable(columns, lines), '', ...ratios].join('\n');
}

function eventsPerSecond({ events, durationMs }: MeasuredBurst): number {
  return perSecond(events, durationMs);
}

function requestsPerSecond({ requests, durationMs }: MeasuredBurst): number {
  return perSecond(requests, durationMs);
}

function perSecond(count: number, durationMs: number): number {
  return (1000 * count) / durationMs;
}

function latency(bursts: readonly MeasuredBurst[], q: number): string {
  return quantileOf(
    bursts.flatMap(({ latenciesMs }) => latenciesMs),
    q,
  ).toFixed(1);
}

function medianKnown(
  bursts: readonly MeasuredBurst[],
  read: (burst: MeasuredBurst) => number | null,
): number | null {
  const known = bursts.map(read).filter((value) => value !== null);
  return known.length === 0 ? null : median(known);
}

function quantileOf(values: readonly number[], q: number): number {
  return quantile(sortedSamples(values), q) ?? NaN;
}

function median(values: readonly number[]): number {
  return quantileOf(values, 0.5);
}

function withRange(values: readonly number[]): string {
  return `${whole(median(values))} (${whole(Math.min(...values))}–${whole(Math.max(...values))})`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}
