// The worker that holds the ONNX Runtime Web engine. Nothing but wiring.
import * as Comlink from 'comlink';
import { createPipelineEngine } from '../pipeline-engine.ts';
import { restrictFetchToOwnOrigin } from '../same-origin-fetch.ts';
import { startOrtRuntime } from './ort-runtime.ts';

restrictFetchToOwnOrigin(self);
Comlink.expose(createPipelineEngine('ONNX Runtime Web', startOrtRuntime));
