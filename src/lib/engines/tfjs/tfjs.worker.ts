// The worker that holds the TensorFlow.js engine. Nothing but wiring.
import { exposeEngine } from '../expose-engine.ts';
import { restrictFetchToOwnOrigin } from '../same-origin-fetch.ts';
import { watchWasmHeaps } from '../wasm-heap.ts';
import { startThreadsFromOwnOrigin } from './own-origin-threads.ts';
import { createTfjsEngine } from './tfjs-engine.ts';

const heaps = watchWasmHeaps(self);
restrictFetchToOwnOrigin(self);
startThreadsFromOwnOrigin(self);
exposeEngine(createTfjsEngine(), heaps);
