// Which model runs where: what there is to choose, what this device lacks, and what must be agreed to first.
import { probeBackends } from '../../engines/backend-support.ts';
import type { BackendSupport } from '../../engines/backend-support.ts';
import { defaultEngineOptions } from '../../engines/default-options.ts';
import type { RunRecipe } from '../../benchmark/run-plan.ts';
import { DEFAULT_TARGET_ID, findTarget, models } from '../../models/catalogue.ts';
import type { BackendId, EngineId, ModelFile, ModelSpec } from '../../models/model-spec.ts';
import { targetsOf } from '../../models/target.ts';
import type { Target } from '../../models/target.ts';
import { findKept, forgetFiles, isForgettable } from '../../weights/kept-weights.ts';

/** Where the weights of the chosen target are; null while nobody has looked. */
export type WeightsState = {
  readonly isKept: boolean;
  /** Whether there is something to forget: contents, or what they were when first downloaded. */
  readonly isForgettable: boolean;
  /** Of all files, in bytes; null where upstream tells it only while they are fetched. */
  readonly bytes: number | null;
} | null;

const initial = findTarget(DEFAULT_TARGET_ID);

/** The choice of a target and of how it runs. There always is a target; `obstacle` says why not to run it. */
export class TargetChoice {
  ownModels = $state.raw<readonly ModelSpec[]>([]);
  /** What the device offers; null until it was asked. */
  support = $state.raw<BackendSupport | null>(null);
  weights = $state.raw<WeightsState>(null);
  threads = $state<number | null>(defaultEngineOptions.threads);
  smoothing = $state(defaultEngineOptions.smoothing);

  #modelId = $state(initial.model.id);
  #engine = $state<EngineId>(initial.engine);
  #backend = $state<BackendId>(initial.backend);
  /** What has no control on the page, but may be in a plan. */
  #otherOptions = $state.raw(defaultEngineOptions);
  /** The models whose licence notice was agreed to on this visit. */
  #agreed = $state.raw<readonly string[]>([]);

  readonly target = $derived.by((): Target => {
    const chosen = targetsOf(this.#model).find(
      ({ engine, backend }) => engine === this.#engine && backend === this.#backend,
    );
    return chosen ?? initial;
  });

  /** Why the target cannot be run now, as a sentence; null when it can. */
  readonly obstacle = $derived.by((): string | null => {
    const status = this.support?.[this.#backend];
    if (status?.available === false) return status.reason;
    if (this.needsAgreement && !this.agreed) {
      return 'Read the licence of this model and agree to it before its weights are fetched.';
    }
    if (this.isOwn && this.weights?.isKept === false) {
      return 'The browser no longer has the weights of this model. Import it again.';
    }
    return null;
  });

  readonly options = $derived({
    ...this.#otherOptions,
    threads: this.threads,
    smoothing: this.smoothing,
  });

  /** Takes over what a plan asks for; false when this version has no such target, or not this own model. */
  apply({ target: id, options }: RunRecipe): boolean {
    const target = [...models, ...this.ownModels]
      .flatMap(targetsOf)
      .find((candidate) => candidate.id === id);
    if (!target) return false;
    this.#modelId = target.model.id;
    this.#engine = target.engine;
    this.backend = target.backend;
    this.#otherOptions = options;
    this.threads = options.threads;
    this.smoothing = options.smoothing;
    return true;
  }

  /** As if nobody had chosen any. */
  resetOptions(): void {
    this.#otherOptions = defaultEngineOptions;
    this.threads = defaultEngineOptions.threads;
    this.smoothing = defaultEngineOptions.smoothing;
  }

  /** Asks the device once. */
  async probe(): Promise<void> {
    this.support = await probeBackends();
  }

  get modelId(): string {
    return this.#modelId;
  }

  /** Keeps engine and backend where the new model has them. */
  set modelId(id: string) {
    this.#modelId = id;
    this.engine = this.#engine;
  }

  get engine(): EngineId {
    return this.#engine;
  }

  set engine(engine: EngineId) {
    const { variants } = this.#model;
    const variant = variants.find((each) => each.engine === engine) ?? variants[0];
    if (!variant) return;
    this.#engine = variant.engine;
    this.backend = variant.backends.includes(this.#backend) ? this.#backend : firstOf(variant);
  }

  get backend(): BackendId {
    return this.#backend;
  }

  set backend(backend: BackendId) {
    this.#backend = backend;
    void this.lookForWeights();
  }

  get engines(): readonly EngineId[] {
    return this.#model.variants.map(({ engine }) => engine);
  }

  get backends(): readonly BackendId[] {
    return this.#model.variants.find(({ engine }) => engine === this.#engine)?.backends ?? [];
  }

  get isOwn(): boolean {
    return this.ownModels.some(({ id }) => id === this.#modelId);
  }

  get needsAgreement(): boolean {
    return this.#model.licenseNotice !== null;
  }

  get agreed(): boolean {
    return this.#agreed.includes(this.#modelId);
  }

  set agreed(agreed: boolean) {
    const others = this.#agreed.filter((id) => id !== this.#modelId);
    this.#agreed = agreed ? [...others, this.#modelId] : others;
  }

  /** Finds out whether the weights are on the device: on every choice, and after a run has fetched them. */
  async lookForWeights(): Promise<void> {
    const { id, files } = this.target;
    const kept = await findKept(files).catch(() => null);
    const isAny = await isForgettable(files).catch(() => false);
    // The choice may have changed meanwhile.
    if (id !== this.target.id) return;
    this.weights = { isKept: kept !== null, isForgettable: isAny, bytes: bytesOf(kept ?? files) };
  }

  /** Removes the weights from the device, but for what an own model has, which nobody could fetch again. */
  async forgetWeights(): Promise<void> {
    const { files } = this.target;
    await forgetFiles(files, this.ownModels.flatMap(filesOf)).catch(() => undefined);
    await this.lookForWeights();
  }

  get #model(): ModelSpec {
    const all = [...models, ...this.ownModels];
    return all.find(({ id }) => id === this.#modelId) ?? initial.model;
  }
}

function filesOf({ variants }: ModelSpec): readonly ModelFile[] {
  return variants.flatMap(({ files }) => files);
}

function firstOf({ backends }: { readonly backends: readonly BackendId[] }): BackendId {
  return backends[0] ?? initial.backend;
}

function bytesOf(files: readonly ModelFile[]): number | null {
  return files.reduce<number | null>(
    (sum, { bytes }) => (sum === null || bytes === null ? null : sum + bytes),
    0,
  );
}
