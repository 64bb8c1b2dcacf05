/* For a Node that is too old for Waybill: runs the command on the Node from the installation. Written for any older Node. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onParentGone } from '../dist/parent.js';

/** The nearest Node in a `node_modules` above a folder. */
function ownNode(from) {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, 'node_modules', 'node', 'bin', name);
    if (existsSync(file)) return file;
    if (dirname(folder) === folder) return undefined;
  }
}

/** Runs this command line on the installed Node; signals and the exit code pass through. */
export function runOnOwnNode() {
  const node =
    process.env.WAYBILL_OWN_NODE === undefined
      ? ownNode(dirname(fileURLToPath(import.meta.url))) || ownNode(process.cwd())
      : undefined;
  if (node === undefined) {
    console.error(
      `Waybill needs Node 24 or newer; this is ${process.version}, and no newer one is installed beside Waybill. In a clone, run "npm ci" first, which brings one.`,
    );
    process.exit(1);
  }
  const child = spawn(node, process.argv.slice(1), {
    stdio: 'inherit',
    // If that one is too old as well, it reports that instead of starting itself.
    env: { ...process.env, WAYBILL_OWN_NODE: node },
  });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  onParentGone(() => child.kill('SIGTERM'));
  child.on('error', (error) => {
    console.error(`waybill: ${node} cannot be started: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code === null ? 1 : code);
    for (const one of signals) process.removeAllListeners(one);
    process.kill(process.pid, signal);
  });
}
