#!/usr/bin/env node
const [major] = process.versions.node.split('.').map(Number);
if (major < 24) {
  const { runOnOwnNode } = await import('./own-node.js');
  runOnOwnNode();
} else {
  if (process.argv[2] === 'start') {
    const { becomeServer } = await import('@waybill/server/process');
    becomeServer();
  }
  const { main } = await import('../dist/main.js');
  process.exitCode = await main(process.argv.slice(2));
}
