// One network of ONNX Runtime Web as a TensorRunner.
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-web';
import type {
  InputTensor,
  Tensor,
  TensorData,
  TensorRunner,
} from '../../pipelines/tensor-runner.ts';
import { EngineError } from '../pose-engine.ts';
import { LOG_SEVERITY_FATAL } from './ort-build.ts';
import type { OrtModule } from './ort-build.ts';
import { reasonOfFailure } from './ort-failure.ts';
import { toInputInfo, toOutputInfo } from './tensor-info.ts';

/** A runner that owns the session. Throws as `toInputInfo` does, and leaves the session to the caller then. */
export function createOrtRunner(ort: OrtModule, session: InferenceSession): TensorRunner {
  const inputs = session.inputMetadata.map(toInputInfo);
  const outputs = session.outputMetadata.map(toOutputInfo).filter((output) => output !== null);
  const readable = outputs.map(({ name }) => name);
  let lastRun: Promise<unknown> = Promise.resolve();

  async function run(
    given: Readonly<Record<string, InputTensor>>,
    wanted: readonly string[] = readable,
  ) {
    try {
      const feeds = inputs.flatMap(({ name, type }) => {
        const input = given[name];
        return input ? [[name, new ort.Tensor(type, input.data, input.shape)] as const] : [];
      });
      const results = await session.run(Object.fromEntries(feeds), wanted, {
        logSeverityLevel: LOG_SEVERITY_FATAL,
      });
      const read = Object.entries(results).map(
        async ([name, tensor]) => [name, await readTensor(tensor)] as const,
      );
      return Object.fromEntries(await Promise.all(read));
    } catch (cause) {
      throw new EngineError(
        `ONNX Runtime Web could not run the network: ${reasonOfFailure(cause)}. Choose another engine or backend for this model.`,
      );
    }
  }

  return {
    inputs,
    outputs,
    run(given, wanted) {
      const results = run(given, wanted);
      lastRun = results.catch(() => undefined);
      return results;
    },
    dispose() {
      // A session that is released while it runs takes the whole runtime down.
      void lastRun.then(() => session.release());
    },
  };
}

/** The elements, fetched from the GPU if need be; the tensor is released. */
async function readTensor(tensor: OrtTensor): Promise<Tensor> {
  // Of the types that toOutputInfo let pass.
  const elements = (await tensor.getData(true)) as TensorData | BigInt64Array;
  tensor.dispose();
  const data =
    elements instanceof BigInt64Array
      ? Int32Array.from(elements, (each) => Number(each))
      : elements;
  return { shape: tensor.dims, data };
}
