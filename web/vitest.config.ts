import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [vue()],
  test: {
    environment: 'jsdom',
    include: ['packages/*/test/**/*.test.ts'],
    server: { deps: { inline: ['element-plus'] } },
  },
})
