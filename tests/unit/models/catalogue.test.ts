import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_TARGET_ID,
  UnknownTargetError,
  findTarget,
  targets,
} from '../../../src/lib/models/catalogue.ts';

describe('the catalogue', () => {
  it('has targets with unique ids of the form engine/model@backend', () => {
    const ids = targets.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, engine, model, backend } of targets) {
      expect(id).toBe(`${engine}/${model.id}@${backend}`);
    }
  });

  it.each(targets.map(({ id, file }) => [id, file] as const))(
    'promises for %s just the bytes that the forge builds',
    async (_, file) => {
      const bytes = await readFile(`static${file.url}`);
      expect(bytes.byteLength).toBe(file.bytes);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(file.sha256);
    },
  );

  it('finds a target, and names the known ones when it does not', () => {
    expect(findTarget(DEFAULT_TARGET_ID).model.id).toBe('blazepose-lite');
    expect(() => findTarget('mediapipe/blazepose@wasm')).toThrow(UnknownTargetError);
    expect(() => findTarget('mediapipe/blazepose@wasm')).toThrow(DEFAULT_TARGET_ID);
  });
});
