// How ONNX Runtime Web's own words and types become ours. On the real runtime: tests/browser/ort-*.test.ts.
import type { InferenceSession } from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { isRefusedForCpu, reasonOfFailure } from '../../../src/lib/engines/ort/ort-failure.ts';
import { toInputInfo, toOutputInfo } from '../../../src/lib/engines/ort/tensor-info.ts';

type Metadata = InferenceSession.ValueMetadata;

const boxes: Metadata = { name: 'boxes', isTensor: true, type: 'float32', shape: ['batch', 5] };
const halves: Metadata = { name: 'halves', isTensor: true, type: 'float16', shape: [1] };
const classes: Metadata = { name: 'classes', isTensor: true, type: 'int64', shape: [1, -1] };
const people: Metadata = { name: 'people', isTensor: false };

describe('what ONNX Runtime tells of tensors', () => {
  it('leaves dimensions open that only have a name', () => {
    const info = { name: 'boxes', type: 'float32', shape: [-1, 5] };
    expect(toInputInfo(boxes)).toEqual(info);
    expect(toOutputInfo(boxes)).toEqual(info);
  });

  it.each<[Metadata, string]>([
    [halves, 'halves is float16'],
    [classes, 'classes is int64'],
    [people, 'people is no tensor'],
  ])('refuses inputs that no pipeline gives', (value, reason) => {
    expect(() => toInputInfo(value)).toThrow(reason);
  });

  it('leaves out what no pipeline reads, and takes classes as smaller numbers', () => {
    expect([halves, classes, people].map(toOutputInfo)).toEqual([
      null,
      { name: 'classes', type: 'int32', shape: [1, -1] },
      null,
    ]);
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
