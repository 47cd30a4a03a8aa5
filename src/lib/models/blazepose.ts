// BlazePose (MediaPipe Pose): one person, 33 landmarks; a detector, then a landmark network that tracks.
import type { ModelFile, ModelSpec } from './model-spec.ts';

/** The three variants. The digests are those of `npm run models`, which is deterministic. */
export const blazeposeModels: readonly ModelSpec[] = [
  blazepose('lite', {
    url: '/models/blazepose-lite.task',
    bytes: 5786244,
    sha256: '41d3461571253487daabd53a1371d6f4702dd2f80d745032887c94a4f79fe1ed',
  }),
  blazepose('full', {
    url: '/models/blazepose-full.task',
    bytes: 9407028,
    sha256: '25a884da8b1755804bc06d9cdfe542d7effdffd237d0df571883585a1d83ece3',
  }),
  blazepose('heavy', {
    url: '/models/blazepose-heavy.task',
    bytes: 30677156,
    sha256: '749929d437f5406556e18a8343d1e92b530f04da81a1bcd979ace653bf5ad82d',
  }),
];

function blazepose(variant: 'lite' | 'full' | 'heavy', task: ModelFile): ModelSpec {
  return {
    id: `blazepose-${variant}`,
    title: `BlazePose ${variant}`,
    license: 'Apache-2.0',
    source: 'npm:@mediapipe/pose@0.5.1675469404',
    skeleton: 'blazepose-33',
    variants: [{ engine: 'mediapipe', backends: ['wasm'], file: task }],
  };
}
