import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';

const root = join(import.meta.dirname, '../..');

/** The clients as pages load them, each in one file that needs no bundler. */
const SCRIPTS: Readonly<Record<string, string>> = {
  '/segment.js': 'node_modules/@segment/analytics-next/dist/umd/index.js',
  '/rudderstack.js': 'node_modules/@rudderstack/analytics-js/dist/npm/modern/bundled/umd/index.js',
};

/** A shop on a separate port: another origin than Waybill, so that a browser applies CORS. */
export interface Shop {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves an empty page with the clients in it. */
export async function openShop(): Promise<Shop> {
  const server = createServer((request, response) => {
    const script = SCRIPTS[request.url ?? ''];
    if (script === undefined) {
      const tags = Object.keys(SCRIPTS).map((path) => `<script src="${path}"></script>`);
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(`<!doctype html><title>Shop</title>${tags.join('')}`);
      return;
    }
    readFile(join(root, script)).then(
      (text) => response.writeHead(200, { 'content-type': 'text/javascript' }).end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { readonly port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}

/** A real Chromium; undefined, with the reason on the console, when none is installed and none can be. */
export async function openBrowser(): Promise<Browser | undefined> {
  const { findBrowser, BROWSER_FLAGS } = (await import(
    pathToFileURL(join(root, 'packages/cli/browser.mjs')).href
  )) as {
    readonly findBrowser: () => { readonly path?: string; readonly reason?: string };
    readonly BROWSER_FLAGS: string[];
  };
  const { path, reason } = findBrowser();
  if (path !== undefined) return chromium.launch({ executablePath: path, args: BROWSER_FLAGS });
  console.log(`Nothing was tried in a browser. ${reason}`);
  return undefined;
}
