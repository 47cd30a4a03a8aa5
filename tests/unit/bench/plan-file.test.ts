import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBenchOptions } from '../../../bench/bench-options.ts';
import type { PlannedRun } from '../../../bench/planned-run.ts';
import { findTarget } from '../../../src/lib/models/catalogue.ts';
import { finishedEvent, recipe } from '../../fixtures/events.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const FULL = 'mediapipe/blazepose-full@wasm';

function fileOf(content: unknown): string {
  const path = join(temporaryFolder(), 'plan.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

function runsOf(content: unknown, ...args: string[]): readonly PlannedRun[] {
  return readBenchOptions(['--plan', fileOf(content), ...args])?.runs ?? [];
}

function clipFile(name: string): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, '');
  return path;
}

function recipeOn(kind: 'clip' | 'images' | 'camera', name: string) {
  return { ...recipe, source: { kind, name, framesDigest: null } };
}

describe('--plan', () => {
  it('repeats a plan exactly', () => {
    const settings = { durationMs: 60_000, findMaxFps: true, streams: null };
    const asked = { ...recipe, target: FULL, scenario: 'live', settings, maxFrames: 90, seed: 7 };
    const { target, source, ...conditions } = asked;
    expect(runsOf(asked)).toEqual([
      {
        source: { path: null, name: 'the actor clip', truth: null },
        target: findTarget(target),
        conditions: { ...conditions, expectedDigest: source.framesDigest },
      },
    ]);
    expect(readBenchOptions(['--plan', fileOf(asked)])?.seed).toBe(7);
  });

  it("repeats a run's result, and all of a results.json in their order", () => {
    const { data } = finishedEvent();
    const other = { ...data, recipe: { ...recipe, target: FULL } };
    expect(runsOf(data).map(({ target }) => target?.id)).toEqual([recipe.target]);
    const results = { schema: 'kinemark.results/1', runs: [other, data, other] };
    const ids = runsOf(results).map(({ target }) => target?.id);
    expect(ids).toEqual([FULL, recipe.target, FULL]);
  });

  it('finds clips by their names', () => {
    const [walk, jump] = [clipFile('walk.mp4'), clipFile('jump.mp4')];
    const runs = [recipeOn('clip', 'jump.mp4'), recipe, recipeOn('clip', 'walk.mp4')];
    const found = runsOf({ runs }, '--clip', walk, '--clip', jump);
    expect(found.map(({ source }) => source.name)).toEqual([
      'jump.mp4',
      'the actor clip',
      'walk.mp4',
    ]);
    expect(found[0]?.source).toEqual({ path: jump, name: 'jump.mp4', truth: null });
    expect(() => runsOf({ runs }, '--clip', walk)).toThrow(
      /was made for jump\.mp4\. Give that file with --clip/,
    );
    expect(() => runsOf(recipe, '--clip', walk)).toThrow(/asks for no clip.*walk\.mp4/);
    expect(() => runsOf(recipeOn('clip', 'jump.mp4'), '--clip', walk)).toThrow(
      /asks for jump\.mp4, but --clip gives walk\.mp4/,
    );
  });

  it('takes pictures where the plan was made for some', () => {
    const folder = temporaryFolder();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'a.jpg'), '');
    const planned = recipeOn('images', '27 images');
    const [run] = runsOf(planned, '--images', folder);
    expect(run?.source).toMatchObject({ paths: [join(folder, 'a.jpg')] });
    expect(() => runsOf(planned)).toThrow(/was made for 27 images\. Give their folder/);
    expect(() => runsOf(recipe, '--images', folder)).toThrow(/asks for no pictures/);
  });

  it.each([
    ['is cut off', '{"target": ', /plan\.json is not JSON\. Give --plan a plan file/],
    ['is something else', { shapes: [] }, /plan\.json has no valid "target"/],
    ['is a list', [], /plan\.json (?:is no plan of a run|has no)/],
    ['has no runs', { runs: [] }, /plan\.json has no runs\./],
    ['lacks a field', { ...recipe, seed: undefined }, /has no valid "seed"/],
    ['has a wrong value', { ...recipe, scenario: 'burst' }, /has no valid "scenario"/],
    ['says more than a plan', { ...recipe, colour: 'red' }, /has no valid "colour"/],
    ['is broken in one of its runs', { runs: [recipe, { recipe: 1 }] }, /is no plan of a run/],
    [
      'names an unknown target',
      { ...recipe, target: 'ort/mine@wasm' },
      /"ort\/mine@wasm" is unknown/,
    ],
    ['was made for a camera', recipeOn('camera', 'Front'), /made for a camera.*Open it in the app/],
  ])('refuses one that %s in a sentence', (_, content, sentence) => {
    expect(() => runsOf(content)).toThrow(sentence);
  });
});
