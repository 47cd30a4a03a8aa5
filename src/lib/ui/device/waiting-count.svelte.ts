// How many events wait to be sent, for the header of every page.
import { deviceServices } from '../device-services.ts';
import { coalesce } from '../runs/coalesce.ts';

/** A run that goes on writes an event every few seconds, most of which are sent at once. */
const REFRESH_DELAY_MS = 2000;

/** The number of waiting events; 0 until it is known. */
export class WaitingCount {
  events = $state(0);

  /** Starts the device's services, and counts whenever something changes, until the returned function is called. */
  follow(): () => void {
    let stop = (): void => undefined;
    let isStopped = false;
    // Where storage is denied there is nothing to send, and a run will say so.
    deviceServices()
      .then(({ subscribe, waitingEvents }) => {
        if (isStopped) return;
        const refreshes = coalesce(async () => {
          this.events = await waitingEvents().catch(() => 0);
        }, REFRESH_DELAY_MS);
        const unsubscribe = subscribe(refreshes.request);
        stop = () => {
          unsubscribe();
          refreshes.stop();
        };
        refreshes.request();
      })
      .catch(() => undefined);
    return () => {
      isStopped = true;
      stop();
    };
  }
}
