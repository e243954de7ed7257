import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const kServer = process.env['KANGQU_URL'] ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [vue()],
  define: { __VUE_I18N_FULL_INSTALL__: 'false', __VUE_I18N_LEGACY_API__: 'false' },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/fhir', '/openapi.json', '/readyz'].map((path) => [path, { target: kServer }]),
    ),
  },
  build: {
    outDir: fileURLToPath(new URL('../../dist', import.meta.url)),
    emptyOutDir: true,
    // The desktops of district offices report Chrome 90 (domestic browsers on domestic systems).
    target: 'chrome90',
    cssTarget: 'chrome90',
    // ECharts is one lazy chunk above the default limit.
    chunkSizeWarningLimit: 700,
  },
})
