import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { workerData } from 'node:worker_threads';

/*
 * Runs in the process of a partner's code, in a separate thread, because that code may block its own. Ends the process when its
 * parent has ended, and when it exceeds its memory limit.
 */

const { line, bytes } = workerData as { readonly line: number; readonly bytes: number };

/** The interval of memory checks, in milliseconds. */
const EVERY = 50;

function end(reason?: string): void {
  if (reason !== undefined) writeSync(2, `${reason}\n`);
  process.kill(process.pid, 'SIGKILL');
}

const socket = new Socket({ fd: line, readable: true, writable: false });
socket.on('close', () => end());
socket.on('error', () => end());
socket.resume();
setInterval(() => {
  if (process.memoryUsage.rss() > bytes)
    end(`out of memory: the process takes more than ${Math.round(bytes / 1024 / 1024)} MB`);
}, EVERY);
