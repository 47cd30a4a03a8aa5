// Whether the chosen target could be measured without a network, and what it takes to make it so.
import { bytesOfPaths, estimateRuntimeBytes, readEngineFiles } from '../../offline/engine-files.ts';
import type { EngineFiles } from '../../offline/engine-files.ts';
import { isReady, keptRuntimePaths, noteReady } from '../../offline/runtime-cache.ts';
import type { RunSummary } from '../../benchmark/run-result.ts';
import type { EngineOptions } from '../../engines/pose-engine.ts';
import type { ModelFile, ModelSpec } from '../../models/model-spec.ts';
import type { Target } from '../../models/target.ts';
import { findKept } from '../../weights/kept-weights.ts';
import type { ObtainProgress } from '../../weights/obtain-files.ts';
import { filesOfRun } from '../host-run.ts';
import { appWorker } from './app-worker.svelte.ts';
import { keepAgain } from './keep-again.ts';
import { keepTarget } from './keep-target.ts';
import { watchRefusals } from './watch-refusals.ts';
import type { Refusals } from './watch-refusals.ts';

/** A target, and how it is to run. */
export type ChosenTarget = { readonly target: Target; readonly options: EngineOptions };

/** `unknown` where nothing can be kept: there is no service worker, or nobody has looked yet. */
export type OfflineState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'kept' }
  /** `bytes` is about what keeping it takes; null where upstream tells a size only while it is fetched. */
  | { readonly kind: 'missing'; readonly bytes: number | null }
  /** `weights` is null while the engine starts, whose progress nobody knows. */
  | {
      readonly kind: 'keeping';
      readonly targetId: string;
      readonly weights: ObtainProgress | null;
    };

/** The state of one choice at a time. Nothing here throws: what goes wrong ends in `problem`, as a sentence. */
export class OfflineTarget {
  state = $state.raw<OfflineState>({ kind: 'unknown' });
  problem = $state<string | null>(null);

  #abort: AbortController | null = null;
  /** Of what is kept again, unasked. */
  #unaskedAbort: AbortController | null = null;
  /** What `state` is about, unless something else is being kept. */
  #chosen: ChosenTarget | null = null;
  /** What a run that goes on will have shown to be kept; null where its engine may not have been. */
  #running: { readonly ran: ChosenTarget; readonly refused: Refusals } | null = null;
  #looks = 0;

  /** Finds out how it stands with a choice; while something is being kept, afterwards. */
  async look(chosen: ChosenTarget): Promise<void> {
    const isOther = this.#chosen === null || !isSame(chosen, this.#chosen);
    this.#chosen = chosen;
    if (isOther) this.problem = null;
    if (this.#abort) return;
    // What was found of another target must not be read as this one's.
    if (isOther) this.state = { kind: 'unknown' };
    this.#looks += 1;
    const look = this.#looks;
    const found = await stateOf(chosen).catch((): OfflineState => ({ kind: 'unknown' }));
    // The choice may have changed meanwhile.
    if (look === this.#looks && !this.#abort) this.state = found;
  }

  /** Keeps what the choice needs. */
  async keep(chosen: ChosenTarget): Promise<void> {
    if (this.#abort) return;
    this.#unaskedAbort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#chosen = chosen;
    this.problem = null;
    const targetId = chosen.target.id;
    this.state = { kind: 'keeping', targetId, weights: null };
    let problem: string | null = null;
    try {
      await keepTarget(chosen.target, {
        options: chosen.options,
        signal: abort.signal,
        onWeights: (progress) => {
          const isDone = progress.receivedBytes === progress.totalBytes;
          this.state = { kind: 'keeping', targetId, weights: isDone ? null : progress };
        },
      });
    } catch (cause) {
      if (!abort.signal.aborted) problem = cause instanceof Error ? cause.message : String(cause);
    }
    this.#abort = null;
    if (isSame(chosen, this.#chosen)) this.problem = problem;
    await this.look(this.#chosen);
  }

  /** Keeps again what an update made useless. Says nothing: nobody asked for it now. */
  async keepAgain(ownModels: readonly ModelSpec[]): Promise<void> {
    if (this.#abort || this.#unaskedAbort) return;
    const abort = new AbortController();
    this.#unaskedAbort = abort;
    await keepAgain(ownModels, abort.signal).catch(() => undefined);
    this.#unaskedAbort = null;
  }

  /** Stops keeping; a run needs the device for itself. */
  cancel(): void {
    this.#abort?.abort(new DOMException('Keeping was stopped.', 'AbortError'));
    this.#unaskedAbort?.abort();
  }

  /** Nobody looks any more. */
  close(): void {
    this.cancel();
    this.#running?.refused.stop();
    this.#running = null;
  }

  /** A run begins: keeping stops. To be called once a run. */
  onRunStart(chosen: ChosenTarget): void {
    this.cancel();
    this.#running = appWorker.isControlling ? { ran: chosen, refused: watchRefusals() } : null;
  }

  /** A run has ended: what it has loaded is kept, if all of it went through the service worker and had room. */
  async onRunEnd(summary: RunSummary | null): Promise<void> {
    const running = this.#running;
    this.#running = null;
    running?.refused.stop();
    if (!running || running.refused.some() || !summary || summary.outcome === 'failed') return;
    const { ran } = running;
    const { target, options } = ran;
    const hasReference = target.backend === 'wasm' || summary.parity !== null;
    const worker = (await readEngineFiles())?.[target.engine].worker;
    if (!hasReference || worker === undefined) return;
    await noteReady({ targetId: target.id, threads: options.threads }, worker).catch(
      () => undefined,
    );
    await this.look(this.#chosen ?? ran);
  }
}

/** Whether both load the same: of the options only threads matter. */
function isSame(one: ChosenTarget, other: ChosenTarget): boolean {
  return one.target.id === other.target.id && one.options.threads === other.options.threads;
}

async function stateOf({ target, options }: ChosenTarget): Promise<OfflineState> {
  const engineFiles = appWorker.isControlling ? await readEngineFiles() : null;
  if (!engineFiles) return { kind: 'unknown' };
  const { worker } = engineFiles[target.engine];
  const needed = filesOfRun(target);
  const [weights, isKnownReady] = await Promise.all([
    findKept(needed),
    isReady({ targetId: target.id, threads: options.threads }, worker),
  ]);
  if (weights && isKnownReady) return { kind: 'kept' };
  const runtimeBytes = isKnownReady ? 0 : await missingRuntimeBytes(engineFiles, target);
  const weightsBytes = await missingWeightsBytes(needed);
  return { kind: 'missing', bytes: weightsBytes === null ? null : runtimeBytes + weightsBytes };
}

async function missingRuntimeBytes(
  engineFiles: EngineFiles,
  { engine, backend }: Target,
): Promise<number> {
  const hasJspi = 'Suspending' in WebAssembly;
  const wanted = estimateRuntimeBytes(engineFiles, engine, backend, hasJspi);
  const own = new Set(engineFiles[engine].files.map(({ path }) => path));
  const kept = (await keptRuntimePaths()).filter((path) => own.has(path));
  return Math.max(0, wanted - bytesOfPaths(engineFiles, kept));
}

/** Null where the size of a file is not known before. */
async function missingWeightsBytes(files: readonly ModelFile[]): Promise<number | null> {
  const byUrl = new Map(files.map((file) => [file.url, file]));
  let sum = 0;
  for (const file of byUrl.values()) {
    if (await findKept([file])) continue;
    if (file.bytes === null) return null;
    sum += file.bytes;
  }
  return sum;
}
