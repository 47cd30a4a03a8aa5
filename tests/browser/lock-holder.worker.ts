// Holds the lock of the run it is told of, until it is ended: a tab that dies.
import { holdRunLock } from '../../src/lib/storage/run-lock.ts';

addEventListener('message', ({ data: runId }: MessageEvent<string>) => {
  void holdRunLock(runId).then(() => postMessage('held'));
});
