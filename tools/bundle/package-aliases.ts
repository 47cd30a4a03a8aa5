// Packages that the application's bundle replaces, for vite.config.ts and vitest.config.ts alike.
import { join } from 'node:path';

/** By the import's specifier, the file that is loaded instead. */
export const packageAliases: Readonly<Record<string, string>> = {
  '@mediapipe/pose': join(import.meta.dirname, '../../src/lib/engines/tfjs/mediapipe-pose-stub.ts'),
};
