// Linting: strict typed rules everywhere, and the project's own rules on who may import whom (tools/lint).
import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import { defineConfig, globalIgnores } from 'eslint/config';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';
import { kinemarkPlugin } from './tools/lint/kinemark-plugin.js';
import { purityRules } from './tools/lint/purity.js';

export default defineConfig(
  globalIgnores([
    'build/',
    'data/',
    'results/',
    'playwright-report/',
    'static/',
    'test-results/',
    '.svelte-kit/',
  ]),
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.browser, ...globals.node },
      parserOptions: {
        project: 'tsconfig.node.json',
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    plugins: { kinemark: kinemarkPlugin },
    rules: {
      'kinemark/import-flow': 'error',
      'kinemark/place-names': 'error',
      // A number or a void call reads well where it stands.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // A method is async when its contract is, so that it rejects instead of throwing.
      '@typescript-eslint/require-await': 'off',
      // It does not see that a closure or a rune changes a variable meanwhile.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // Kinemark is served from the root of its origin.
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
  { files: ['src/**'], languageOptions: { parserOptions: { project: 'tsconfig.json' } } },
  // SvelteKit leaves it out of the page's project: its globals are a worker's.
  {
    files: ['src/service-worker.ts'],
    languageOptions: { parserOptions: { project: 'tsconfig.service-worker.json' } },
  },
  { files: ['server/**'], languageOptions: { parserOptions: { project: 'tsconfig.server.json' } } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
  },
  // svelte-check knows the types of components; this parser sees `any` in many places.
  { files: ['**/*.svelte'], extends: [ts.configs.disableTypeChecked] },
  {
    // A cast in a JSDoc comment is invisible to these rules; tsc sees it.
    files: ['**/*.js', '**/*.mjs'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['tests/**'],
    rules: {
      // What a server answers is `any` until the test has looked at it.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  {
    // Loops over pixels and rows, whose bounds the reader sees and the compiler does not.
    files: ['tests/**', 'tools/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  { files: ['src/lib/pose/**', 'src/lib/metrics/**'], rules: purityRules },
);
