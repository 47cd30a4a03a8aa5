// bench:engines: its arguments, its rounds and its table.
import { describe, expect, it } from 'vitest';
import { BenchError } from '../../../bench/bench-error.ts';
import { compareEngines } from '../../../bench/compare-engines.ts';
import type { EngineRecord } from '../../../bench/compare-engines.ts';
import { readComparisonOptions } from '../../../bench/comparison-options.ts';
import { comparisonTable } from '../../../bench/comparison-table.ts';
import { findTarget } from '../../../src/lib/models/catalogue.ts';
import type { Pose } from '../../../src/lib/pose/pose.ts';
import type { HeadlessRequest } from '../../../src/lib/ui/headless-api.ts';
import { outcomeOf, tabThatAnswers } from './bench-tab.ts';
import type { Answers } from './bench-tab.ts';

const CLIP_FRAMES = 720;
const FRAMES = 150;
const LITE = 'mediapipe/blazepose-lite@wasm';
const ORT = 'ort/blazepose-lite@wasm';
const LITERT = 'litert/blazepose-lite@wasm';
const YOLO = 'ort/yolo11n-pose@wasm';

function optionsOf(...args: string[]) {
  const options = readComparisonOptions(args, CLIP_FRAMES);
  if (!options) throw new Error('These arguments ask for help.');
  return options;
}

async function compareWith(answers: Answers, ...args: string[]) {
  const told: string[] = [];
  const { asked, openTab } = tabThatAnswers({ run: wholeRun, ...answers });
  const outcome = await compareEngines(optionsOf(...args), (line) => told.push(line), openTab);
  return { ...outcome, asked, told, ran: outcome.records.map(({ target }) => target.id) };
}

/** All frames, three times as fast as the bare loop of the tab. */
function wholeRun(request: HeadlessRequest) {
  const outcome = outcomeOf(request);
  const frames = { decoded: FRAMES, processed: FRAMES, dropped: 0, detected: 0 };
  return { ...outcome, summary: { ...outcome.summary, frames, effectiveFps: 30 } };
}

describe('readComparisonOptions', () => {
  it('compares BlazePose on every engine when nothing is said', () => {
    const { targets, ...others } = optionsOf();
    expect(new Set(targets.map(({ engine }) => engine)).size).toBe(4);
    expect(others).toEqual({ acceptLicense: false, frames: FRAMES, rounds: 6 });
    expect(readComparisonOptions(['--help'], CLIP_FRAMES)).toBeNull();
  });

  it('refuses more frames than the clip has, and fewer rounds than an interval needs', () => {
    expect(optionsOf('--frames', '720').frames).toBe(720);
    expect(() => optionsOf('--frames', '721')).toThrow('the actor clip has 720 frames');
    expect(() => optionsOf('--rounds', '5')).toThrow('at least 6');
    expect(() => optionsOf('--round', '6')).toThrow('bench:engines -- --help');
  });
});

describe('compareEngines', () => {
  it('runs every target in every round, each round from another one', async () => {
    const { asked, records, bareFps, failures } = await compareWith(
      {},
      '--target',
      `${LITE},${ORT}`,
    );
    const rounds = [LITE, ORT, ORT, LITE];
    expect(asked).toEqual([...rounds, ...rounds, ...rounds, 'close']);
    expect(bareFps).toEqual(Array(6).fill(10));
    expect(records.map(({ ratios }) => ratios)).toEqual(Array(2).fill(Array(6).fill(3)));
    expect(failures).toBe(0);
  });

  it('never asks for a target whose licence is not accepted', async () => {
    const refused = await compareWith({}, '--target', `${YOLO},${LITE}`);
    expect(refused.asked).not.toContain(YOLO);
    expect(refused.told[0]).toContain('--accept-license');
    expect(refused).toMatchObject({ ran: [LITE], failures: 1 });
    const only = await compareWith({}, '--target', YOLO);
    expect(only).toMatchObject({ asked: [], ran: [], failures: 1 });
    const accepted = await compareWith({}, '--target', `${YOLO},${LITE}`, '--accept-license');
    expect(accepted.told[0]).toBe(findTarget(YOLO).model.licenseNotice);
    expect(accepted).toMatchObject({ ran: [YOLO, LITE], failures: 0 });
  });

  it('leaves out a target that fails, whenever it does, and goes on with the others', async () => {
    let runs = 0;
    const { ran, told, asked, failures } = await compareWith(
      {
        run(request) {
          if (request.targetId !== ORT) return wholeRun(request);
          runs += 1;
          if (runs === 3) throw new BenchError('It broke.');
          return wholeRun(request);
        },
      },
      ...['--target', `${LITE},${ORT},${LITERT}`],
    );
    expect(ran).toEqual([LITE, LITERT]);
    expect(failures).toBe(1);
    expect(told.filter((line) => !line.startsWith('round'))).toEqual([
      `${ORT} is left out because it did not run: It broke.`,
    ]);
    expect(asked.filter((id) => id === ORT)).toHaveLength(3);
    expect(asked.filter((id) => id === LITERT)).toHaveLength(6);
  });

  it('counts a run that broke off or lacks frames as failed', async () => {
    const short = (request: HeadlessRequest) => {
      const outcome = wholeRun(request);
      const { summary } = outcome;
      return request.targetId === ORT
        ? { ...outcome, summary: { ...summary, failure: 'The device was lost.' } }
        : { ...outcome, summary: { ...summary, frames: { ...summary.frames, processed: 149 } } };
    };
    const { told, records, bareFps } = await compareWith(
      { run: short },
      '--target',
      `${LITE},${ORT}`,
    );
    expect(records).toEqual([]);
    expect(bareFps).toHaveLength(1);
    expect(told.slice(0, 2)).toEqual([
      `${LITE} is left out because it did not run: It processed 149 of 150 frames.`,
      `${ORT} is left out because it did not run: The device was lost.`,
    ]);
  });
});

describe('comparisonTable', () => {
  /** Everybody's joints are `byPx` to the right of the same place, with a torso of 100 px. */
  function pose(byPx: number): Pose {
    const keypoints = Array.from({ length: 33 }, (_, joint) => ({
      x: 200 + byPx,
      y: joint >= 23 ? 300 : 200,
      score: 1,
    }));
    return { skeleton: 'blazepose-33', score: 1, keypoints };
  }
  function record(id: string, poses: (Pose | null)[]): EngineRecord {
    const six = Array.from({ length: 6 }, (_, round) => round + 1);
    return { target: findTarget(id), fps: six, ratios: six, poses };
  }
  const truth = [
    {
      areaPx: 40_000,
      keypoints: pose(0)
        .keypoints.slice(0, 17)
        .map((k) => ({ ...k, v: 0 })),
      box: { x: 0, y: 0, width: 200, height: 200 },
      headBox: null,
      isCrowd: false,
      isIgnored: false,
    },
  ];

  it('shows how far engines are apart, and in how many frames only one found somebody', () => {
    const table = comparisonTable(
      [
        record(LITERT, [pose(0), pose(0), null, null]),
        record(ORT, [pose(1), null, pose(0), null]),
        record('ort/blazepose-full@wasm', [pose(0), pose(0), null, null]),
      ],
      truth,
    );
    expect(table.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      [
        'target',
        'FPS (interval of the median)',
        '× bare loop',
        'mean OKS',
        'median from litert',
        '95th percentile',
        'frames apart',
      ],
      [LITERT, '3.5 (1.0–6.0)', '3.50 (1.00–6.00)', '–', '–', '–', '–'],
      [
        ORT,
        '3.5 (1.0–6.0)',
        '3.50 (1.00–6.00)',
        '–',
        '1.00 % of torso',
        '1.00 % of torso',
        '2 / 3',
      ],
      ['ort/blazepose-full@wasm', '3.5 (1.0–6.0)', '3.50 (1.00–6.00)', '–', '–', '–', '–'],
    ]);
  });
});
