// TensorFlow.js starts its WebAssembly threads as workers made of a blob. The first message tells each of
// them to import its script from a second blob, which the Content-Security-Policy (script-src 'self')
// refuses: the thread never answers, and the runtime waits for it for ever.
import threadScriptPath from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js?url';

/** The part of a worker's global scope that starts workers. */
type WorkerStartingScope = {
  Worker: typeof Worker;
  readonly location: { readonly href: string };
};

/** The first message to a thread, as Emscripten's runtime sends it. */
type LoadMessage = { readonly cmd: 'load'; readonly urlOrBlob: Blob | string };

/** Makes every thread that TensorFlow.js starts in this worker import the same script from our own origin. */
export function startThreadsFromOwnOrigin(scope: WorkerStartingScope): void {
  // A worker made of a blob has no base that a path could be relative to.
  const threadScriptUrl = new URL(threadScriptPath, scope.location.href).href;
  scope.Worker = class extends scope.Worker {
    override postMessage(message: unknown, options?: Transferable[] | StructuredSerializeOptions) {
      const sent = isLoadMessage(message) ? { ...message, urlOrBlob: threadScriptUrl } : message;
      super.postMessage(sent, options as StructuredSerializeOptions);
    }
  };
}

function isLoadMessage(message: unknown): message is LoadMessage {
  return (
    typeof message === 'object' &&
    message !== null &&
    'cmd' in message &&
    message.cmd === 'load' &&
    'urlOrBlob' in message
  );
}
