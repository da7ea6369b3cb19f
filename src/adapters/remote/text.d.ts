// Programs that travel to hosts as they are: esbuild and test/support/textModules.mjs load them as text.
declare module '*.sh' {
  const text: string;
  export { text as default };
}

declare module '*.awk' {
  const text: string;
  export { text as default };
}
