// Starts the emulators before the tests of the cloud path, and ends them afterwards. Where they are missing the
// tests are skipped, and said to be, unless KINEMARK_REQUIRE_EMULATORS=1.
import type { TestProject } from 'vitest/node';
import { findEmulators, startEmulators } from './google-emulators.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Null where there are none. */
    readonly emulators: { readonly pubsubHost: string; readonly firestoreHost: string } | null;
  }
}

export default async function setUp(
  project: TestProject,
): Promise<(() => Promise<void>) | undefined> {
  const files = await findEmulators();
  if ('missing' in files) {
    const sentence = `The tests of the cloud path need Google's emulators, but ${files.missing}`;
    if (process.env['KINEMARK_REQUIRE_EMULATORS'] === '1') throw new Error(`${sentence}.`);
    console.log(`${sentence}, so they are skipped.`);
    project.provide('emulators', null);
    return undefined;
  }
  const { pubsubHost, firestoreHost, stop } = await startEmulators(files);
  project.provide('emulators', { pubsubHost, firestoreHost });
  return stop;
}
