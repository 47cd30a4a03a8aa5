// What vitest.config.ts hands to the tests in the browser, which know no environment variables.
import 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Whether `/fixtures/<path>` answers with the shared assets; read it with `inject`. */
    hasSharedAssets: boolean;
  }
}
