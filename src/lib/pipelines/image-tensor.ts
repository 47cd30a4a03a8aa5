// A network's picture input: what its shape says of it, and the memory it is filled from.
import type { ImageBorder, ImageInput } from './frame-sampler.ts';
import type { InputNormalisation } from './pipeline-config.ts';
import type { InputTensor, TensorInfo } from './tensor-runner.ts';
import { fitsShape } from './tensor-shape.ts';

/** Element types a picture can be written as; quantised signed bytes are not among them. */
type ImageType = 'float32' | 'int32' | 'uint8';

/** The picture that a network takes. A size that it leaves open is null. */
export type ImageTensor = {
  readonly name: string;
  readonly type: ImageType;
  readonly layout: ImageInput['layout'];
  readonly widthPx: number | null;
  readonly heightPx: number | null;
};

/** A picture's size in pixels. */
export type ImageSize = { readonly widthPx: number; readonly heightPx: number };

/** The memory of one picture, and the same as a network's inputs. */
export type ImageFeed = {
  readonly image: ImageInput;
  readonly data: Float32Array | Int32Array | Uint8Array;
  readonly inputs: Readonly<Record<string, InputTensor>>;
};

const BLACK = 0;

/** RGB values as they are, 0…255. */
export const rgbBytes: InputNormalisation = { channels: 'rgb', mean: [0, 0, 0], std: [1, 1, 1] };

/** RGB values in [0, 1]. */
export const rgbUnit: InputNormalisation = {
  channels: 'rgb',
  mean: [0, 0, 0],
  std: [255, 255, 255],
};

/**
 * What a network's only input says of the picture: three channels, last or right after the batch. Null
 * when there are several inputs, or when it is no picture.
 */
export function readImageTensor(inputs: readonly TensorInfo[]): ImageTensor | null {
  const [input] = inputs;
  if (!input || inputs.length !== 1 || !isImageType(input.type)) return null;
  const { name, type, shape } = input;
  if (fitsShape(shape, ['batch', 'any', 'any', 3])) {
    return { name, type, layout: 'nhwc', ...sizeOf(shape[2], shape[1]) };
  }
  if (fitsShape(shape, ['batch', 3, 'any', 'any'])) {
    return { name, type, layout: 'nchw', ...sizeOf(shape[3], shape[2]) };
  }
  return null;
}

/** The size of the picture, with what the network leaves open taken from `open`. */
export function imageSizeOf(tensor: ImageTensor, open: ImageSize): ImageSize {
  return {
    widthPx: tensor.widthPx ?? open.widthPx,
    heightPx: tensor.heightPx ?? open.heightPx,
  };
}

/**
 * Memory for pictures of one size, made once and filled again for every frame. `border` is what the
 * network was trained to find beyond the frame.
 */
export function createImageFeed(
  tensor: ImageTensor,
  size: ImageSize,
  normalisation: InputNormalisation,
  border: ImageBorder = BLACK,
): ImageFeed {
  const { widthPx, heightPx } = size;
  const data = allocate(tensor.type, widthPx * heightPx * 3);
  const shape = tensor.layout === 'nhwc' ? [1, heightPx, widthPx, 3] : [1, 3, heightPx, widthPx];
  return {
    image: { widthPx, heightPx, layout: tensor.layout, ...normalisation, border },
    data,
    inputs: { [tensor.name]: { shape, data } },
  };
}

function isImageType(type: TensorInfo['type']): type is ImageType {
  return type !== 'int8';
}

function sizeOf(width: number | undefined, height: number | undefined) {
  return { widthPx: known(width), heightPx: known(height) };
}

function known(size: number | undefined): number | null {
  return size !== undefined && size > 0 ? size : null;
}

function allocate(type: ImageType, length: number): ImageFeed['data'] {
  switch (type) {
    case 'float32':
      return new Float32Array(length);
    case 'int32':
      return new Int32Array(length);
    case 'uint8':
      return new Uint8Array(length);
  }
}
