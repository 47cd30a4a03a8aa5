import { describe, expect, it } from 'vitest';
import { defaultEngineOptions } from '../../../src/lib/engines/default-options.ts';
import { effectiveOptions } from '../../../src/lib/engines/effective-options.ts';

describe('effectiveOptions', () => {
  it('says that MediaPipe smooths whenever it follows, and chooses its threads', () => {
    const asked = { ...defaultEngineOptions, threads: 4 };
    expect(effectiveOptions('mediapipe', asked)).toEqual({
      ...asked,
      threads: null,
      smoothing: true,
    });
    const pictures = { ...asked, tracking: false, smoothing: true };
    expect(effectiveOptions('mediapipe', pictures).smoothing).toBe(false);
  });

  it('takes the other engines at their word', () => {
    const asked = { ...defaultEngineOptions, threads: 4, smoothing: true };
    expect(effectiveOptions('litert', asked)).toBe(asked);
  });
});
