// Bundles the page of a schedule, as the application is bundled, into memory.
import { join } from 'node:path';
import { build } from 'vite';
import { packageAliases } from '../../tools/bundle/package-aliases.ts';

/** The page's module, without imports of its own. */
export async function bundlePage(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    // The usual one extends what SvelteKit writes, which may not be there yet.
    tsconfig: join(import.meta.dirname, '../../tsconfig.base.json'),
    define: { __APP_VERSION__: JSON.stringify('faults') },
    resolve: { alias: { ...packageAliases } },
    build: {
      write: false,
      minify: false,
      target: 'esnext',
      rolldownOptions: {
        input: join(import.meta.dirname, 'page.ts'),
        output: { format: 'es', codeSplitting: false },
      },
    },
  });
  if (Array.isArray(result) || !('output' in result)) {
    throw new Error('Vite made something else than one bundle of the page.');
  }
  return result.output[0].code;
}
