// Who may import whom (docs/architecture.md): the one table that the linter reads. Whoever is not listed
// as importable is not. import-flow.js applies it.

/**
 * @typedef {object} Layer
 * @property {string} name
 * @property {RegExp} files Paths from the project's root. The first layer that matches a file is its own.
 * @property {readonly string[]} mayImport Names of other layers; its own files it always may.
 * @property {readonly string[]} [mayImportTypesOf] Layers of which only `import type` is allowed.
 * @property {boolean} [isWorkerReachable] Runs in workers too, so it knows no page and no framework.
 * @property {string} why Completes "because …" when a rule of this layer is broken.
 */

/** Everything a run needs, in the order of its flow. */
const library = [
  'pose',
  'metrics',
  'models',
  'pipelines',
  'weights',
  'model-import',
  'engines',
  'video',
  'benchmark',
  'events',
  'storage',
  'offline',
];

/** @type {readonly Layer[]} */
export const layers = [
  {
    name: 'pose',
    files: /^src\/lib\/pose\//,
    mayImport: [],
    isWorkerReachable: true,
    why: 'everything rests on pose, so it rests on nothing',
  },
  {
    name: 'metrics',
    files: /^src\/lib\/metrics\//,
    mayImport: ['pose'],
    isWorkerReachable: true,
    why: 'metrics are pure maths about poses and numbers',
  },
  {
    name: 'models',
    files: /^src\/lib\/models\//,
    mayImport: ['pose'],
    mayImportTypesOf: ['pipelines'],
    isWorkerReachable: true,
    why: 'the catalogue is data only',
  },
  {
    name: 'pipelines',
    files: /^src\/lib\/pipelines\//,
    mayImport: ['pose'],
    isWorkerReachable: true,
    why: 'a pipeline serves every engine that can run a tensor, so it knows none of them',
  },
  {
    name: 'weights',
    files: /^src\/lib\/weights\//,
    mayImport: ['models'],
    isWorkerReachable: true,
    why: 'weights are fetched, verified and kept, whoever runs them',
  },
  {
    name: 'model-import',
    files: /^src\/lib\/model-import\//,
    mayImport: ['pose', 'models', 'pipelines', 'weights'],
    isWorkerReachable: true,
    why: "a user's own model is read here, and from then on is a model like any other",
  },
  {
    name: 'engines',
    files: /^src\/lib\/engines\//,
    mayImport: ['pose', 'models', 'pipelines', 'weights'],
    isWorkerReachable: true,
    why: 'an engine only runs a model; measuring and sending are above it',
  },
  {
    name: 'video',
    files: /^src\/lib\/video\//,
    mayImport: [],
    why: 'a source of frames does not know what they are for',
  },
  {
    name: 'benchmark',
    files: /^src\/lib\/benchmark\//,
    mayImport: ['pose', 'metrics', 'models', 'pipelines', 'weights', 'engines', 'video'],
    why: 'flow is downward: a run does not know who keeps, sends or shows its results',
  },
  {
    name: 'events',
    files: /^src\/lib\/events\//,
    mayImport: [],
    mayImportTypesOf: ['benchmark', 'metrics'],
    why: 'the server shares the events, so they bring no browser code with them',
  },
  {
    name: 'storage',
    files: /^src\/lib\/storage\//,
    mayImport: [],
    mayImportTypesOf: ['benchmark', 'events', 'models', 'pose'],
    why: 'storage keeps what it is given and calls nobody',
  },
  {
    name: 'offline',
    files: /^src\/lib\/offline\//,
    mayImport: ['events', 'storage'],
    mayImportTypesOf: ['models'],
    isWorkerReachable: true,
    why: 'it serves the service worker, which keeps the app and sends what waits, and runs nothing',
  },
  {
    name: 'ui',
    files: /^src\/lib\/ui\//,
    mayImport: library,
    why: 'the interface runs in a browser, below the routes and far from the server',
  },
  {
    name: 'endpoints',
    files: /^src\/(?:hooks\.server|routes\/(?:.*\/)?\+(?:page\.|layout\.)?server)\.ts$/,
    mayImport: [...library, 'ui', 'server', 'routes'],
    why: 'an endpoint wires the library and the server to a URL',
  },
  {
    name: 'ambient types',
    files: /^src\/[\w-]+\.d\.ts$/,
    mayImport: [],
    mayImportTypesOf: [...library, 'ui', 'server'],
    why: 'a declaration file has no code',
  },
  {
    name: 'service worker',
    files: /^src\/service-worker\.ts$/,
    mayImport: ['offline', 'storage'],
    why: 'the service worker only wires src/lib/offline to its events',
  },
  {
    name: 'routes',
    files: /^src\//,
    mayImport: [...library, 'ui'],
    why: 'only +server.ts, +page.server.ts, +layout.server.ts and hooks.server.ts stay on the server',
  },
  {
    name: 'server',
    files: /^server\//,
    mayImport: ['events'],
    why: 'the server shares nothing with the browser but the schema of events',
  },
  {
    name: 'bench',
    files: /^bench\//,
    mayImport: [...library, 'ui', 'server'],
    why: 'the bench command drives the application from outside',
  },
  {
    name: 'tools',
    files: /^tools\//,
    mayImport: [...library, 'bench', 'tests'],
    why: 'tools prepare and check the project; they are no part of the running application',
  },
  {
    name: 'tests',
    files: /^tests\//,
    mayImport: [...library, 'ui', 'endpoints', 'routes', 'server', 'bench', 'tools'],
    why: 'tests may see everything',
  },
];

/** Packages that execute models, and the one folder of the application that may import each. */
export const mlRuntimes = [
  { packages: /^@mediapipe\//, folder: 'src/lib/engines/mediapipe/' },
  { packages: /^@litertjs\//, folder: 'src/lib/engines/litert/' },
  { packages: /^onnxruntime-/, folder: 'src/lib/engines/ort/' },
  { packages: /^@tensorflow(?:-models)?\//, folder: 'src/lib/engines/tfjs/' },
];

/** Modules that exist only on a page or need a bundler's alias. */
export const pageModules = /^(?:svelte|@sveltejs|\$[\w-]+)(?:\/|$)/;

/** Folder names that say nothing about what is inside. */
export const vagueFolders = ['utils', 'util', 'types', 'misc', 'helpers', 'common'];
