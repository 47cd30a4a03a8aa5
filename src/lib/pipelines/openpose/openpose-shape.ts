// How an OpenPose network of a layout is recognised by its shapes.
import { readImageTensor } from '../image-tensor.ts';
import type { ImageTensor } from '../image-tensor.ts';
import type { NetworkShapes } from '../tensor-shape.ts';
import type { BodyLayout } from './body-layouts.ts';
import { findFieldOutputs } from './field-maps.ts';
import type { FieldOutputs } from './field-maps.ts';

/** Where an OpenPose network takes its picture and gives its maps. */
export type OpenposeShape = { readonly image: ImageTensor; readonly fields: FieldOutputs };

/** A picture → heat maps and part affinity fields of the layout. Null for any other network. */
export function readOpenposeShape(
  { inputs, outputs }: NetworkShapes,
  layout: BodyLayout,
): OpenposeShape | null {
  const image = readImageTensor(inputs);
  const fields = findFieldOutputs(outputs, layout);
  return image && fields ? { image, fields } : null;
}
