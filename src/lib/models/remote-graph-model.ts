// A TensorFlow.js graph model at a public address, as files of a variant.
import type { ModelFile } from './model-spec.ts';

/** What is known of a file in advance. */
type Digest = Pick<ModelFile, 'bytes' | 'sha256'>;

const UNKNOWN: Digest = { bytes: null, sha256: null };

/** A network of which no digest is known: `folder`, which ends with `/`, holds model.json and its shards. */
export function remoteGraphModel(folder: string, shardCount: number, query = ''): ModelFile[] {
  const shards = Array.from(
    { length: shardCount },
    (_, index) => `group1-shard${index + 1}of${shardCount}.bin`,
  );
  return ['model.json', ...shards].map((name) => ({
    name,
    url: `${folder}${name}${query}`,
    ...UNKNOWN,
  }));
}
