// Vite's `?url` imports, declared here because vite/client brings the DOM into the worker's types.
declare module '*?url' {
  const url: string;
  export default url;
}

// LiteRT.js ships the loaders of its WebAssembly builds without types. Each exports its module factory.
declare module '@litertjs/core/wasm/*.js' {
  const moduleFactory: unknown;
  export default moduleFactory;
}
