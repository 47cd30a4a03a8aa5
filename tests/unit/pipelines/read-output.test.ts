import { describe, expect, it } from 'vitest';
import { PipelineError } from '../../../src/lib/pipelines/pose-pipeline.ts';
import { readOutput } from '../../../src/lib/pipelines/read-output.ts';

describe('readOutput', () => {
  it.each([NaN, Infinity, -Infinity])('says what %d among the values means', (value) => {
    const read = () =>
      readOutput({ out: { shape: [3], data: Float32Array.of(0, 1, value) } }, 'out');
    expect(read).toThrow(PipelineError);
    expect(read).toThrow(/no numbers.*half precision.*Choose another backend/);
  });

  it('gives numbers, whatever their type', () => {
    for (const data of [Float32Array.of(-3e38, 0, 3e38), Int32Array.of(-1), new Uint8Array(0)]) {
      expect(readOutput({ out: { shape: [data.length], data } }, 'out').data).toBe(data);
    }
  });

  it('fails when the runtime leaves an output out', () => {
    expect(() => readOutput({}, 'out')).toThrow(/did not give the network's output "out"/);
  });
});
