// Heat maps and part affinity fields where they lie in a network's outputs, whatever the order of axes.
import { readOutput } from '../read-output.ts';
import { fitsShape } from '../tensor-shape.ts';
import type { Tensor, TensorData, TensorInfo } from '../tensor-runner.ts';
import type { BodyLayout } from './body-layouts.ts';

/** Maps of equal size in one tensor: cell (x, y) of map c is data[origin + c × channel + y × row + x × column]. */
export type FieldMaps = {
  readonly data: TensorData;
  readonly width: number;
  readonly height: number;
  readonly origin: number;
  readonly channel: number;
  readonly row: number;
  readonly column: number;
};

/** Which outputs the maps are in: one with all channels, heat maps first, or one each. */
export type FieldOutputs = {
  readonly heat: string;
  readonly affinity: string;
  readonly axes: 'nhwc' | 'nchw';
};

/** Finds the outputs of a layout by their numbers of channels. Null when a network has none such. */
export function findFieldOutputs(
  outputs: readonly TensorInfo[],
  layout: BodyLayout,
): FieldOutputs | null {
  const { heatChannels, affinityChannels } = layout;
  for (const axes of ['nhwc', 'nchw'] as const) {
    const withChannels = (count: number): TensorInfo | undefined =>
      outputs.find(
        ({ type, shape }) => type === 'float32' && fitsShape(shape, mapsOf(axes, count)),
      );
    const both = withChannels(heatChannels + affinityChannels);
    if (both) return { heat: both.name, affinity: both.name, axes };
    const heat = withChannels(heatChannels);
    const affinity = withChannels(affinityChannels);
    if (heat && affinity) return { heat: heat.name, affinity: affinity.name, axes };
  }
  return null;
}

/** The heat maps (joints, then background) and the part affinity fields of one frame. */
export function readFields(
  tensors: Readonly<Record<string, Tensor>>,
  outputs: FieldOutputs,
  layout: BodyLayout,
): { readonly heat: FieldMaps; readonly affinity: FieldMaps } {
  const { heat, affinity, axes } = outputs;
  const heatTensor = readOutput(tensors, heat);
  const heatMaps = mapsIn(heatTensor, axes, 0);
  return heat === affinity
    ? { heat: heatMaps, affinity: mapsIn(heatTensor, axes, layout.heatChannels) }
    : { heat: heatMaps, affinity: mapsIn(readOutput(tensors, affinity), axes, 0) };
}

/** Copies map `channel` to `plane`, row by row. */
export function copyMap(maps: FieldMaps, channel: number, plane: Float32Array): void {
  const { data, width, height, row, column } = maps;
  const origin = maps.origin + channel * maps.channel;
  let to = 0;
  for (let y = 0; y < height; y += 1) {
    let from = origin + y * row;
    for (let x = 0; x < width; x += 1) {
      plane[to] = data[from] ?? 0;
      to += 1;
      from += column;
    }
  }
}

function mapsOf(axes: FieldOutputs['axes'], channels: number) {
  return axes === 'nhwc'
    ? (['batch', 'any', 'any', channels] as const)
    : (['batch', channels, 'any', 'any'] as const);
}

function mapsIn(tensor: Tensor, axes: FieldOutputs['axes'], firstChannel: number): FieldMaps {
  const [, a = 0, b = 0, c = 0] = tensor.shape;
  return axes === 'nhwc'
    ? {
        data: tensor.data,
        height: a,
        width: b,
        origin: firstChannel,
        channel: 1,
        row: b * c,
        column: c,
      }
    : {
        data: tensor.data,
        height: b,
        width: c,
        origin: firstChannel * b * c,
        channel: b * c,
        row: c,
        column: 1,
      };
}
