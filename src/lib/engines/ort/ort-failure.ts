// What ONNX Runtime throws, in words that a user understands. Its messages: onnxruntime/core/session and
// core/graph of microsoft/onnxruntime.
import { reasonOf } from '../reason-of.ts';

/** What precedes the message that the C++ part gives. */
const PREFIX = /^.*ERROR_CODE: \d+, ERROR_MESSAGE: /;

/** Known messages, and what they mean as a part of a sentence; `$1` is the operator. */
const meanings: readonly (readonly [message: RegExp, meaning: string])[] = [
  [/No Op registered for ([\w.:]+)/, 'it has the operator $1, which the runtime lacks'],
  [
    /Could not find an implementation for ([\w.:]+)/,
    'it has the operator $1 with element types that the runtime lacks',
  ],
  [
    /protobuf parsing failed|No graph was found in the protobuf/,
    'its file is damaged or no ONNX model',
  ],
];

/** Why it failed, as a part of a sentence, without a full stop. */
export function reasonOfFailure(cause: unknown): string {
  // A C++ exception that nobody caught arrives as its address.
  if (typeof cause === 'number') return 'the runtime failed inside, perhaps for lack of memory';
  const message = reasonOf(cause);
  for (const [pattern, meaning] of meanings) {
    const match = pattern.exec(message);
    if (match) return meaning.replace('$1', match[1] ?? '');
  }
  return message.replace(PREFIX, '');
}

/** Whether a network was refused because an accelerator may not leave operators of it to the CPU. */
export function isRefusedForCpu(cause: unknown): boolean {
  return /fallback to CPU EP has been explicitly disabled/.test(reasonOf(cause));
}
