import { spawn } from 'node:child_process';

/** Opens a page in the browser of this machine; false where there is no way to. */
export async function openBrowser(url: string): Promise<boolean> {
  const [command, ...before] = COMMANDS[process.platform] ?? ['xdg-open'];
  const child = spawn(command!, [...before, url], { stdio: 'ignore', detached: true });
  child.unref();
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('spawn', () => resolve(true));
  });
}

/** What opens an address, without a shell that would read it. */
const COMMANDS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};
