import { describe, expect, it } from 'vitest';
import { createNetworkOutput } from '../../../src/lib/engines/litert/network-output.ts';

describe('an output of LiteRT.js', () => {
  it('is refused when it leaves a dimension open, before anything has run', () => {
    const details = { index: 0, dtype: 'float32', supportedBufferTypes: new Set<never>() } as const;
    expect(() =>
      createNetworkOutput({ ...details, name: 'boxes', shape: Int32Array.of(1, -1, 6) }),
    ).toThrow('its tensor boxes leaves a dimension open (1×-1×6)');
    expect(
      createNetworkOutput({ ...details, name: 'boxes', shape: Int32Array.of(1, 300, 6) }).name,
    ).toBe('boxes');
  });
});
