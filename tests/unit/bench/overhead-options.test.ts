import { describe, expect, it } from 'vitest';
import { readOverheadOptions } from '../../../bench/overhead-options.ts';

const MEDIAPIPE = 'mediapipe/blazepose-lite@wasm';
const LITERT = 'litert/blazepose-lite@wasm';

describe('readOverheadOptions', () => {
  it('measures a closed pipeline and one of ours when nothing is said', () => {
    const { targets, pairs } = readOverheadOptions([]) ?? {};
    expect(targets?.map(({ id }) => id)).toEqual([MEDIAPIPE, LITERT]);
    expect(pairs).toBe(30);
    expect(readOverheadOptions(['--help'])).toBeNull();
  });

  it('takes targets and pairs', () => {
    const { targets, pairs } = readOverheadOptions(['--target', LITERT, '--pairs', '6']) ?? {};
    expect(targets?.map(({ id }) => id)).toEqual([LITERT]);
    expect(pairs).toBe(6);
  });

  it.each([
    [['--pairs', '5'], /--pairs is "5".*at least 6/],
    [['--target', 'ort/yolo11n-pose@wasm'], /names ort\/yolo11n-pose@wasm.*come with Kinemark/],
    [['--target', 'litert/blazepose-lite@webgpu'], /on wasm/],
    [['--pair', '6'], /bench:overhead -- --help/],
  ])('refuses %j in a sentence', (args, sentence) => {
    expect(() => readOverheadOptions(args)).toThrow(sentence);
  });
});
