// An answer that is waited for, but not for ever.

/** What is awaited, or null when it fails or takes longer than that many ms. */
export async function withinMs<T>(limitMs: number, awaited: Promise<T>): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), limitMs);
  });
  try {
    return await Promise.race([awaited, tooLate]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
