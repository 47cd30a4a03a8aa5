// A batch that is not taken, and the answer that says so.

/** When to try again after a 503. */
const RETRY_AFTER_S = 5;

/** Thrown while a batch is read; becomes the response. `message` is for the sender. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly status: number;
  readonly details: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    {
      details = {},
      headers = {},
    }: { details?: Record<string, unknown>; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.status = status;
    this.details = details;
    this.headers = headers;
  }

  /** `{"error": sentence, "accepted": 0, …details}`. */
  toResponse(): Response {
    return Response.json(
      { error: this.message, accepted: 0, ...this.details },
      { status: this.status, headers: this.headers },
    );
  }
}

/** A batch that may come again in a while. */
export function putOff(message: string): Refusal {
  return new Refusal(503, message, { headers: { 'retry-after': String(RETRY_AFTER_S) } });
}
