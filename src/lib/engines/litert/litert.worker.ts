// The worker that holds the LiteRT.js engine. Nothing but wiring.
import * as Comlink from 'comlink';
import { createPipelineEngine } from '../pipeline-engine.ts';
import { restrictFetchToOwnOrigin } from '../same-origin-fetch.ts';
import { startLitertRuntime } from './litert-runtime.ts';

restrictFetchToOwnOrigin(self);
Comlink.expose(createPipelineEngine('LiteRT.js', startLitertRuntime));
