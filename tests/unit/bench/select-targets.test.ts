import { describe, expect, it } from 'vitest';
import { selectTargets } from '../../../bench/select-targets.ts';
import { targets } from '../../../src/lib/models/catalogue.ts';

function idsOf(...args: string[]): string[] {
  return selectTargets(args).map(({ id }) => id);
}

const LITE = 'mediapipe/blazepose-lite@wasm';
const FULL = 'mediapipe/blazepose-full@wasm';
const HEAVY = 'mediapipe/blazepose-heavy@wasm';

describe('selectTargets', () => {
  it('takes ids in the order given, apart or separated by commas', () => {
    expect(idsOf(HEAVY, LITE)).toEqual([HEAVY, LITE]);
    expect(idsOf(`${HEAVY}, ${LITE}`, FULL)).toEqual([HEAVY, LITE, FULL]);
  });

  it('takes patterns, each in the order of the catalogue', () => {
    expect(idsOf('mediapipe/blazepose-*@wasm')).toEqual([LITE, FULL, HEAVY]);
    expect(idsOf('litert/blazepose-lite@wasm,mediapipe/blazepose-*@wasm')).toEqual([
      'litert/blazepose-lite@wasm',
      LITE,
      FULL,
      HEAVY,
    ]);
    expect(idsOf('*')).toEqual(targets.map(({ id }) => id));
    expect(idsOf('*/blazepose-lite@webgpu')).toEqual(
      targets.map(({ id }) => id).filter((id) => id.endsWith('/blazepose-lite@webgpu')),
    );
  });

  it('runs the twelve of the four engines', () => {
    const four = ['mediapipe', 'litert', 'ort', 'tfjs'];
    const ids = idsOf(four.map((engine) => `${engine}/blazepose-*@wasm`).join(','));
    expect(ids).toEqual(
      four.flatMap((engine) =>
        ['lite', 'full', 'heavy'].map((size) => `${engine}/blazepose-${size}@wasm`),
      ),
    );
  });

  it('names each target once, where it first comes', () => {
    expect(idsOf(FULL, 'mediapipe/blazepose-*@wasm', LITE)).toEqual([FULL, LITE, HEAVY]);
  });

  it('means all other characters as they are', () => {
    expect(() => idsOf('mediapipe.blazepose-*')).toThrow('No target fits "mediapipe.blazepose-*"');
    expect(() => idsOf('(*')).toThrow('No target fits "(*"');
  });

  it.each([
    ['tensorrt/*', /No target fits "tensorrt\/\*".*engine\/model@backend.*mediapipe\//],
    ['*@wasm2', /No target fits "\*@wasm2"/],
    [`${LITE},nobody/knows@it`, /"nobody\/knows@it" is unknown/],
    ['', /"" is unknown/],
  ])('refuses %j in a sentence', (arg, sentence) => {
    expect(() => idsOf(arg)).toThrow(sentence);
  });
});
