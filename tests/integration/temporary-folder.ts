// A fresh folder for each test that asks, removed when the test ends.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Absolute path of a new folder. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kinemark-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
