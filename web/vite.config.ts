import { defineConfig } from "vitest/config";

// The build must give the same bytes on every machine: dist is committed and checked.
// Compression is left to the Go handler, because zlib differs between versions of Node.
export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: {
    proxy: {
      "/v1": { target: "http://127.0.0.1:8080", ws: true },
    },
  },
  test: { include: ["test/**/*.test.ts"] },
});
