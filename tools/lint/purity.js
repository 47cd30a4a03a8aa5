// What pure code (src/lib/pose, src/lib/metrics) may not touch: the same input must give the same output.

const WHY =
  'pose and metrics are pure, so that a result can be computed again anywhere; let the caller hand it in.';

const IMPURE_GLOBALS = [
  'Date',
  'performance',
  'fetch',
  'crypto',
  'console',
  'setTimeout',
  'setInterval',
  'queueMicrotask',
  'requestAnimationFrame',
  'navigator',
  'localStorage',
  'indexedDB',
  'process',
];

/** Settings of ESLint's own rules. */
export const purityRules = /** @type {import('eslint').Linter.RulesRecord} */ ({
  'no-restricted-globals': [
    'error',
    ...[...IMPURE_GLOBALS, 'globalThis'].map((name) => ({ name, message: `No ${name}: ${WHY}` })),
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Math', property: 'random', message: `No randomness: ${WHY}` },
  ],
});
