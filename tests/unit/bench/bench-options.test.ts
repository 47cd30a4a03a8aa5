import { describe, expect, it } from 'vitest';
import { readBenchOptions } from '../../../bench/bench-options.ts';
import { DEFAULT_TARGET_ID } from '../../../src/lib/models/catalogue.ts';

const thisFile = import.meta.filename;

describe('readBenchOptions', () => {
  it('runs the actor on the default target when nothing is said', () => {
    expect(readBenchOptions([])).toEqual({
      clips: [{ path: null, name: 'the actor clip' }],
      targetIds: [DEFAULT_TARGET_ID],
      maxFrames: null,
      outFolder: 'results',
      keypoints: false,
      serverUrl: null,
    });
  });

  it('takes everything that can be said', () => {
    const heavy = 'mediapipe/blazepose-heavy@wasm';
    const args = ['--clip', thisFile, '--clip', thisFile, '--target', heavy, '--frames', '30'];
    const more = ['--out', 'there', '--keypoints', '--server', 'http://localhost:3000'];
    expect(readBenchOptions([...args, ...more])).toEqual({
      clips: Array(2).fill({ path: thisFile, name: 'bench-options.test.ts' }),
      targetIds: [heavy],
      maxFrames: 30,
      outFolder: 'there',
      keypoints: true,
      serverUrl: new URL('http://localhost:3000'),
    });
  });

  it('asks for nothing but help with --help', () => {
    expect(readBenchOptions(['--help'])).toBeNull();
  });

  it.each([
    [['--target', 'nobody/knows@it'], /"nobody\/knows@it" is unknown.*mediapipe\/blazepose-lite/],
    [['--clip', 'missing.mp4'], /missing\.mp4 does not exist/],
    [['--clip', '.'], /is not a file/],
    [['--frames', '0'], /--frames is "0".*at least 1/],
    [['--frames', 'many'], /--frames is "many"/],
    [['--server', 'localhost'], /--server is "localhost".*http:/],
    [['--clips'], /--clips.*--help/],
    [['clip.mp4'], /clip\.mp4.*--help/],
  ])('says what is wrong with %j', (args, sentence) => {
    expect(() => readBenchOptions(args)).toThrow(sentence);
  });
});
