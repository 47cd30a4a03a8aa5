// Checks the token with which Pub/Sub signs what it pushes: an identity token of Google's for one service
// account and one audience.
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import type { PushConfig } from '../../google-config.server.ts';

/** Google's public keys. */
export const GOOGLE_KEYS_URL = 'https://www.googleapis.com/oauth2/v3/certs';
/** Both are Google's. */
const ISSUERS = ['https://accounts.google.com', 'accounts.google.com'];
/** By how much the clocks of Google and of this machine may differ. */
const CLOCK_TOLERANCE_S = 30;
/** As old as Google's tokens become; with it a token from the future is refused as well. */
const MAX_AGE_S = 3600;

/** Whether a push is Pub/Sub's. `reason` is for the log. */
export type TokenVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly status: 401 | 403; readonly reason: string };

/** Checks the value of an Authorization header. Rejects when Google's keys cannot be had. */
export type TokenCheck = (authorization: string | null) => Promise<TokenVerdict>;

/** `keysUrl`: where the public keys are. They are fetched when they are first needed, and kept for a while. */
export function createTokenCheck({ audience, account }: PushConfig, keysUrl: string): TokenCheck {
  const keys = createRemoteJWKSet(new URL(keysUrl));
  const rules = {
    algorithms: ['RS256'],
    issuer: ISSUERS,
    audience,
    clockTolerance: CLOCK_TOLERANCE_S,
    maxTokenAge: MAX_AGE_S,
    requiredClaims: ['exp', 'iat', 'sub'],
  };

  return async (authorization) => {
    const [, token] = /^Bearer ([\w-]+\.[\w-]+\.[\w-]*)$/i.exec(authorization ?? '') ?? [];
    if (token === undefined) return unauthorised('the request has no token');
    try {
      const { payload } = await jwtVerify(token, keys, rules);
      if (payload['email'] !== account) return forbidden('the token is of another account');
      if (payload['email_verified'] !== true)
        return forbidden('the account has no verified e-mail');
      return { ok: true };
    } catch (failure) {
      if (!isOfToken(failure)) throw failure;
      return unauthorised(`the token is not valid: ${failure.message}`);
    }
  };
}

/** Whether the token is at fault, and not the way to Google's keys. */
function isOfToken(failure: unknown): failure is Error {
  return (
    failure instanceof errors.JWTExpired ||
    failure instanceof errors.JWTClaimValidationFailed ||
    failure instanceof errors.JWTInvalid ||
    failure instanceof errors.JWSInvalid ||
    failure instanceof errors.JWSSignatureVerificationFailed ||
    failure instanceof errors.JOSEAlgNotAllowed ||
    failure instanceof errors.JOSENotSupported ||
    failure instanceof errors.JWKSNoMatchingKey ||
    failure instanceof errors.JWKSMultipleMatchingKeys
  );
}

function unauthorised(reason: string): TokenVerdict {
  return { ok: false, status: 401, reason };
}

function forbidden(reason: string): TokenVerdict {
  return { ok: false, status: 403, reason };
}
