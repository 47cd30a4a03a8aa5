// How a page says which version of the app its server has.

/** Of every page: the version as SvelteKit names it, the service worker's own included. */
export const VERSION_HEADER = 'kinemark-version';
