// How ONNX Runtime Web's own words and types become ours. On the real runtime: tests/browser/ort-*.test.ts.
import type { InferenceSession } from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { isRefusedForCpu, reasonOfFailure } from '../../../src/lib/engines/ort/ort-failure.ts';
import { toTensorInfo } from '../../../src/lib/engines/ort/tensor-info.ts';

type Metadata = InferenceSession.ValueMetadata;

describe('toTensorInfo', () => {
  it('leaves dimensions open that only have a name', () => {
    const value: Metadata = {
      name: 'images',
      isTensor: true,
      type: 'float32',
      shape: ['batch', 3, 640, -1],
    };
    expect(toTensorInfo(value)).toEqual({
      name: 'images',
      type: 'float32',
      shape: [-1, 3, 640, -1],
    });
  });

  it.each<[Metadata, string]>([
    [{ name: 'images', isTensor: true, type: 'float16', shape: [1] }, 'images is float16'],
    [{ name: 'boxes', isTensor: true, type: 'int64', shape: [1] }, 'boxes is int64'],
    [{ name: 'people', isTensor: false }, 'people is no tensor'],
  ])('refuses what no pipeline knows', (value, reason) => {
    expect(() => toTensorInfo(value)).toThrow(reason);
  });
});

describe('reasonOfFailure', () => {
  it.each<[unknown, string]>([
    [
      new Error("Can't create a session. ERROR_CODE: 1, ERROR_MESSAGE: Something new.\nAt line 7."),
      'Something new',
    ],
    [
      new Error(
        'ERROR_MESSAGE: No Op registered for com.microsoft:FusedGemm with domain_version of 1',
      ),
      'it has the operator com.microsoft:FusedGemm, which the runtime lacks',
    ],
    [
      new Error(
        "Can't create a session. ERROR_CODE: 2, ERROR_MESSAGE: No graph was found in the protobuf.",
      ),
      'its file is damaged or no ONNX model',
    ],
    [4_711_088, 'the runtime failed inside, perhaps for lack of memory'],
    [new TypeError('Failed to fetch'), 'Failed to fetch'],
  ])('says what %s means', (cause, reason) => {
    expect(reasonOfFailure(cause)).toBe(reason);
  });

  it('keeps the refusal of operators on the CPU recognisable', () => {
    const refusal = new Error(
      "Can't create a session. ERROR_CODE: 1, ERROR_MESSAGE: This session contains graph nodes that are assigned to the default CPU EP, but fallback to CPU EP has been explicitly disabled by the user.",
    );
    expect(isRefusedForCpu(refusal)).toBe(true);
    expect(isRefusedForCpu(new Error(reasonOfFailure(refusal)))).toBe(true);
    expect(isRefusedForCpu(new Error('protobuf parsing failed'))).toBe(false);
  });
});
