// Hears from the service worker when it could not keep a part of an engine.
import { isOfKind } from '../../offline/worker-messages.ts';

/** What was heard since, until it is stopped. */
export type Refusals = { some(): boolean; stop(): void };

/** Listens from now on. Only for pages that have service workers. */
export function watchRefusals(): Refusals {
  let isRefused = false;
  const listen = ({ data }: MessageEvent): void => {
    if (isOfKind(data, 'runtime-refused')) isRefused = true;
  };
  navigator.serviceWorker.addEventListener('message', listen);
  return {
    some: () => isRefused,
    stop: () => navigator.serviceWorker.removeEventListener('message', listen),
  };
}
