import { describe, expect, it } from 'vitest';
import { metricEventSchema } from '../../../src/lib/events/metric-event.ts';
import { MAX_BATCH_EVENTS, parseBatch } from '../../../src/lib/events/parse-batch.ts';
import type { MetricEvent } from '../../../src/lib/events/metric-event.ts';
import {
  finishedEvent,
  interruptedEvent,
  startedEvent,
  windowEvent,
} from '../../fixtures/events.ts';

type Json = Record<string, unknown>;

/** The event with one value replaced, at a dotted path. */
function withValue(event: MetricEvent, path: string, value: unknown): Json {
  const copy = structuredClone(event) as unknown as Json;
  const keys = path.split('.');
  const last = keys.pop() as string;
  const parent = keys.reduce<Json>((object, key) => object[key] as Json, copy);
  parent[last] = value;
  return copy;
}

describe('parseBatch', () => {
  it('reads every type of event as it was', () => {
    const batch = [startedEvent(), windowEvent(0), finishedEvent(), interruptedEvent()];
    expect(parseBatch(structuredClone(batch))).toEqual({ ok: true, events: batch });
  });

  it('accepts events of the first version, which ran MediaPipe only and did not say how', () => {
    const batch = [startedEvent(), finishedEvent()];
    const old = structuredClone(batch) as unknown as {
      data: { options?: unknown; environment: Json };
    }[];
    for (const { data } of old) {
      delete data.options;
      delete data.environment['threadsUsed'];
      delete data.environment['adapter'];
    }
    const parsed = parseBatch(old);
    const options = { threads: null, maxPoses: 1, tracking: true, smoothing: true };
    expect(parsed).toMatchObject({
      ok: true,
      events: [1, 2].map(() => ({
        data: { options, environment: { threadsUsed: null, adapter: null } },
      })),
    });
  });

  it.each([
    ['id', 'an-id', 'id'],
    ['source', '/devices/0', 'source'],
    ['specversion', '0.3', 'specversion'],
    ['time', 'yesterday', 'time'],
    ['time', '2026-01-01T00:00:00+05', 'time'],
    ['type', 'kinemark.run.paused.v1', 'type'],
    ['data.frames.decoded', -1, 'data.frames.decoded'],
    ['data.frames.decoded', 1.5, 'data.frames.decoded'],
    ['data.wallDurationMs', Infinity, 'data.wallDurationMs'],
    ['data.latencyMs.endToEnd', [1], 'data.latencyMs.endToEnd'],
    ['data.latencyMs.endToEnd', Array(2000).fill(1), 'data.latencyMs.endToEnd'],
    ['data.frames.detected', 1e6, 'data.frames'],
    ['data.pixels', 'AAAA', 'data.pixels'],
  ])('names the fault of a window with %s = %j', (path, value, faultPath) => {
    const parsed = parseBatch([startedEvent(), withValue(windowEvent(0), path, value)]);
    expect(parsed.ok).toBe(false);
    if (parsed.ok) return;
    expect(parsed.faults[0]).toMatchObject({ index: 1, path: faultPath });
  });

  it.each([
    ['data.windows', -1, 'data.windows'],
    ['data.windows', 1.5, 'data.windows'],
    ['data.noticedAt', 'yesterday', 'data.noticedAt'],
    ['data.reason', 'The tab crashed.', 'data.reason'],
  ])('names the fault of an interruption with %s = %j', (path, value, faultPath) => {
    const parsed = parseBatch([withValue(interruptedEvent(), path, value)]);
    expect(parsed.ok).toBe(false);
    if (parsed.ok) return;
    expect(parsed.faults[0]).toMatchObject({ index: 0, path: faultPath });
  });

  it('holds an event to its subject', () => {
    const other = '0197a000-0000-7000-8000-0000000000ff';
    expect(parseBatch([withValue(finishedEvent(), 'data.runId', other)])).toMatchObject({
      faults: [{ path: 'data.runId' }],
    });
    expect(parseBatch([withValue(windowEvent(0), 'id', `${other}/1`)])).toMatchObject({
      faults: [{ path: 'id' }],
    });
  });

  it('refuses a verdict that contradicts its reasons', () => {
    const verdict = { valid: true, reasons: ['cancelled'] };
    expect(parseBatch([withValue(finishedEvent(), 'data.verdict', verdict)]).ok).toBe(false);
  });

  it('refuses what is no batch', () => {
    expect(parseBatch({})).toMatchObject({ ok: false, faults: [{ index: -1 }] });
    expect(parseBatch([]).ok).toBe(false);
    expect(parseBatch(Array(MAX_BATCH_EVENTS + 1).fill(startedEvent())).ok).toBe(false);
  });

  it('leaves no string unbounded, so that no event can carry an image', () => {
    const unbounded: string[] = [];
    let visited = 0;
    visitStrings(metricEventSchema, 'event', (path, schema) => {
      visited += 1;
      const bounds = ['max_length', 'regex', 'uuid', 'iso_timestamp'];
      const pipe = 'pipe' in schema ? (schema.pipe as { type: string }[]) : [];
      if (!pipe.some(({ type }) => bounds.includes(type))) unbounded.push(path);
    });
    expect(unbounded).toEqual([]);
    expect(visited).toBeGreaterThan(30);
  });
});

/** Calls `visit` for each string in a valibot schema, with its path. */
function visitStrings(
  schema: object,
  path: string,
  visit: (path: string, schema: object) => void,
): void {
  if ('type' in schema && schema.type === 'string') {
    visit(path, schema);
    return;
  }
  for (const key of ['entries', 'options', 'items', 'item', 'wrapped', 'value', 'key'] as const) {
    const inner = (schema as Json)[key];
    if (!inner || typeof inner !== 'object') continue;
    const children = '~run' in inner ? [[key, inner]] : Object.entries(inner);
    for (const [name, child] of children as [string, unknown][]) {
      if (child && typeof child === 'object') visitStrings(child, `${path}.${name}`, visit);
    }
  }
}
