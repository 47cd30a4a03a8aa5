// Detections of annotated people by a model that is more or less right, the same every time. The figures
// that pycocotools and NumPy gave for just these stand in the tests.
import type { AnnotatedPerson, CocoDetection } from '../../../src/lib/metrics/coco-evaluation.ts';

/** Most people of an image, some of them twice, each off by a share of their size. */
export function looseDetections(
  people: readonly AnnotatedPerson[],
  imageId: number,
): CocoDetection[] {
  return people.flatMap((one, i) =>
    Array.from({ length: (imageId + i) % 5 === 0 ? 0 : 1 + ((imageId + i) % 2) }, (_, copy) => {
      const step = (imageId * 7 + i * 3 + copy * 5) % 11;
      return {
        score: ((imageId + 3 * i + copy) % 10) / 10,
        keypoints: one.keypoints.map(({ x, y, v }, joint) => ({
          x: (v > 0 ? x : one.box.x) + (step / 100) * Math.sqrt(one.areaPx) * (joint % 3),
          y: v > 0 ? y : one.box.y + joint,
        })),
      };
    }),
  );
}
