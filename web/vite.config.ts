// The build: one page, one stylesheet, the map's worker as a file of its own. Everything lands in dist/,
// which the program embeds; nothing in it may name another origin.
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { copyFileSync, mkdirSync } from 'node:fs'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const program = process.env.JINGWEI_URL ?? 'http://127.0.0.1:8080'

/** Emptying dist/ would take away the file that keeps it in the repository, and embed.go needs the folder. */
function keepDist(): Plugin {
  return {
    name: 'keep-dist',
    apply: 'build',
    closeBundle() {
      mkdirSync('dist', { recursive: true })
      copyFileSync('.keep', 'dist/.gitkeep')
    },
  }
}

export default defineConfig({
  plugins: [svelte(), keepDist()],
  base: './',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1600,
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'maplibre', test: /node_modules[\\/](maplibre-gl|@maplibre)/ }] } },
    },
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': program, '/tiles': program, '/openapi.json': program } },
  test: {
    projects: [
      { test: { name: 'unit', include: ['src/**/*.test.ts'], environment: 'node' } },
      {
        test: {
          name: 'browser',
          include: [process.env.MEASURE ? 'tests/**/*.measure.ts' : 'tests/**/*.browser.ts'],
          environment: 'node',
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 90_000,
          expect: { poll: { timeout: 10_000 } }, // rendering without a GPU on a machine that is shared is slow
        },
      },
    ],
  },
})
