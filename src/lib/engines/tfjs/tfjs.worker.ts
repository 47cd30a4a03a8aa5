// The worker that holds the TensorFlow.js engine. Nothing but wiring.
import * as Comlink from 'comlink';
import { restrictFetchToOwnOrigin } from '../same-origin-fetch.ts';
import { startThreadsFromOwnOrigin } from './own-origin-threads.ts';
import { createTfjsEngine } from './tfjs-engine.ts';

restrictFetchToOwnOrigin(self);
startThreadsFromOwnOrigin(self);
Comlink.expose(createTfjsEngine());
