// What went wrong, in as few words as a sentence of ours can take in.

/** Completes "because …", without a full stop. Chromium's errors of a full quota have a name and no message. */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.message === '' ? cause.name : cause.message.replace(/\.$/, '');
}
