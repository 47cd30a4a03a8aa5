// Tells whoever listens in this process that a run has changed. Carries ids, never data.

/** Where the worker reports changed runs and open pages hear of them. */
export type RunChanges = {
  emit(runId: string): void;
  /** Calls `listener` with each changed run's id until the returned function is called. */
  subscribe(listener: (runId: string) => void): () => void;
};

/** Creates a notifier. A listener must not throw: it would stop those after it. */
export function createRunChanges(): RunChanges {
  const listeners = new Set<(runId: string) => void>();
  return {
    emit(runId) {
      for (const listener of [...listeners]) listener(runId);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
