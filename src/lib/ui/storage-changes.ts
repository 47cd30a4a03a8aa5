// Tells every tab of this browser that something stored may have changed, so that their views read it again.

const CHANNEL_NAME = 'kinemark-storage';

/** Carries no data: whoever hears of a change reads the store. */
export type StorageChanges = {
  /** Something changed here. */
  emit(): void;
  /** Asks every tab to send what waits now. */
  askToSend(): void;
  /** Calls `listener` after each change, in this tab or another, until the returned function is called. */
  subscribe(listener: () => void): () => void;
};

/** What tabs tell each other. */
type Message = 'changed' | 'send';

/** Joins the tabs' channel. `onSend` is called when any tab asks for what waits to be sent. */
export function createStorageChanges(onSend: () => void, name = CHANNEL_NAME): StorageChanges {
  const listeners = new Set<() => void>();
  const channel = new BroadcastChannel(name);
  channel.addEventListener('message', ({ data }: MessageEvent<Message>) => hear(data));

  function hear(message: Message): void {
    if (message === 'send') onSend();
    else for (const listener of [...listeners]) listener();
  }
  /** A channel does not tell its own end. */
  function tell(message: Message): void {
    channel.postMessage(message);
    hear(message);
  }

  return {
    emit: () => tell('changed'),
    askToSend: () => tell('send'),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
