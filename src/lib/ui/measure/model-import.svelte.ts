// The import of a model of the user's own: read, proposed, confirmed, kept.
import { inspectModel } from '../../model-import/inspect-model.ts';
import type { InspectedModel } from '../../model-import/inspected-model.ts';
import { makeImportedModel } from '../../model-import/make-imported-model.ts';
import type { ModelSpec } from '../../models/model-spec.ts';
import { forgetFiles, keepImported } from '../../weights/kept-weights.ts';
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
      const { model, contents } = await makeImportedModel(pending.inspected, pipeline, name);
      for (const each of contents) await keepImported(each);
      await (await deviceServices()).ownModels.save(model);
      added = model;
      this.pending = null;
    });
    return added;
  }

  cancel(): void {
    this.pending = null;
  }

  /** Removes a model and its weights from the device. */
  async remove(model: ModelSpec): Promise<void> {
    await this.#attempt(async () => {
      await (await deviceServices()).ownModels.remove(model.id);
      await forgetFiles(model.variants.flatMap(({ files }) => files));
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
