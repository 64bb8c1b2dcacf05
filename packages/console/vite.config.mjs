import { readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Puts the script that selects the theme and the first view before all painted content, to avoid a flash. */
function beforePaint() {
  return {
    name: 'before-paint',
    apply: 'build',
    buildStart() {
      const source = readFileSync(new URL('src/frame/before-paint.js', import.meta.url), 'utf8');
      this.emitFile({ type: 'asset', name: 'before-paint.js', source });
    },
    transformIndexHtml(_html, { bundle }) {
      const { fileName } = Object.values(bundle).find(({ names }) => names?.includes('before-paint.js'));
      return [{ tag: 'script', attrs: { src: `/console/${fileName}` }, injectTo: 'head-prepend' }];
    },
  };
}

export default defineConfig({
  base: '/console/',
  plugins: [react(), beforePaint()],
  // Packages of this repository are bundled from their sources, so that a change needs only one build.
  resolve: { conditions: ['source', 'module', 'browser', 'import', 'default'] },
  html: { cspNonce: '{{nonce}}' },
  worker: { format: 'es' },
  build: {
    outDir: 'dist/site',
    // The console, and the page of `waybill serve`.
    rolldownOptions: { input: ['index.html', 'serve.html'] },
    // The content security policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // The licences of the bundled packages require that they are included.
    license: { fileName: 'licences.md' },
    target: 'es2023',
  },
});
