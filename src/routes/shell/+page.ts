// Kept by the service worker, and given in the place of any page that no server answers with. Rendered on no
// server: Kit's script then shows the page of the address that was asked for.
export const ssr = false;
