// Remembers whether the tab was hidden: browsers slow hidden tabs, which spoils a measurement.

/** A watch that runs until it is stopped. */
export type VisibilityWatch = { readonly wasHidden: () => boolean; readonly stop: () => void };

/** Starts watching now; a tab that is hidden already counts. */
export function watchVisibility(): VisibilityWatch {
  let hidden = document.visibilityState === 'hidden';
  const note = (): void => {
    if (document.visibilityState === 'hidden') hidden = true;
  };
  document.addEventListener('visibilitychange', note);
  return {
    wasHidden: () => hidden,
    stop: () => document.removeEventListener('visibilitychange', note),
  };
}
