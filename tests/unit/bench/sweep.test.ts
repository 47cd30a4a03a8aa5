import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { BenchError } from '../../../bench/bench-error.ts';
import { readBenchOptions } from '../../../bench/bench-options.ts';
import { sweep } from '../../../bench/sweep.ts';
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
  const { asked, openTab } = tabThatAnswers(answers);
  const outcome = await sweep(options, (sentence) => told.push(sentence), openTab);
  return { ...outcome, told, asked, ran: outcome.runs.map(({ target }) => target) };
}

function writtenTargets(resultsPath: string): string[] {
  const { runs } = JSON.parse(readFileSync(resultsPath, 'utf8')) as { runs: { target: string }[] };
  return runs.map(({ target }) => target);
}

/** A server that refuses the events of one target. */
async function serverThatRefuses(target: string): Promise<string> {
  const server = createServer((request, response) => {
    void json(request).then((events) => {
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
  const { runs, refusals } = await sweep(options, () => undefined, openTab);
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
