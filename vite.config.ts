import { readFileSync } from 'node:fs';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';
import { packageAliases } from './tools/bundle/package-aliases.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

export default defineConfig({
  plugins: [sveltekit()],
  resolve: { alias: packageAliases },
  define: { __APP_VERSION__: JSON.stringify(version) },
  // `vite dev` does not pass through our server, which sets these in production.
  server: {
    headers: {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    },
  },
  worker: { format: 'es' },
});
