// Turns a TFLite file into the forge's graph. The operators themselves are in read-operators.ts.
import { FlatbufferTable } from '../flatbuffer-table.ts';
import { ForgeError } from '../forge-error.ts';
import { inputsOf, type Graph, type Operator, type Tensor } from '../graph/graph.ts';
import { distinctNames } from '../graph/names.ts';
import { MODEL_SLOT, openRoot, unusable } from '../tflite-reader.ts';
import { nameOperator } from './operator-names.ts';
import { operatorReaders } from './read-operators.ts';
import { OPERATOR_CODE_SLOT, OPERATOR_SLOT, SUBGRAPH_SLOT } from './schema.ts';
import { readTensor, type StoredTensor } from './read-tensor.ts';

/** Stands in an operator's inputs for an optional one that is left out. */
const NO_TENSOR = -1;

interface OperatorCode {
  code: number;
  name: string;
}

/** The file to read; `name` is for messages only. */
export interface TfliteFile {
  name: string;
  bytes: Uint8Array;
}

/** What to do about a bad file, unless the caller knows better. */
const GET_AGAIN = 'get the file again from where it came';

/**
 * Reads the main network of a TFLite file, which takes and gives float32 numbers. No two of its inputs and
 * outputs have the same name, and none an empty one, whatever the file says. Throws a ForgeError that names the
 * operator when one is unknown or used in a way the forge cannot convert; also when the file is no TFLite model
 * or damaged, and then the sentence ends with `remedy`.
 */
export function readGraph({ name, bytes }: TfliteFile, remedy = GET_AGAIN): Graph {
  const root = attempt(name, remedy, () => openRoot(name, bytes, remedy));
  return attempt(name, remedy, () => {
    try {
      return readMainGraph(root);
    } catch (error) {
      if (!(error instanceof ForgeError)) throw error;
      const reason = error.message.charAt(0).toLowerCase() + error.message.slice(1);
      throw new ForgeError(`${name} cannot be converted: ${reason}`, { cause: error });
    }
  });
}

/** Past the end of the file, or against its own shapes: the reader's RangeErrors mean a damaged file. */
function attempt<T>(name: string, remedy: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw unusable(name, 'it is cut short or damaged', remedy);
    throw error;
  }
}

function readMainGraph(root: FlatbufferTable): Graph {
  const codes = root.tables(MODEL_SLOT.operatorCodes).map(readOperatorCode);
  const buffers = root.tables(MODEL_SLOT.buffers);
  const subgraph = root.tables(MODEL_SLOT.subgraphs)[0];
  if (!subgraph) throw new RangeError('There is no network.');
  const storedOperators = subgraph.tables(SUBGRAPH_SLOT.operators);
  requireKnown(storedOperators.map((stored) => codeOf(stored, codes)));

  const tensors = subgraph.tables(SUBGRAPH_SLOT.tensors).map((table) => readTensor(table, buffers));
  const inputs = subgraph.int32s(SUBGRAPH_SLOT.inputs).map((index) => tensorAt(tensors, index));
  const outputs = subgraph.int32s(SUBGRAPH_SLOT.outputs).map((index) => tensorAt(tensors, index));
  inputs.forEach(requireFloat32);
  const operators: Operator[] = [];
  for (const stored of storedOperators) {
    const operator = readOperator(stored, codeOf(stored, codes), tensors);
    if (operator) operators.push(operator);
  }
  requireComputed({ inputs, outputs, operators });
  outputs.forEach(requireResult);
  nameApart([...new Set([...inputs, ...outputs])]);
  return { inputs, outputs, operators };
}

function requireFloat32({ name, isFloat32 }: StoredTensor): void {
  if (isFloat32) return;
  throw new ForgeError(
    `The tensor ${name} is not of float32 numbers, as inputs and results must be; convert the network from its ` +
      'float version.',
  );
}

/** ONNX and TF.js have no place for an output that nobody computes. */
function requireResult({ name, constant }: Tensor): void {
  if (!constant) return;
  throw new ForgeError(
    `Its output ${name || 'without a name'} is a constant, which the forge cannot convert; export the network ` +
      'without this output.',
  );
}

/** TFLite finds tensors by their numbers, the other formats by their names. */
function nameApart(tensors: readonly Tensor[]): void {
  const names = distinctNames(tensors.map(({ name }) => name));
  tensors.forEach((tensor, index) => (tensor.name = names[index]!));
}

/** Every value has to come from somewhere, and from one place, before it is used. */
function requireComputed({ inputs, outputs, operators }: Graph): void {
  const known = new Set(inputs);
  const require = (tensor: Tensor): void => {
    if (!tensor.constant && !known.has(tensor)) throw new RangeError('A value is never computed.');
  };
  for (const operator of operators) {
    inputsOf(operator).forEach(require);
    if (known.has(operator.output)) throw new RangeError('A value is computed twice.');
    known.add(operator.output);
  }
  outputs.forEach(require);
}

function readOperatorCode(table: FlatbufferTable): OperatorCode {
  const code = Math.max(
    table.uint8(OPERATOR_CODE_SLOT.deprecatedCode) ?? 0,
    table.uint32(OPERATOR_CODE_SLOT.code) ?? 0,
  );
  return { code, name: nameOperator(code, table.string(OPERATOR_CODE_SLOT.customName)) };
}

function codeOf(stored: FlatbufferTable, codes: readonly OperatorCode[]): OperatorCode {
  const code = codes[stored.uint32(OPERATOR_SLOT.codeIndex) ?? 0];
  if (!code) throw new RangeError('An operator has no code.');
  return code;
}

/** Checked first, and for the whole network, so that one message names all that is in the way. */
function requireKnown(codes: readonly OperatorCode[]): void {
  const unknown = codes.filter(({ code }) => !operatorReaders[code]).map(({ name }) => name);
  if (unknown.length === 0) return;
  const names = [...new Set(unknown)].sort();
  const known = Object.keys(operatorReaders).map((code) => nameOperator(Number(code), undefined));
  throw new ForgeError(
    `It uses ${names.length === 1 ? 'the operator' : 'the operators'} ${names.join(', ')}, which the forge ` +
      `does not know; it converts networks made of ${known.join(', ')}.`,
  );
}

function readOperator(
  stored: FlatbufferTable,
  { code, name }: OperatorCode,
  tensors: readonly StoredTensor[],
): Operator | null {
  const inputs = stored
    .int32s(OPERATOR_SLOT.inputs)
    .filter((index) => index !== NO_TENSOR)
    .map((index) => tensorAt(tensors, index));
  const output = tensorAt(tensors, stored.int32s(OPERATOR_SLOT.outputs)[0]);
  const options = stored.table(OPERATOR_SLOT.options);
  const operator = operatorReaders[code]!({ name, inputs, output, options });
  if (operator) requireFloat32(output);
  return operator;
}

function tensorAt(tensors: readonly StoredTensor[], index: number | undefined): StoredTensor {
  const tensor = tensors[index ?? NO_TENSOR];
  if (!tensor) throw new RangeError('An operator refers to a tensor that is not there.');
  return tensor;
}
