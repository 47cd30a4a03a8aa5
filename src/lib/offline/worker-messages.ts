// What pages and the service worker say to each other.

/** From a page, with a port for the reply: the user wants the waiting version. */
export type ActivateRequest = { readonly kind: 'activate' };

/** Whether the waiting version takes over; it does not while a run goes on in any tab. */
export type ActivateReply = { readonly activated: boolean };

/** From the service worker to every page. */
export type WorkerNotice =
  /** The app could not be kept; `reason` is a sentence for the user. */
  | { readonly kind: 'install-failed'; readonly reason: string }
  /** A file of an engine was fetched but not kept, because storage is full or fails. */
  | { readonly kind: 'runtime-refused'; readonly path: string };

/** Whether a message is one of a kind: pages and service workers also get messages of others. */
export function isOfKind<K extends string>(data: unknown, kind: K): data is { readonly kind: K } {
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === kind;
}
