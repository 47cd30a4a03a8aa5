// Whether something may be fetched that nobody asked for.

/** The part of the Network Information API that is read; only Chromium has it. */
type Connection = {
  readonly saveData?: boolean;
  /** `cellular`, `wifi`, …; told on phones only. */
  readonly type?: string;
  readonly effectiveType?: string;
};

const SLOW_CONNECTIONS: ReadonlySet<string> = new Set(['slow-2g', '2g', '3g']);

/**
 * False where the user saves data, and where the connection is known to be metered or slow. Browsers that tell
 * nothing of it count as neither.
 */
export function mayFetchUnasked(connection: Connection | undefined = connectionOfPage()): boolean {
  if (!connection) return true;
  const { saveData = false, type, effectiveType } = connection;
  return !saveData && type !== 'cellular' && !SLOW_CONNECTIONS.has(effectiveType ?? '');
}

function connectionOfPage(): Connection | undefined {
  return (navigator as Navigator & { readonly connection?: Connection }).connection;
}
