// How tests, benches and tools start the browser: the one that the set-up found, without requests of its own.

/** Without these a Chromium without internet stalls on requests of its own. */
const OFFLINE_FLAGS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
];
/** On Linux Chromium offers WebGPU only when asked to; without a GPU it computes in software. */
const WEBGPU_FLAGS = ['--enable-unsafe-webgpu'];
/** Chromium refuses to run as root inside its sandbox. */
const ROOT_FLAGS = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const executablePath = process.env['KINEMARK_CHROMIUM'];

/** Playwright's launch options. */
export const chromiumLaunch = {
  args: [...OFFLINE_FLAGS, ...WEBGPU_FLAGS, ...ROOT_FLAGS],
  ...(executablePath ? { executablePath } : {}),
};
