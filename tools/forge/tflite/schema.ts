// The part of TFLite's schema that networks are made of: tensorflow/compiler/mlir/lite/schema/schema.fbs,
// version 3. A slot is a field's index in its table; a union counts as two, type and value. The model's
// envelope is in ../tflite-reader.ts.

/** Slots of `SubGraph`. */
export const SUBGRAPH_SLOT = { tensors: 0, inputs: 1, outputs: 2, operators: 3 } as const;

/** Slots of `OperatorCode`. Before 2020 the code was in a byte of its own; now it may be in either. */
export const OPERATOR_CODE_SLOT = {
  deprecatedCode: 0,
  customName: 1,
  version: 2,
  code: 3,
} as const;

/** Slots of `Operator`. */
export const OPERATOR_SLOT = {
  codeIndex: 0,
  inputs: 1,
  outputs: 2,
  optionsType: 3,
  options: 4,
} as const;

/** Slots of `Tensor`. */
export const TENSOR_SLOT = {
  shape: 0,
  type: 1,
  buffer: 2,
  name: 3,
  quantization: 4,
  sparsity: 6,
} as const;

/** The members of `TensorType` that networks with float activations are made of. */
export const TENSOR_TYPE = { float32: 0, float16: 1, int32: 2, uint8: 3, int8: 9 } as const;

/** The members of `BuiltinOperator` that the forge knows. */
export const OPERATOR = {
  add: 0,
  concatenation: 2,
  convolution: 3,
  depthwiseConvolution: 4,
  depthToSpace: 5,
  dequantize: 6,
  logistic: 14,
  maxPool: 17,
  reshape: 22,
  resizeBilinear: 23,
  pad: 34,
  densify: 124,
} as const;

/** Slots of `Conv2DOptions`. */
export const CONVOLUTION_SLOT = {
  padding: 0,
  strideWidth: 1,
  strideHeight: 2,
  activation: 3,
  dilationWidth: 4,
  dilationHeight: 5,
} as const;

/** Slots of `DepthwiseConv2DOptions`. */
export const DEPTHWISE_SLOT = {
  padding: 0,
  strideWidth: 1,
  strideHeight: 2,
  depthMultiplier: 3,
  activation: 4,
  dilationWidth: 5,
  dilationHeight: 6,
} as const;

/** Slots of `Pool2DOptions`. */
export const POOL_SLOT = {
  padding: 0,
  strideWidth: 1,
  strideHeight: 2,
  windowWidth: 3,
  windowHeight: 4,
  activation: 5,
} as const;

/** Slots of `AddOptions`. */
export const ADD_SLOT = { activation: 0 } as const;

/** Slots of `ConcatenationOptions`. */
export const CONCATENATION_SLOT = { axis: 0, activation: 1 } as const;

/** Slots of `DepthToSpaceOptions`. */
export const DEPTH_TO_SPACE_SLOT = { blockSize: 0 } as const;

/** Slots of `ResizeBilinearOptions`; the first two are the deprecated size. */
export const RESIZE_SLOT = { alignCorners: 2, halfPixelCenters: 3 } as const;

/** `Padding`. */
export const PADDING = { same: 0, valid: 1 } as const;

/** The members of `ActivationFunctionType` that the forge knows. */
export const ACTIVATION = { none: 0, relu: 1, relu6: 3 } as const;
