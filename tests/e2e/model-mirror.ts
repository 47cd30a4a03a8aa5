// A mirror of publishers' model files on this machine: the shared assets under the addresses at which the
// catalogue names them. Counts what is asked for, and can break off in the middle of a file once.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { sharedAsset } from '../fixtures/shared-assets.ts';

const POSENET = '/storage.googleapis.com/tfjs-models/savedmodel/posenet/mobilenet/';

/** So that what was sent before the break has arrived when it breaks. */
const BREAK_DELAY_MS = 500;

/** A running mirror. */
export type ModelMirror = {
  readonly url: string;
  /** Paths that were asked for, each with its Range header if it had one. */
  readonly requests: readonly string[];
  close(): Promise<void>;
};

/** Starts a mirror of PoseNet; the first answer that is larger than `breakAfterBytes` breaks off there. */
export async function startModelMirror(breakAfterBytes: number): Promise<ModelMirror> {
  const requests: string[] = [];
  let hasBroken = false;
  const server = createServer((request, response) => {
    const { url = '', headers } = request;
    requests.push(headers.range ? `${url} ${headers.range}` : url);
    const match = /^(float|quant1|quant2)\/(\d+)\/([\w.-]+)$/.exec(url.replace(POSENET, ''));
    if (!url.startsWith(POSENET) || !match) {
      response.writeHead(404).end();
      return;
    }
    const [, precision, multiplier, name] = match;
    const path = `models/posenet-mobilenetv1-tfjs/${precision}-${multiplier}/${name}`;
    const whole = readFileSync(sharedAsset(path));
    const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
    response.writeHead(start > 0 ? 206 : 200, {
      'content-length': whole.byteLength - start,
      etag: `"${name}"`,
      ...(start > 0
        ? { 'content-range': `bytes ${start}-${whole.byteLength - 1}/${whole.byteLength}` }
        : {}),
    });
    if (!hasBroken && whole.byteLength > breakAfterBytes) {
      hasBroken = true;
      response.write(whole.subarray(0, breakAfterBytes));
      setTimeout(() => response.destroy(), BREAK_DELAY_MS);
      return;
    }
    response.end(whole.subarray(start));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
