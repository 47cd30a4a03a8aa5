// How the fault proxy answers a page, or does not.
import type { ServerResponse } from 'node:http';
import type { KeptAnswer } from './upstream.ts';

/** Without an answer the device sees what it would see without the proxy: a connection that ends. */
export function reply(response: ServerResponse, answer: KeptAnswer | null): void {
  if (answer === null) cut(response);
  else response.writeHead(answer.status, headersOf(answer)).end(answer.body);
}

/** The answer's body ends in its middle. */
export function replyHalf(response: ServerResponse, answer: KeptAnswer | null): void {
  if (answer === null) {
    cut(response);
    return;
  }
  const { status, body } = answer;
  response.writeHead(status, { ...headersOf(answer), 'content-length': body.length });
  response.write(body.subarray(0, body.length >> 1), () => cut(response));
}

/** What stands between device and server answers in the server's place. */
export function answerWith(
  response: ServerResponse,
  status: number,
  retryAfter: string | null,
): void {
  const headers = retryAfter === null ? {} : { 'retry-after': retryAfter };
  response.writeHead(status, headers).end('<html>A gateway answers.</html>');
}

/** The connection ends. */
export function cut(response: ServerResponse): void {
  response.destroy();
}

function headersOf({ headers }: KeptAnswer): Record<string, string> {
  const { 'content-type': contentType, 'retry-after': retryAfter } = headers;
  return {
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
  };
}
