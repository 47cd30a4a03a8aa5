// A way to Pub/Sub that can break: refused, or open with nothing coming through.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A TCP proxy at an address that stays the same. */
export type PubSubProxy = {
  /** `host:port` for PUBSUB_EMULATOR_HOST. */
  readonly host: string;
  /** Passes connections on to `host:port`; those that are open go on. */
  passTo(target: string): void;
  /** Holds back every byte, of connections that are open and of new ones, until `flow()`. */
  stall(): void;
  flow(): void;
  /** Ends every connection and listens no more, until `listen()`. */
  refuse(): Promise<void>;
  listen(): Promise<void>;
};

/** Listens until the test ends. */
export async function startProxy(firstTarget: string): Promise<PubSubProxy> {
  let target = firstTarget;
  let isStalled = false;
  let server: Server | null = null;
  let port = 0;
  const sockets = new Set<Socket>();

  function keep(socket: Socket): Socket {
    sockets.add(socket);
    if (isStalled) socket.pause();
    socket.on('error', () => undefined);
    return socket.on('close', () => sockets.delete(socket));
  }

  function pass(inner: Socket): void {
    const [host, outerPort] = target.split(':');
    const outer = keep(connect(Number(outerPort), host));
    keep(inner);
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      from.on('data', (chunk) => to.write(chunk));
      from.on('close', () => to.destroy());
      if (isStalled) from.pause();
    }
  }

  async function listen(): Promise<void> {
    server = createServer(pass).listen(port, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  }

  async function refuse(): Promise<void> {
    const closed = server?.listening ? once(server, 'close') : null;
    server?.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  await listen();
  onTestFinished(refuse);
  return {
    host: `127.0.0.1:${port}`,
    passTo: (to) => void (target = to),
    stall() {
      isStalled = true;
      for (const socket of sockets) socket.pause();
    },
    flow() {
      isStalled = false;
      for (const socket of sockets) socket.resume();
    },
    refuse,
    listen,
  };
}
