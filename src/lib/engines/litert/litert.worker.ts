// The worker that holds the LiteRT.js engine. Nothing but wiring.
import { exposeEngine } from '../expose-engine.ts';
import { createPipelineEngine } from '../pipeline-engine.ts';
import { restrictFetchToOwnOrigin } from '../same-origin-fetch.ts';
import { watchWasmHeaps } from '../wasm-heap.ts';
import { startLitertRuntime } from './litert-runtime.ts';

const heaps = watchWasmHeaps(self);
restrictFetchToOwnOrigin(self);
exposeEngine(createPipelineEngine('LiteRT.js', startLitertRuntime), heaps);
