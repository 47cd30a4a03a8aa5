// What an engine is asked to load for a target of the catalogue, in tests.
import { defaultEngineOptions } from '../../src/lib/engines/default-options.ts';
import type { EngineLoadRequest, EngineOptions } from '../../src/lib/engines/pose-engine.ts';
import { findTarget } from '../../src/lib/models/catalogue.ts';
import { obtainFiles } from '../../src/lib/weights/obtain-files.ts';

/** The request for a target whose weights come with Kinemark. */
export async function requestFor(
  targetId: string,
  options: Partial<EngineOptions> = {},
): Promise<EngineLoadRequest> {
  const { model, pipeline, backend, files } = findTarget(targetId);
  return {
    modelId: model.id,
    files: await obtainFiles(files),
    pipeline,
    skeleton: model.skeleton,
    backend,
    options: { ...defaultEngineOptions, ...options },
  };
}
