// The one error about the user's own models that reaches the user.

/** A model cannot be imported. The message is one sentence: what, why, what to do. */
export class ModelImportError extends Error {
  override readonly name = 'ModelImportError';
}

/** What is thrown for a file whose bytes are not what its name promises; `reason` completes "because …". */
export function damaged(fileName: string, reason: string): ModelImportError {
  return new ModelImportError(
    `${fileName} could not be imported because ${reason}. Fetch or convert it again.`,
  );
}
