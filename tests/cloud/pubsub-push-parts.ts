// What Google has when it pushes: a key that signs tokens, and a server that shows the public half of it.
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, generateKeyPair, type CryptoKey, type JWTPayload } from 'jose';
import { onTestFinished } from 'vitest';
import type { PushConfig } from '../../server/google-config.server.ts';

const KEY_ID = 'key-1';

/** What a worker that is pushed to asks for. */
export const pushConfig: PushConfig = {
  audience: 'https://worker.example/worker/push',
  account: 'pusher@kinemark.iam.gserviceaccount.com',
};

/** Signs tokens. */
export type TokenSigner = {
  /** Where the keys are served. */
  readonly keysUrl: string;
  /** A token as Google makes it, with what the test changes; a claim that is undefined is left out. */
  token(changes?: JWTPayload, options?: SigningOptions): Promise<string>;
  /** How often the keys were fetched. */
  fetches(): number;
};

/** What is signed with. */
export type SigningOptions = { readonly key?: CryptoKey | Uint8Array; readonly algorithm?: string };

/** Serves keys until the test ends. */
export async function startSigner(): Promise<TokenSigner> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: KEY_ID, alg: 'RS256', use: 'sig' };
  let fetches = 0;
  const keysUrl = await serve((_request, response) => {
    fetches += 1;
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }));
  });
  return {
    keysUrl,
    fetches: () => fetches,
    token(changes = {}, { key = privateKey, algorithm = 'RS256' } = {}) {
      const nowS = Math.floor(Date.now() / 1000);
      const claims = {
        iss: 'https://accounts.google.com',
        aud: pushConfig.audience,
        sub: '112233445566778899000',
        email: pushConfig.account,
        email_verified: true,
        iat: nowS,
        exp: nowS + 3600,
        ...changes,
      };
      const signed = new SignJWT(claims);
      return signed.setProtectedHeader({ alg: algorithm, kid: KEY_ID, typ: 'JWT' }).sign(key);
    },
  };
}

/** Serves until the test ends; resolves to the URL, without a path. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
