// The worker that holds the MediaPipe engine. Nothing but wiring.
import * as Comlink from 'comlink';
import { createMediapipeEngine } from './mediapipe-engine.ts';
import { restrictFetchToOwnOrigin } from '../same-origin-fetch.ts';

restrictFetchToOwnOrigin(self);
Comlink.expose(createMediapipeEngine());
