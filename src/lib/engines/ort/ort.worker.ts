// The worker that holds the ONNX Runtime Web engine. Nothing but wiring.
import { exposeEngine } from '../expose-engine.ts';
import { createPipelineEngine } from '../pipeline-engine.ts';
import { restrictFetchToOwnOrigin } from '../same-origin-fetch.ts';
import { watchWasmHeaps } from '../wasm-heap.ts';
import { startOrtRuntime } from './ort-runtime.ts';

const heaps = watchWasmHeaps(self);
restrictFetchToOwnOrigin(self);
exposeEngine(createPipelineEngine('ONNX Runtime Web', startOrtRuntime), heaps);
