// The page is nothing without its script.
export const ssr = false;
