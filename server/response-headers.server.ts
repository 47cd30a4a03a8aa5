// The headers that every response carries, whoever writes it: isolation, and no trust in anything
// that is not ours.

/**
 * For whatever is not a page: above all worker scripts, which take their policy from their own
 * response. SvelteKit replaces it on pages by one with a nonce; two would both apply, and the
 * stricter one would block the page's own script. Hence no prerendered pages either.
 */
const FILE_CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Set before a handler runs, which may replace them. */
export const RESPONSE_HEADERS: readonly (readonly [name: string, value: string])[] = [
  // These three make a page cross-origin isolated: shared memory and the 5 µs clock need it.
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-embedder-policy', 'require-corp'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['content-security-policy', FILE_CONTENT_SECURITY_POLICY],
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'no-referrer'],
  [
    'permissions-policy',
    'camera=(self), compute-pressure=(self), geolocation=(), microphone=(), payment=(), usb=()',
  ],
];
