import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const server = process.env.GALLEY_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [
    svelte(),
    {
      name: 'viewer-entry',
      configureServer(dev) {
        dev.middlewares.use((req, _res, next) => {
          if (/^\/(proof|viewer)\//.test(req.url ?? '')) req.url = '/viewer.html';
          next();
        });
      },
    },
  ],
  server: { proxy: { '/api': { target: server, secure: false } } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { app: 'index.html', viewer: 'viewer.html' },
      output: {
        codeSplitting: {
          groups: [
            { name: 'tiles', test: /node_modules[\\/]openseadragon/ },
            { name: 'svelte', test: /node_modules[\\/]svelte/ },
          ],
        },
      },
    },
  },
});
