// autocannon comes without types. What is used of it, and no more.
declare module 'autocannon' {
  /** One connection; its requests are built when they are set. */
  type Client = {
    setRequests(requests: readonly { readonly body: Buffer }[]): void;
  };
  type Options = {
    readonly url: string;
    readonly method: 'POST';
    readonly headers: Readonly<Record<string, string>>;
    readonly connections: number;
    /** Requests of all connections together. */
    readonly amount: number;
    /** s. */
    readonly timeout: number;
    /** ms between its looks whether everything is answered. */
    readonly sampleInt: number;
    readonly setupClient: (client: Client) => void;
  };
  type Instance = PromiseLike<{ readonly errors: number; readonly '2xx': number }> & {
    on(
      event: 'response',
      listener: (client: Client, status: number, bytes: number, latencyMs: number) => void,
    ): Instance;
  };
  export default function autocannon(options: Options): Instance;
}
