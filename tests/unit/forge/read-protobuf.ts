// A reader for protocol buffers and the parts of ONNX that tests look at, written from the published
// descriptions apart from the forge's writer to check it.

/** Values of a message by field number, in order: numbers, or the bytes of strings and messages. */
export type Fields = Map<number, (number | Buffer)[]>;

/** Splits a message into its fields. Throws at a wire type that ONNX does not use. */
export function readMessage(bytes: Buffer): Fields {
  const fields: Fields = new Map();
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const values = fields.get(tag >> 3) ?? [];
    fields.set(tag >> 3, values);
    if ((tag & 7) === 0) values.push(varint());
    else if ((tag & 7) === 2) {
      const length = varint();
      values.push(bytes.subarray(at, (at += length)));
    } else throw new Error(`Wire type ${tag & 7} in field ${tag >> 3}.`);
  }
  return fields;
}

/** The messages in a field. */
export function messages(fields: Fields, field: number): Fields[] {
  return (fields.get(field) ?? []).map((value) => readMessage(value as Buffer));
}

/** The strings in a field. */
export function strings(fields: Fields, field: number): string[] {
  return (fields.get(field) ?? []).map((value) => (value as Buffer).toString());
}

/** The numbers in a field. */
export function numbers(fields: Fields, field: number): number[] {
  return (fields.get(field) ?? []) as number[];
}

/** What tests ask of an ONNX file; field numbers as in onnx.proto. */
export interface ReadOnnx {
  irVersion: number;
  opset: number;
  nodes: { opType: string; inputs: string[]; outputs: string[]; attributes: Map<string, Fields> }[];
  initializers: { name: string; type: number; shape: number[]; data: Buffer }[];
  inputs: string[];
  outputs: string[];
}

/** Reads an ONNX file. Inputs and outputs are "name: 1×2×3". */
export function readOnnx(bytes: Uint8Array): ReadOnnx {
  const model = readMessage(Buffer.from(bytes));
  const graph = messages(model, 7)[0]!;
  const nodes = messages(graph, 1).map((node) => ({
    opType: strings(node, 4)[0]!,
    inputs: strings(node, 1),
    outputs: strings(node, 2),
    attributes: new Map(messages(node, 5).map((each) => [strings(each, 1)[0]!, each])),
  }));
  const initializers = messages(graph, 5).map((each) => ({
    name: strings(each, 8)[0]!,
    type: numbers(each, 2)[0]!,
    shape: numbers(each, 1),
    data: each.get(9)![0] as Buffer,
  }));
  return {
    irVersion: numbers(model, 1)[0]!,
    opset: numbers(messages(model, 8)[0]!, 2)[0]!,
    nodes,
    initializers,
    inputs: messages(graph, 11).map(describeValue),
    outputs: messages(graph, 12).map(describeValue),
  };
}

function describeValue(value: Fields): string {
  const tensorType = messages(messages(value, 2)[0]!, 1)[0]!;
  const dimensions = messages(messages(tensorType, 2)[0]!, 1).map((each) => numbers(each, 1)[0]);
  return `${strings(value, 1)[0]}: ${dimensions.join('×')}`;
}
