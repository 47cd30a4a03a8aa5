// Who this process is to another of our services in Google's cloud: an identity token of its service account.

/**
 * Headers for requests to the service at `audience`, an origin. Empty for plain http, which configuration
 * allows within this machine only: a token does not go out in the clear. Rejects where there is no account.
 */
export function createServiceIdentity(audience: string): () => Promise<Headers> {
  if (!audience.startsWith('https:')) return async () => new Headers();
  let client: ReturnType<typeof loadClient> | null = null;
  return async () => {
    client ??= loadClient(audience).catch((error: unknown) => {
      client = null; // The next request tries again.
      throw error;
    });
    return new Headers(await (await client).getRequestHeaders());
  };
}

/** It renews the token before it expires. */
async function loadClient(audience: string) {
  const { GoogleAuth } = await import('google-auth-library');
  return new GoogleAuth().getIdTokenClient(audience);
}
