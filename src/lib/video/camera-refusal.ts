// Why a browser gives no camera, in sentences. W3C Media Capture and Streams, getUserMedia, names the errors.
import { SourceError } from './frame-source.ts';
import type { SourceErrorCode } from './frame-source.ts';

type Refusal = readonly [code: SourceErrorCode, sentence: string];

const noCamera: Refusal = [
  'no-camera',
  'No camera can be used because this device has none that fits. Connect one, or choose a video file.',
];
const busyCamera: Refusal = [
  'camera-busy',
  'The camera cannot be opened because another application or page uses it, or because it failed. Close that one and try again.',
];
const insecurePage: Refusal = [
  'insecure-page',
  'The camera cannot be used because browsers give it only to secure pages. Open Kinemark over https or on localhost.',
];

const refusals: Readonly<Record<string, Refusal>> = {
  NotAllowedError: [
    'permission-denied',
    "The camera cannot be used because permission was denied. Allow it in the browser's site settings and try again.",
  ],
  NotFoundError: noCamera,
  OverconstrainedError: noCamera,
  NotReadableError: busyCamera,
  AbortError: busyCamera,
  SecurityError: insecurePage,
};

/** What `getUserMedia` was refused with, as a SourceError; any other failure as it is. */
export function cameraRefusal(cause: unknown): unknown {
  const refusal = cause instanceof Error ? refusals[cause.name] : undefined;
  return refusal ? new SourceError(...refusal) : cause;
}
