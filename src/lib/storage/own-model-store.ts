// The models that the user brought, across visits. Their weights are kept elsewhere (src/lib/weights).
import type { ModelSpec } from '../models/model-spec.ts';
import type { Database } from './database.ts';

/** Keeps own models. Every method rejects when the browser's storage fails. */
export type OwnModelStore = {
  /** In the order of their ids. */
  list(): Promise<readonly ModelSpec[]>;
  /** Takes the place of a model with the same id. */
  save(model: ModelSpec): Promise<void>;
  remove(id: string): Promise<void>;
};

/** The own models of this device. */
export function createOwnModelStore(db: Database): OwnModelStore {
  return {
    list: () => db.getAll('own-models'),
    async save(model) {
      await db.put('own-models', model);
    },
    async remove(id) {
      await db.delete('own-models', id);
    },
  };
}
