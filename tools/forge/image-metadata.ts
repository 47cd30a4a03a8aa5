// Builds the TFLite metadata of an image network: a `ModelMetadata` flatbuffer that tells MediaPipe how to
// turn RGB bytes into the input tensor. Slots follow mediapipe/tasks/metadata/metadata_schema.fbs.
import { Builder, type Offset } from 'flatbuffers';
import { createOffsetVector } from './offset-vector.ts';

/** How a channel value in [0, 255] becomes a tensor value: (value − mean) / std. */
export interface Normalization {
  mean: number;
  std: number;
}

const METADATA_IDENTIFIER = 'M001';
/** The schema version that introduced the youngest field used here; all are from the first. */
const MIN_PARSER_VERSION = '1.0.0';

/** Per table of the schema: how many fields it declares, and the slots of those written here. */
const MODEL_METADATA = { fields: 8, subgraphMetadata: 3, minParserVersion: 7 } as const;
const SUBGRAPH_METADATA = { fields: 10, inputTensorMetadata: 2 } as const;
const TENSOR_METADATA = { fields: 7, content: 3, processUnits: 4 } as const;
const CONTENT = { fields: 3, propertiesType: 0, properties: 1 } as const;
const IMAGE_PROPERTIES = { fields: 2, colorSpace: 0 } as const;
const PROCESS_UNIT = { fields: 2, optionsType: 0, options: 1 } as const;
const NORMALIZATION_OPTIONS = { fields: 2, mean: 0, std: 1 } as const;

/** Members of the schema's unions `ContentProperties` and `ProcessUnitOptions`. */
const CONTENT_IS_IMAGE = 2;
const OPTIONS_ARE_NORMALIZATION = 1;
/** `ColorSpaceType.RGB`. */
const COLOR_SPACE_RGB = 1;

const INITIAL_BYTES = 512;

/** Returns a `ModelMetadata` file for a network with one RGB image input, normalised as given. */
export function buildImageMetadata(normalization: Normalization): Uint8Array {
  const builder = new Builder(INITIAL_BYTES);
  const content = createRgbContent(builder);
  const processUnits = createOffsetVector(builder, [createProcessUnit(builder, normalization)]);

  builder.startObject(TENSOR_METADATA.fields);
  builder.addFieldOffset(TENSOR_METADATA.content, content, 0);
  builder.addFieldOffset(TENSOR_METADATA.processUnits, processUnits, 0);
  const inputs = createOffsetVector(builder, [builder.endObject()]);

  builder.startObject(SUBGRAPH_METADATA.fields);
  builder.addFieldOffset(SUBGRAPH_METADATA.inputTensorMetadata, inputs, 0);
  const subgraphs = createOffsetVector(builder, [builder.endObject()]);

  const minParserVersion = builder.createString(MIN_PARSER_VERSION);
  builder.startObject(MODEL_METADATA.fields);
  builder.addFieldOffset(MODEL_METADATA.subgraphMetadata, subgraphs, 0);
  builder.addFieldOffset(MODEL_METADATA.minParserVersion, minParserVersion, 0);
  builder.finish(builder.endObject(), METADATA_IDENTIFIER);
  return builder.asUint8Array();
}

function createRgbContent(builder: Builder): Offset {
  builder.startObject(IMAGE_PROPERTIES.fields);
  builder.addFieldInt8(IMAGE_PROPERTIES.colorSpace, COLOR_SPACE_RGB, 0);
  const properties = builder.endObject();

  builder.startObject(CONTENT.fields);
  builder.addFieldInt8(CONTENT.propertiesType, CONTENT_IS_IMAGE, 0);
  builder.addFieldOffset(CONTENT.properties, properties, 0);
  return builder.endObject();
}

function createProcessUnit(builder: Builder, { mean, std }: Normalization): Offset {
  const means = createFloatVector(builder, mean);
  const stds = createFloatVector(builder, std);
  builder.startObject(NORMALIZATION_OPTIONS.fields);
  builder.addFieldOffset(NORMALIZATION_OPTIONS.mean, means, 0);
  builder.addFieldOffset(NORMALIZATION_OPTIONS.std, stds, 0);
  const options = builder.endObject();

  builder.startObject(PROCESS_UNIT.fields);
  builder.addFieldInt8(PROCESS_UNIT.optionsType, OPTIONS_ARE_NORMALIZATION, 0);
  builder.addFieldOffset(PROCESS_UNIT.options, options, 0);
  return builder.endObject();
}

/** One value stands for all channels, by the schema. */
function createFloatVector(builder: Builder, value: number): Offset {
  const { BYTES_PER_ELEMENT } = Float32Array;
  builder.startVector(BYTES_PER_ELEMENT, 1, BYTES_PER_ELEMENT);
  builder.addFloat32(value);
  return builder.endVector();
}
