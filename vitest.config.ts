// Test projects: `unit`, `integration` and `cloud` (Google's emulators) in Node, `browser` in a real Chromium.
// Without SvelteKit, whose development server would answer what a test fetches: nothing here needs it.
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import packageJson from './package.json' with { type: 'json' };
import { hasSharedAssets, sharedAsset } from './tests/fixtures/shared-assets.ts';
import { chromiumLaunch } from './bench/chromium-launch.ts';
import { packageAliases } from './tools/bundle/package-aliases.ts';
import { MemoryFirst } from './tools/test/memory-first.ts';
import { serveFixtures } from './tools/test/serve-fixtures.ts';

/** Some unit tests start a small process or the linter, which a busy machine delays. */
const UNIT_LIMIT_MS = 20_000;
/** Real processes and disks; slow machines need a multiple of what a fast one takes. */
const INTEGRATION_LIMIT_MS = 60_000;
/** A browser test may load a model and run a clip. */
const BROWSER_LIMIT_MS = 60_000;
/** What happens at once may take seconds where the machine is shared. */
const patience = { poll: { timeout: 15_000 } };

/** Else `measureUserAgentSpecificMemory` waits up to a minute for a garbage collection to happen by itself. */
const PROMPT_MEMORY = '--enable-blink-features=ForceEagerMeasureMemory';

/** A camera that needs no permission: the shared film where it is there, else Chromium's own test picture. */
const FAKE_CAMERA = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  ...(hasSharedAssets
    ? [`--use-file-for-fake-video-capture=${sharedAsset('clips/two_people_walking_480x270.mjpeg')}`]
    : []),
];

/** What the source relies on, as vite.config.ts sets it up for the application. */
const sourceSettings: ViteUserConfig = {
  define: { __APP_VERSION__: JSON.stringify(packageJson.version) },
  resolve: { alias: { $lib: join(import.meta.dirname, 'src/lib'), ...packageAliases } },
  worker: { format: 'es' },
};

export default defineConfig({
  test: {
    sequence: { sequencer: MemoryFirst },
    projects: [
      {
        ...sourceSettings,
        plugins: [svelte()],
        test: {
          name: 'unit',
          environment: 'node',
          include: ['tests/unit/**/*.test.ts'],
          testTimeout: UNIT_LIMIT_MS,
        },
      },
      {
        ...sourceSettings,
        plugins: [svelte(), serveFixtures()],
        publicDir: 'static',
        server: {
          headers: {
            'Cross-Origin-Opener-Policy': 'same-origin',
            'Cross-Origin-Embedder-Policy': 'require-corp',
          },
        },
        // Found late, they would make Vite reload the page in the middle of a test.
        optimizeDeps: {
          include: [
            '@litertjs/core',
            '@litertjs/core/wasm/litert_wasm_compat_internal.js',
            '@litertjs/core/wasm/litert_wasm_internal.js',
            '@litertjs/core/wasm/litert_wasm_jspi_internal.js',
            '@litertjs/core/wasm/litert_wasm_threaded_internal.js',
            '@mediapipe/tasks-vision',
            '@noble/hashes/sha2.js',
            '@noble/hashes/utils.js',
            '@tensorflow-models/pose-detection',
            '@tensorflow/tfjs-backend-wasm',
            '@tensorflow/tfjs-backend-webgl',
            '@tensorflow/tfjs-backend-webgpu',
            '@tensorflow/tfjs-core',
            'comlink',
            'idb',
            'mediabunny',
            'onnxruntime-web/jspi',
            'onnxruntime-web/wasm',
            'onnxruntime-web/webgpu',
            'valibot',
          ],
        },
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          provide: { hasSharedAssets },
          testTimeout: BROWSER_LIMIT_MS,
          expect: patience,
          // Two cores: tests that run a model side by side would only slow each other down.
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            provider: playwright({
              launchOptions: {
                ...chromiumLaunch,
                args: [...chromiumLaunch.args, PROMPT_MEMORY, ...FAKE_CAMERA],
              },
            }),
            instances: [{ browser: 'chromium' }],
            screenshotFailures: false,
          },
        },
      },
      {
        ...sourceSettings,
        plugins: [svelte()],
        test: {
          name: 'integration',
          environment: 'node',
          include: ['tests/integration/**/*.test.ts'],
          testTimeout: INTEGRATION_LIMIT_MS,
          expect: patience,
          fileParallelism: false,
        },
      },
      {
        ...sourceSettings,
        plugins: [svelte()],
        test: {
          name: 'cloud',
          environment: 'node',
          include: ['tests/cloud/**/*.test.ts'],
          globalSetup: 'tests/cloud/global-setup.ts',
          testTimeout: INTEGRATION_LIMIT_MS,
          hookTimeout: INTEGRATION_LIMIT_MS,
          fileParallelism: false,
        },
      },
    ],
  },
});
