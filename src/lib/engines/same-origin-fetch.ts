// MediaPipe Tasks sends usage statistics to its maker: on close, and once a minute. Kinemark promises
// that only its own events leave the device, and a request in the middle of a run disturbs it.
// The Content-Security-Policy refuses such requests; this stops them before they are made.

/** The part of a worker's global scope that is guarded. */
type FetchingScope = {
  fetch: typeof fetch;
  readonly location: { readonly href: string; readonly origin: string };
};

/** Makes `fetch` in this worker refuse every address that is not of the page's own origin. */
export function restrictFetchToOwnOrigin(scope: FetchingScope): void {
  const ownFetch = scope.fetch.bind(scope);
  scope.fetch = (input, init) => {
    const { origin } = new URL(input instanceof Request ? input.url : input, scope.location.href);
    if (origin === scope.location.origin) return ownFetch(input, init);
    return Promise.reject(new TypeError(`${origin} is not this page's own origin.`));
  };
}
