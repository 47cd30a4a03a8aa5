// One request to somebody else's server: redirects, patience, and sentences for what goes wrong.
import { isInternalHost } from './internal-host.server.ts';

/** What was asked for cannot be had. The message is one sentence for the user of a device. */
export class UpstreamError extends Error {
  override name = 'UpstreamError';
  /** Whether trying again later may help. */
  readonly mayPass: boolean;

  constructor(message: string, mayPass: boolean) {
    super(message);
    this.mayPass = mayPass;
  }
}

/** An answer that has begun; `body` fails when the other side breaks off or falls silent. */
export type UpstreamAnswer = {
  readonly status: number;
  readonly headers: Headers;
  /** Null for a 416, of which only the headers say anything. */
  readonly body: ReadableStream<Uint8Array> | null;
};

const MAX_REDIRECTS = 5;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
const WITH_CONTENTS: readonly number[] = [200, 206];
const RANGE_NOT_SATISFIABLE = 416;
/** Not there, or not for us: asking again changes nothing. */
const FINAL: readonly number[] = [400, 401, 403, 404, 405, 410, 451];

/**
 * Asks for `url` with the given headers and nothing else: no cookies, no referrer. Follows redirects, but
 * never from https to anything less, nor into this server's own network, unless to the host asked first: that
 * one is in the catalogue, or is the owner's mirror. Throws an UpstreamError unless the answer is 200, 206 or 416.
 */
export async function openUpstream(
  url: string,
  headers: Record<string, string>,
  maxSilenceMs: number,
): Promise<UpstreamAnswer> {
  const { host } = new URL(url);
  const name = fileNameOf(url);
  const patience = new Patience(maxSilenceMs);
  let at = url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await ask(at, headers, patience, host, name);
    if (!REDIRECTS.includes(response.status)) return checked(response, patience, host, name);
    await response.body?.cancel();
    const target = redirectTarget(at, response.headers.get('location'), host, name);
    if (target.host !== host) await requirePublic(target, patience, host, name);
    at = target.href;
  }
  throw new UpstreamError(
    `${name} could not be fetched because ${host} redirects without end. Choose another model, or fetch the file yourself and import it.`,
    false,
  );
}

async function ask(
  url: string,
  headers: Record<string, string>,
  patience: Patience,
  host: string,
  name: string,
): Promise<Response> {
  try {
    return await patience.during(
      fetch(url, {
        // Encoded, its length would be another one, and a range would count other bytes.
        headers: { ...headers, 'accept-encoding': 'identity' },
        redirect: 'manual',
        credentials: 'omit',
        signal: patience.signal,
      }),
    );
  } catch {
    throw unreachable(patience, host, name);
  }
}

function unreachable(patience: Patience, host: string, name: string): UpstreamError {
  return patience.signal.aborted
    ? new UpstreamError(
        `${name} could not be fetched because ${host} did not answer within ${patience.limitMs / 1000} s. Try again later.`,
        true,
      )
    : new UpstreamError(
        `${name} could not be fetched because ${host} cannot be reached from this Kinemark server. Check its internet connection, or give it a mirror with KINEMARK_MODEL_MIRROR.`,
        true,
      );
}

async function checked(
  response: Response,
  patience: Patience,
  host: string,
  name: string,
): Promise<UpstreamAnswer> {
  const { status, headers, body } = response;
  const hasContents = WITH_CONTENTS.includes(status);
  const isPage = headers.get('content-type')?.startsWith('text/html') === true;
  if (hasContents && !isPage) {
    return { status, headers, body: body && withPatience(body, patience) };
  }
  await body?.cancel();
  if (status === RANGE_NOT_SATISFIABLE) return { status, headers, body: null };
  if (hasContents) {
    throw new UpstreamError(
      `${host} sent a web page instead of ${name}. Choose another model, or fetch the file yourself and import it.`,
      false,
    );
  }
  const isFinal = FINAL.includes(status);
  throw new UpstreamError(
    isFinal
      ? `${host} does not give out ${name} (HTTP ${status}). Choose another model, or fetch the file yourself and import it.`
      : `${host} could not send ${name} (HTTP ${status}). Try again later.`,
    !isFinal,
  );
}

function redirectTarget(from: string, location: string | null, host: string, name: string): URL {
  const target = URL.parse(location ?? '', from);
  const isAsSafe = target?.protocol === 'https:' || target?.protocol === new URL(from).protocol;
  if (location !== null && target && isAsSafe) return target;
  throw new UpstreamError(
    `${name} could not be fetched because ${host} redirects to nowhere safe. Choose another model, or fetch the file yourself and import it.`,
    false,
  );
}

/** A publisher's redirect must not make this server ask what only its own network can reach. */
async function requirePublic(
  target: URL,
  patience: Patience,
  host: string,
  name: string,
): Promise<void> {
  let isInternal: boolean;
  try {
    isInternal = await patience.during(isInternalHost(target.hostname));
  } catch {
    throw unreachable(patience, target.host, name);
  }
  if (!isInternal) return;
  throw new UpstreamError(
    `${name} could not be fetched because ${host} redirects to ${target.host}, which is inside this Kinemark server's own network. Choose another model, or fetch the file yourself and import it.`,
    false,
  );
}

/** The same bytes; fails when none come for too long although somebody waits for them. */
function withPatience(
  body: ReadableStream<Uint8Array>,
  patience: Patience,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await patience.during(reader.read());
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    // Nothing is read ahead, so that a slow device is not taken for a silent server.
    { highWaterMark: 0 },
  );
}

/** The last part of an address, or all of its path when that part is no file name. */
function fileNameOf(url: string): string {
  const path = decodeURIComponent(new URL(url).pathname);
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.includes('.') ? name : path;
}

/** Ends a request when one of its steps takes too long. */
class Patience {
  readonly limitMs: number;
  readonly #abort = new AbortController();

  constructor(limitMs: number) {
    this.limitMs = limitMs;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  async during<Result>(step: Promise<Result>): Promise<Result> {
    const timer = setTimeout(() => this.#abort.abort(), this.limitMs);
    try {
      return await step;
    } finally {
      clearTimeout(timer);
    }
  }
}
