// All that the relay may fetch: the public addresses in the catalogue, and nothing else.
import { models } from './catalogue.ts';
import { isRemote, requestPathOf } from './remote-path.ts';

const addressByPath: ReadonlyMap<string, string> = new Map(
  models
    .flatMap(({ variants }) => variants.flatMap(({ files }) => files))
    .filter(({ url }) => isRemote(url))
    .map(({ url }) => [requestPathOf(url), withoutFragment(url)]),
);

/** The public address that a path of the relay stands for; null when the catalogue has none. */
export function findRemoteAddress(requestPath: string): string | null {
  return addressByPath.get(requestPath) ?? null;
}

function withoutFragment(url: string): string {
  return url.replace(/#.*$/, '');
}
