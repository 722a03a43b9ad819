// Builds the page of `opsflow ui` into dist/page: plain files, so that nothing it is made with is needed to run it.
import react from '@vitejs/plugin-react'
import { build } from 'vite'

export async function buildPage() {
  await build({
    configFile: false,
    root: 'page',
    logLevel: 'warn',
    plugins: [react()],
    build: {
      outDir: '../dist/page',
      emptyOutDir: true,
      // A preload script in the document would be inline; the policy of the server allows none.
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      license: { fileName: 'licenses.md' },
      chunkSizeWarningLimit: 700,
    },
    worker: { format: 'es' },
  })
}
