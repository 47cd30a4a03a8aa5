// What a browser must have before anything can be measured in it.

/** What is missing, as a sentence with what to do; null when nothing is. */
export function missingCapability(): string | null {
  if (!globalThis.isSecureContext) {
    return 'Measuring needs a secure page, and this one is not. Open Kinemark over HTTPS, or on the machine that serves it at http://localhost.';
  }
  if (!('VideoDecoder' in globalThis)) {
    return 'This browser has no WebCodecs, which decodes the frames. Use a current Chrome, Edge, Safari or Firefox.';
  }
  if (!('OffscreenCanvas' in globalThis)) {
    return 'This browser has no OffscreenCanvas, which the engines need. Use a current Chrome, Edge, Safari or Firefox.';
  }
  return null;
}
