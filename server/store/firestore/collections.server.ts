// The names of what Firestore keeps. The rules for clients (deploy/gcp/firestore.rules) have them too.
import type { CollectionReference, Firestore } from '@google-cloud/firestore';
import type { DeadLetterDocument } from './dead-letter-document.server.ts';
import type { DeviceDocument } from './device-document.server.ts';
import type { RunDocument, WindowDocument } from './run-document.server.ts';

// Only Kinemark writes them, so what is read is taken for what it wrote.

/** `runs/{runId}`. */
export function runsOf(firestore: Firestore): CollectionReference<RunDocument> {
  return firestore.collection('runs') as CollectionReference<RunDocument>;
}

/** `runs/{runId}/windows/{index}`. */
export function windowsOf(
  firestore: Firestore,
  runId: string,
): CollectionReference<WindowDocument> {
  return runsOf(firestore).doc(runId).collection('windows') as CollectionReference<WindowDocument>;
}

/** `devices/{deviceId}`. */
export function devicesOf(firestore: Firestore): CollectionReference<DeviceDocument> {
  return firestore.collection('devices') as CollectionReference<DeviceDocument>;
}

/** `deadLetters/{id}`. */
export function deadLettersOf(firestore: Firestore): CollectionReference<DeadLetterDocument> {
  return firestore.collection('deadLetters') as CollectionReference<DeadLetterDocument>;
}
