import { readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Puts the script that chooses the theme and the first view before everything that is painted: nobody sees others first. */
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
  // Packages of this repository are taken as they are written, so that a change needs one build only.
  resolve: { conditions: ['source', 'module', 'browser', 'import', 'default'] },
  html: { cspNonce: '{{nonce}}' },
  worker: { format: 'es' },
  build: {
    outDir: 'dist/site',
    // The console, and the page of `waybill serve`.
    rolldownOptions: { input: ['index.html', 'serve.html'] },
    // The content policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // Licences of what the pages are built of: they want to be passed on with it.
    license: { fileName: 'licences.md' },
    target: 'es2023',
  },
});
