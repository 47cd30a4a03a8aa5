import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { BenchError } from '../../../bench/bench-error.ts';
import { readBenchOptions } from '../../../bench/bench-options.ts';
import { sweep } from '../../../bench/sweep.ts';
import { recipe } from '../../fixtures/events.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { outcomeOf, tabThatAnswers } from './bench-tab.ts';
import type { Answers } from './bench-tab.ts';

const LITE = 'mediapipe/blazepose-lite@wasm';
const FULL = 'mediapipe/blazepose-full@wasm';
const HEAVY = 'mediapipe/blazepose-heavy@wasm';

/** Sweeps with such a page and these arguments; the results are in a folder of their own. */
async function sweepWith(answers: Answers, ...args: string[]) {
  const out = join(temporaryFolder(), 'out');
  const options = readBenchOptions(['--out', out, ...args]);
  if (!options) throw new Error('These arguments ask for help.');
  const told: string[] = [];
  const { asked, requests, openTab } = tabThatAnswers(answers);
  async function wait(ms: number): Promise<void> {
    asked.push(`wait ${ms} ms`);
  }
  const outcome = await sweep(options, (sentence) => told.push(sentence), { openTab, wait });
  const runs = asked.filter((each) => !each.startsWith('wait'));
  const ran = outcome.runs.map(({ summary }) => summary.target);
  return { ...outcome, told, asked: runs, steps: asked, requests, ran };
}

function writtenTargets(resultsPath: string): string[] {
  const { runs } = JSON.parse(readFileSync(resultsPath, 'utf8')) as { runs: { target: string }[] };
  return runs.map(({ target }) => target);
}

/** A server that refuses the events of one target. */
async function serverThatRefuses(target: string): Promise<string> {
  const server = createServer((request, response) => {
    // Events come packed.
    void json(request.pipe(createGunzip())).then((events) => {
      response.statusCode = JSON.stringify(events).includes(target) ? 400 : 202;
      response.end('{"error":"not today"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('goes on after a target that fails', async () => {
  const { ran, told, asked, failures, refusals, resultsPath } = await sweepWith(
    {
      run(request) {
        if (request.targetId === FULL) throw new BenchError('There is no such backend.');
        return outcomeOf(request);
      },
    },
    ...['--target', `${LITE},${FULL},${HEAVY}`],
  );
  expect(ran).toEqual([LITE, HEAVY]);
  expect(told).toEqual([`${FULL} did not run: There is no such backend.`]);
  expect({ failures, refusals }).toEqual({ failures: 1, refusals: [] });
  expect(asked).toEqual([LITE, FULL, HEAVY, 'close']);
  expect(writtenTargets(resultsPath)).toEqual([LITE, HEAVY]);
});

it('never asks for a target whose licence is not accepted', async () => {
  const { asked, told, failures } = await sweepWith(
    {},
    '--target',
    `ort/yolo11n-pose@wasm,${LITE}`,
  );
  expect(asked).toEqual([LITE, 'close']);
  expect(told).toHaveLength(1);
  expect(failures).toBe(1);
});

it('goes on with the next source after one that cannot be opened', async () => {
  const [first, broken] = [import.meta.filename, join(import.meta.dirname, 'bench-tab.ts')];
  const { ran, told, failures, refusals } = await sweepWith(
    {
      open({ name }) {
        if (name === 'bench-tab.ts') throw new BenchError(`${name} is no film.`);
      },
    },
    ...['--clip', first, '--clip', broken, '--clip', first],
  );
  expect(ran).toEqual([LITE, LITE]);
  expect(told).toEqual([]);
  expect({ failures, refusals }).toEqual({ failures: 0, refusals: ['bench-tab.ts is no film.'] });
});

it('goes on after events that are refused, and says so of each run and in the end', async () => {
  const url = await serverThatRefuses(LITE);
  const { ran, told, failures, refusals, resultsPath } = await sweepWith(
    {},
    ...['--target', `${LITE},${FULL}`, '--server', url],
  );
  expect(ran).toEqual([LITE, FULL]);
  expect(told).toEqual([
    `the events of ${LITE} on actor.mp4 were not delivered because HTTP 400: not today`,
  ]);
  expect(failures).toBe(0);
  expect(refusals).toHaveLength(1);
  expect(refusals[0]).toContain(`The events of 1 of 2 runs did not reach ${url}.`);
  expect(writtenTargets(resultsPath)).toEqual([LITE, FULL]);
});

it('keeps what was measured when the results cannot be written, and says so once', async () => {
  const out = temporaryFolder();
  const options = readBenchOptions(['--out', out, '--target', `${LITE},${FULL}`]);
  if (!options) throw new Error('These arguments ask for help.');
  const { openTab } = tabThatAnswers({
    run(request) {
      // In the way of the draft that becomes results.json.
      mkdirSync(join(out, 'results.json.draft'), { recursive: true });
      return outcomeOf(request);
    },
  });
  const { runs, refusals } = await sweep(options, () => undefined, {
    openTab,
    wait: () => Promise.resolve(),
  });
  expect(runs).toHaveLength(2);
  expect(refusals).toHaveLength(1);
  expect(refusals[0]).toContain('--out');
});

it('leaves earlier results alone until there is a new run', async () => {
  const out = temporaryFolder();
  const resultsPath = join(out, 'results.json');
  writeFileSync(resultsPath, 'earlier');
  const refuse = () => {
    throw new BenchError('It is no film.');
  };
  await sweepWith({ open: refuse }, '--out', out);
  expect(readFileSync(resultsPath, 'utf8')).toBe('earlier');
  expect(readdirSync(out)).toEqual(['results.json']);
  await sweepWith({}, '--out', out);
  expect(writtenTargets(resultsPath)).toEqual([LITE]);
});

it('repeats everything, each round in an order of its own that the seed repeats', async () => {
  const args = ['--target', `${LITE},${FULL},${HEAVY}`, '--repeat', '6'];
  const { ran, runs, requests } = await sweepWith({}, ...args, '--seed', '5');
  const rounds = Array.from({ length: 6 }, (_, round) => ran.slice(round * 3, round * 3 + 3));
  for (const round of rounds) expect(round.toSorted()).toEqual([FULL, HEAVY, LITE]);
  expect(new Set(rounds.map(String)).size).toBeGreaterThan(1);
  expect(runs.map(({ round }) => round)).toEqual(rounds.flatMap((_, i) => [i, i, i]));
  expect(new Set(requests.map(({ seed }) => seed))).toEqual(new Set([5]));

  const again = await sweepWith({}, ...args, '--seed', '5');
  const other = await sweepWith({}, ...args, '--seed', '6');
  expect(again.ran).toEqual(ran);
  expect(other.ran).not.toEqual(ran);
  expect(other.ran.toSorted()).toEqual(ran.toSorted());
});

it('lets the device cool between two runs, and not before the first', async () => {
  const args = ['--target', `${LITE},${FULL}`, '--cool-down', '30'];
  const { steps } = await sweepWith({}, ...args);
  expect(steps).toEqual([LITE, 'wait 30000 ms', FULL, 'close']);
});

it('has all weights fetched before the first run', async () => {
  const steps: string[] = [];
  await sweepWith(
    {
      prefetch: (ids) => steps.push(`fetch ${ids.join(' ')}`),
      run(request) {
        steps.push(request.targetId);
        return outcomeOf(request);
      },
    },
    ...['--target', `${LITE},${FULL}`, '--repeat', '2'],
  );
  expect(steps[0]).toBe(`fetch ${LITE} ${FULL}`);
  expect(steps).toHaveLength(5);
});

it('leaves it to a run to say that its weights cannot be had', async () => {
  const prefetch = () => {
    throw new BenchError('There is no network.');
  };
  const { ran, told, failures } = await sweepWith({ prefetch });
  expect({ ran, told, failures }).toEqual({ ran: [LITE], told: [], failures: 0 });
});

it('tries a target that cannot be run once, not in every round', async () => {
  const { asked, told, failures } = await sweepWith(
    {
      run(request) {
        if (request.targetId === FULL) throw new BenchError('There is no such backend.');
        return outcomeOf(request);
      },
    },
    ...['--target', `${LITE},${FULL}`, '--repeat', '3'],
  );
  expect(asked.filter((id) => id === FULL)).toHaveLength(1);
  expect(asked.filter((id) => id === LITE)).toHaveLength(3);
  expect({ told, failures }).toEqual({
    told: [`${FULL} did not run: There is no such backend.`],
    failures: 1,
  });
});

it('asks for the runs of a plan as they were', async () => {
  const plan = join(temporaryFolder(), 'plan.json');
  const planned = { ...recipe, target: FULL, scenario: 'live', maxFrames: 60, seed: 7 };
  writeFileSync(plan, JSON.stringify({ ...planned, minDurationMs: 500 }));
  const { requests } = await sweepWith({}, '--plan', plan);
  const { target, source, ...conditions } = planned;
  expect(requests).toEqual([
    {
      ...conditions,
      minDurationMs: 500,
      targetId: target,
      expectedDigest: source.framesDigest,
      deviceId: expect.any(String) as string,
      keypoints: false,
    },
  ]);
});
