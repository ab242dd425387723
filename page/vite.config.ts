// The build needs nothing beside this: one script, one style sheet, no inlined data, so that the
// strictest Content-Security-Policy allows it.
import { defineConfig } from 'vite'

export default defineConfig({
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8765', '/healthz': 'http://127.0.0.1:8765' } },
})
