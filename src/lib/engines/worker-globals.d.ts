// Vite's `?url` imports, declared here because vite/client brings the DOM into the worker's types.
declare module '*?url' {
  const url: string;
  export default url;
}
