import { compressingAdapter } from './tools/build/compressing-adapter.js';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  kit: {
    // The set-up builds elsewhere and renames, so that nobody serves half an application.
    adapter: compressingAdapter({ out: process.env['KINEMARK_BUILD_FOLDER'] ?? 'build' }),
    // A page kept for use offline stands in for any address, so its scripts' addresses must not depend on it.
    paths: { relative: false },
    serviceWorker: {
      // src/lib/ui/pwa registers it: not on the bench's page, and not while a run goes on.
      register: false,
      // Weights are kept by their digests (src/lib/weights), not with the app.
      files: (path) => !path.startsWith('models/') && !path.startsWith('.'),
    },
    // Nonces let `script-src` go without 'unsafe-inline'; MediaPipe compiles WebAssembly, which
    // needs 'wasm-unsafe-eval'. Everything is served by ourselves, so 'self' is all there is.
    csp: {
      mode: 'nonce',
      directives: {
        'default-src': ['self'],
        'script-src': ['self', 'wasm-unsafe-eval'],
        'worker-src': ['self', 'blob:'],
        'style-src': ['self', 'unsafe-inline'],
        'img-src': ['self', 'blob:', 'data:'],
        'media-src': ['self', 'blob:'],
        'connect-src': ['self'],
        'object-src': ['none'],
        'base-uri': ['self'],
        'form-action': ['self'],
        'frame-ancestors': ['none'],
      },
    },
  },
};
