import { describe, expect, it } from 'vitest';
import { chooseOwnTarget } from '../../../bench/own-model.ts';
import type { OwnModel } from '../../../bench/own-model.ts';

const own: OwnModel = { paths: ['there/my.onnx'], pipeline: null, engine: null, backend: 'wasm' };
const given = ['ort/my@wasm', 'ort/my@webgpu'].map((id) => {
  const [, engine = '', backend = ''] = /^(.*)\/.*@(.*)$/.exec(id) ?? [];
  return { id, engine, backend };
});

describe('chooseOwnTarget', () => {
  it('takes the one on the wanted backend, and engine if one is named', () => {
    expect(chooseOwnTarget(own, given)).toBe('ort/my@wasm');
    expect(chooseOwnTarget({ ...own, backend: 'webgpu' }, given)).toBe('ort/my@webgpu');
    expect(chooseOwnTarget({ ...own, engine: 'ort' }, given)).toBe('ort/my@wasm');
  });

  it('says where the model can run when it cannot run there', () => {
    expect(() => chooseOwnTarget({ ...own, backend: 'webnn' }, given)).toThrow(
      'my.onnx cannot run on webnn. Choose --engine and --backend of one of: ort/my@wasm, ort/my@webgpu.',
    );
    expect(() => chooseOwnTarget({ ...own, engine: 'litert' }, given)).toThrow(
      'my.onnx cannot run on litert@wasm.',
    );
  });
});
