import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { mock } from 'node:test';

const require = createRequire(import.meta.url);

/** The time it is while requests are compared. */
export const NOW = Date.parse('2026-03-01T10:00:00.000Z');

let drawn = 0;
let opened = 0;

/** Starts the random numbers over, so that both sides draw the same ones. */
export function rewind(): void {
  drawn = 0;
}

/** Connections that were tried past HTTP since the last time this was asked. */
export function connectionsTried(): number {
  const count = opened;
  opened = 0;
  return count;
}

/**
 * Makes this process deterministic, before any definition is loaded: the clock is frozen, random numbers repeat, short waits end at
 * once, and no connection leaves the process.
 */
export function standStill(): void {
  mock.timers.enable({ apis: ['Date'], now: NOW });
  Math.random = () => bytes(4).readUInt32LE() / 2 ** 32;
  const crypto = require('node:crypto') as Record<string, unknown>;
  crypto['randomBytes'] = (size: number, done?: (error: null, made: Buffer) => void) => {
    const made = bytes(size);
    if (done === undefined) return made;
    done(null, made);
    return undefined;
  };
  crypto['randomUUID'] = uuid;
  globalThis.crypto.randomUUID = uuid as typeof globalThis.crypto.randomUUID;
  // It draws many numbers at once, and would not restart with the others.
  const pooled = createRequire(require.resolve('@segment/action-destinations'))('@lukeed/uuid') as {
    v4: unknown;
  };
  pooled.v4 = uuid;
  const wait = globalThis.setTimeout;
  const soon = (run: () => void, ms = 0, ...rest: unknown[]): unknown =>
    wait(run, ms >= 5_000 ? ms : 0, ...(rest as []));
  globalThis.setTimeout = Object.assign(soon, wait) as unknown as typeof setTimeout;
  Socket.prototype.connect = function refuse(this: Socket) {
    opened += 1;
    queueMicrotask(() => this.destroy(new Error('No connection leaves this process.')));
    return this;
  } as typeof Socket.prototype.connect;
}

function bytes(size: number): Buffer {
  const parts: Buffer[] = [];
  for (let length = 0; length < size; length += 32) {
    drawn += 1;
    parts.push(createHash('sha256').update(String(drawn)).digest());
  }
  return Buffer.concat(parts).subarray(0, size);
}

function uuid(): string {
  const hex = bytes(16).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
