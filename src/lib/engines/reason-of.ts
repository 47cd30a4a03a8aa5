// What a runtime threw, as a part of a sentence.

/** The first line, without its full stop: the rest is a log. */
export function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return (message.split('\n')[0] ?? '').replace(/\.$/, '');
}
