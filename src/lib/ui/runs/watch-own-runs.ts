// Keeps an open page in step with what this device stores, while no server tells.
import { deviceServices } from '../device-services.ts';
import { coalesce } from './coalesce.ts';

/** A run writes every few seconds. */
const REFRESH_DELAY_MS = 500;

/** Calls `refresh` soon after something stored has changed, until the returned function is called. */
export function watchOwnRuns(refresh: () => Promise<unknown>): () => void {
  const refreshes = coalesce(refresh, REFRESH_DELAY_MS);
  let stop = (): void => refreshes.stop();
  let isStopped = false;
  deviceServices()
    .then(({ subscribe }) => {
      if (isStopped) return;
      const unsubscribe = subscribe(refreshes.request);
      stop = () => {
        unsubscribe();
        refreshes.stop();
      };
    })
    // Where storage is denied nothing changes.
    .catch(() => undefined);
  return () => {
    isStopped = true;
    stop();
  };
}
