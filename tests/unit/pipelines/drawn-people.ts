// Heat maps and part affinity fields of people whose joints are known, as the paper's authors draw them to
// train a network (Cao et al., CVPR 2017, section 2.2).
import type { BodyLayout } from '../../../src/lib/pipelines/openpose/body-layouts.ts';

/** A joint in cells, the centre of cell (0, 0) being (0, 0); null where it is not seen. */
export type DrawnJoint = readonly [x: number, y: number] | null;

/** The width of a joint's bump, and half the width of a limb, in cells. */
const SIGMA = 1;
const LIMB_HALF_WIDTH = 1;

/** Maps in the order of a layout's channels, background included, each row by row. */
export function drawPeople(
  layout: BodyLayout,
  people: readonly (readonly DrawnJoint[])[],
  width: number,
  height: number,
): Float32Array[] {
  const maps = Array.from(
    { length: layout.heatChannels + layout.affinityChannels },
    () => new Float32Array(width * height),
  );
  for (const joints of people) {
    joints.forEach((joint, channel) => {
      if (!joint) return;
      eachCell(width, height, (x, y, at) => {
        const squared = (x - joint[0]) ** 2 + (y - joint[1]) ** 2;
        const map = maps[channel]!;
        map[at] = Math.max(map[at]!, Math.exp(-squared / (2 * SIGMA ** 2)));
      });
    });
  }
  for (const { from, to, channel } of layout.limbs) {
    const counts = new Uint8Array(width * height);
    const alongX = maps[layout.heatChannels + channel]!;
    const alongY = maps[layout.heatChannels + channel + 1]!;
    for (const joints of people) {
      const a = joints[from];
      const b = joints[to];
      if (!a || !b) continue;
      const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
      const [ux, uy] = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
      eachCell(width, height, (x, y, at) => {
        const along = (x - a[0]) * ux + (y - a[1]) * uy;
        const across = (x - a[0]) * -uy + (y - a[1]) * ux;
        const overshoot = Math.max(0, -along, along - length);
        if (Math.hypot(across, overshoot) > LIMB_HALF_WIDTH) return;
        const count = (counts[at] = counts[at]! + 1);
        alongX[at] = alongX[at]! + (ux - alongX[at]!) / count;
        alongY[at] = alongY[at]! + (uy - alongY[at]!) / count;
      });
    }
  }
  return maps;
}

/** Several maps as one tensor of a batch of one. */
export function stackMaps(
  maps: readonly Float32Array[],
  width: number,
  height: number,
  axes: 'nhwc' | 'nchw',
) {
  const count = maps.length;
  const data = new Float32Array(count * width * height);
  maps.forEach((map, channel) => {
    if (axes === 'nchw') data.set(map, channel * width * height);
    else map.forEach((value, at) => (data[at * count + channel] = value));
  });
  return { shape: axes === 'nhwc' ? [1, height, width, count] : [1, count, height, width], data };
}

function eachCell(
  width: number,
  height: number,
  visit: (x: number, y: number, at: number) => void,
): void {
  for (let at = 0; at < width * height; at += 1) visit(at % width, Math.floor(at / width), at);
}
