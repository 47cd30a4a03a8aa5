// Engines that are lost in a search: it finds what it finds without. In virtual time.
import { expect, it } from 'vitest';
import { WARM_UP_FRAMES } from '../../../src/lib/benchmark/warm-up.ts';
import { FRAMES, runWithLosses } from '../../fixtures/lossy-run.ts';
import type { SentFrame } from '../../fixtures/lossy-run.ts';
import { expectSound } from './expect-sound.ts';

const forRate = { settings: { findMaxFps: true } };
/** The first frame of the search: after the warm-up and the run. */
const FIRST_OF_RATES = WARM_UP_FRAMES + FRAMES;

const HELD = 5;
const forStreams = { settings: { streams: null }, cores: 3 };
/** The first frame of the search, which comes before the run. */
const FIRST_OF_STREAMS = WARM_UP_FRAMES;

const none = (): boolean => false;
const only =
  (...lost: number[]) =>
  ({ call }: SentFrame): boolean =>
    lost.includes(call);

it.each([1, 20, 128, 170])('finds the same highest rate when its frame %i is lost', async (at) => {
  const undisturbed = await runWithLosses('live', none, forRate);
  const run = await runWithLosses('live', only(FIRST_OF_RATES + at), forRate);
  expect(run.pool.restarts()).toBe(1);
  expect(undisturbed.report.live?.maxFps).toBeGreaterThan(40);
  expect(run.report.live).toEqual(undisturbed.report.live);
  expectSound(run);
});

it.each([2, 20, 190, 490, 990])('finds as many streams when its frame %i is lost', async (at) => {
  const run = await runWithLosses('multi-stream', only(FIRST_OF_STREAMS + at), forStreams);
  expect(run.pool.restarts()).toBe(1);
  const { streams } = run.report;
  expect(streams).toMatchObject({ streams: HELD, held: HELD });
  expect(streams?.probes.map(({ value }) => value)).toEqual([1, 2, 3, 4, 5, 6]);
  expectSound(run);
});

it('counts a trial as missed in which an engine is lost again', async () => {
  const undisturbed = await runWithLosses('live', none, forRate);
  const twice = only(FIRST_OF_RATES + 20, FIRST_OF_RATES + 60);
  const run = await runWithLosses('live', twice, forRate);
  expect(run.pool.restarts()).toBe(2);
  const [first, second] = run.report.live?.probes ?? [];
  expect(first).toEqual({ ...undisturbed.report.live?.probes[0], missedDeadlines: 1 });
  expect(second?.value).toBeLessThan(first?.value ?? 0);
  expectSound(run);
});

it.each([
  ['live', FIRST_OF_RATES, forRate],
  ['multi-stream', FIRST_OF_STREAMS, forStreams],
] as const)(
  '%s warms a new engine up before the trial is made again',
  async (scenario, first, options) => {
    const slowAtFirst = { ...options, coldMs: 300 };
    const undisturbed = await runWithLosses(scenario, none, slowAtFirst);
    const run = await runWithLosses(scenario, only(first + 20), slowAtFirst);
    expect(undisturbed.report.live?.maxFps ?? undisturbed.report.streams?.held).toBeGreaterThan(1);
    expect(run.report.live?.maxFps).toBe(undisturbed.report.live?.maxFps);
    expect(run.report.streams?.held).toBe(undisturbed.report.streams?.held);
    expect(run.pool.restarts()).toBe(1);
  },
);

it.each([
  ['at its first frame', 0],
  ['when it is almost warm', WARM_UP_FRAMES - 1],
])(
  'is over when one engine more than fits dies %s, and keeps only those that fit',
  async (_, at) => {
    const FITTING = 3;
    const isLost = ({ alive, frame }: SentFrame): boolean => alive > FITTING && frame === at;
    const run = await runWithLosses('multi-stream', isLost, { settings: { streams: null } });
    const { streams } = run.report;
    expect(streams).toMatchObject({ streams: FITTING, held: FITTING });
    expect(streams?.probes.at(-1)).toEqual({ value: FITTING + 1, missedDeadlines: 1 });
    expect(run.pool.restarts()).toBe(0);
    expect(run.pool.engines).toHaveLength(FITTING);
    expectSound(run);
  },
);

it('is over when one engine more than fits dies whenever all stream', async () => {
  const FITTING = 3;
  const isLost = ({ alive, frame }: SentFrame): boolean => alive > FITTING && frame >= 30;
  const run = await runWithLosses('multi-stream', isLost, { settings: { streams: null } });
  expect(run.report.streams).toMatchObject({ streams: FITTING, held: FITTING });
  expect(run.pool.engines).toHaveLength(FITTING);
  expect(run.drops).toEqual([]);
});
