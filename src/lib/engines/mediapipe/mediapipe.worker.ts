// The worker that holds the MediaPipe engine. Nothing but wiring.
import { exposeEngine } from '../expose-engine.ts';
import { createMediapipeEngine } from './mediapipe-engine.ts';
import { restrictFetchToOwnOrigin } from '../same-origin-fetch.ts';
import { watchWasmHeaps } from '../wasm-heap.ts';

const heaps = watchWasmHeaps(self);
restrictFetchToOwnOrigin(self);
exposeEngine(createMediapipeEngine(), heaps);
