// The import of a model of the user's own: read, proposed, confirmed, kept.
import { inspectModel } from '../../model-import/inspect-model.ts';
import type { InspectedModel } from '../../model-import/inspected-model.ts';
import { keepImportedModel } from '../../model-import/keep-imported-model.ts';
import { models } from '../../models/catalogue.ts';
import type { ModelFile, ModelSpec } from '../../models/model-spec.ts';
import { forgetFiles } from '../../weights/kept-weights.ts';
import { deviceServices } from '../device-services.ts';
import { modelNameOf } from '../import-model.ts';

const MODEL_EXTENSIONS = ['.task', '.tflite', '.onnx', '.json', '.bin'];

/** Whether a file is part of a model, by its name. */
export function isModelFile({ name }: File): boolean {
  return MODEL_EXTENSIONS.some((extension) => name.toLowerCase().endsWith(extension));
}

/** A model that waits for the user to confirm how it is run. */
export type PendingImport = { readonly inspected: InspectedModel; readonly name: string };

/** Methods never throw: what goes wrong ends in `problem`, as a sentence. */
export class ModelImport {
  pending = $state.raw<PendingImport | null>(null);
  problem = $state<string | null>(null);
  busy = $state(false);

  /** Reads the files of one model; if it fits a pipeline, `pending` waits for the user. */
  async read(files: readonly File[]): Promise<void> {
    await this.#attempt(async () => {
      this.pending = { inspected: await inspectModel(files), name: modelNameOf(files) };
    });
  }

  /** Keeps the pending model with the chosen one of its proposals; gives it back, or null if that failed. */
  async confirm(name: string, proposal: number): Promise<ModelSpec | null> {
    const { pending } = this;
    const pipeline = pending?.inspected.proposals[proposal];
    if (!pending || !pipeline) return null;
    let added: ModelSpec | null = null;
    await this.#attempt(async () => {
      added = await keepImportedModel(pending.inspected, pipeline, name, async (model) =>
        (await deviceServices()).ownModels.save(model),
      );
      this.pending = null;
    });
    return added;
  }

  cancel(): void {
    this.pending = null;
  }

  /**
   * Removes a model from the device, with those of its weights that nothing in the catalogue and none of
   * `others` has as well: the user's own models, whether or not this one is among them.
   */
  async remove(model: ModelSpec, others: readonly ModelSpec[]): Promise<void> {
    await this.#attempt(async () => {
      await (await deviceServices()).ownModels.remove(model.id);
      const staying = [...models, ...others.filter(({ id }) => id !== model.id)];
      await forgetFiles(filesOf([model]), filesOf(staying));
    });
  }

  async #attempt(action: () => Promise<void>): Promise<void> {
    this.problem = null;
    this.busy = true;
    try {
      await action();
    } catch (cause) {
      this.pending = null;
      this.problem = cause instanceof Error ? cause.message : String(cause);
    } finally {
      this.busy = false;
    }
  }
}

function filesOf(specs: readonly ModelSpec[]): ModelFile[] {
  return specs.flatMap(({ variants }) => variants.flatMap(({ files }) => files));
}
