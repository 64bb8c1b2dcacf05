#!/usr/bin/env node
const [major] = process.versions.node.split('.').map(Number);
if (major < 24) {
  console.error(
    `Waybill needs Node 24 or newer; this is ${process.version}. In a clone, use the npm scripts: they bring their own.`,
  );
  process.exit(1);
}
if (process.argv[2] === 'start') {
  const { becomeServer } = await import('@waybill/server/process');
  becomeServer();
}
const { main } = await import('../dist/main.js');
process.exitCode = await main(process.argv.slice(2));
