// LiteRT.js's log. What it throws names a line of its source; what went wrong it only writes there.
import { reasonOf } from '../reason-of.ts';

const ERROR_PREFIX = 'ERROR: ';
/** Its complaint about an operator, or a version of one, that it does not have. */
const MISSING_OPERATOR = /^Didn't find op for builtin opcode '(\w+)' version '(\d+)'/;
/** All it says of bytes that are no network. */
const UNREADABLE = 'Failed to load model from buffer';

let firstError: string | null = null;

/** Takes a line of the log. It can be seen in the browser's console where details are asked for. */
export function takeLogLine(line: string): void {
  console.debug(line);
  if (line.startsWith(ERROR_PREFIX)) firstError ??= line.slice(ERROR_PREFIX.length);
}

/** Does the work; if it fails, throws an error whose message is the reason, as a part of a sentence. */
export async function withReason<T>(work: () => Promise<T>): Promise<T> {
  firstError = null;
  try {
    return await work();
  } catch (cause) {
    throw new Error(inWords(firstError ?? reasonOf(cause)), { cause });
  }
}

function inWords(message: string): string {
  const [, operator, version] = MISSING_OPERATOR.exec(message) ?? [];
  if (operator) return `it lacks the operator ${operator} (version ${version ?? '1'})`;
  if (message.startsWith(UNREADABLE)) return 'the file is damaged or is no TFLite network';
  return reasonOf(message);
}
