// What stands on the stage at a frame: the actor's skeleton and, in the furnished room, the
// sideboard before it.
import { postureAt, segmentAt, stanceAt } from './choreography.ts';
import { boxSurface, type Colour, type Surface } from './mesh.ts';
import { poseSkeleton, type Skeleton } from './skeleton.ts';

const WOOD: Colour = [138, 100, 70];
const DOOR_WOOD: Colour = [168, 126, 90];
const TOP_WOOD: Colour = [184, 144, 106];
const BRASS: Colour = [206, 178, 112];

/**
 * The sideboard of the furnished room, between the camera and the actor: it hides the actor's legs.
 */
const SIDEBOARD: readonly Surface[] = [
  boxSurface([-0.9, 0.13, 0.3], [-0.04, 0.76, 0.6], WOOD),
  boxSurface([-0.92, 0.76, 0.28], [-0.02, 0.79, 0.62], TOP_WOOD),
  ...[-0.88, -0.45].flatMap((left) => [
    boxSurface([left, 0.17, 0.6], [left + 0.39, 0.52, 0.612], DOOR_WOOD),
    boxSurface([left, 0.545, 0.6], [left + 0.39, 0.735, 0.612], DOOR_WOOD),
    boxSurface([left + 0.15, 0.632, 0.612], [left + 0.24, 0.646, 0.63], BRASS),
    boxSurface([left + 0.15, 0.47, 0.612], [left + 0.24, 0.484, 0.63], BRASS),
  ]),
  ...[-0.88, -0.12].flatMap((left) => [
    boxSurface([left, 0, 0.32], [left + 0.05, 0.13, 0.37], WOOD),
    boxSurface([left, 0, 0.54], [left + 0.05, 0.13, 0.59], WOOD),
  ]),
];

/** The actor's bones at a frame. */
export function skeletonAt(frame: number): Skeleton {
  return poseSkeleton(postureAt(frame), stanceAt(frame));
}

/** The surfaces that can hide the actor at a frame. */
export function furnitureAt(frame: number): readonly Surface[] {
  return segmentAt(frame).background === 'busy' ? SIDEBOARD : [];
}
