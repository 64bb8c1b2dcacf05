import type { Reply } from '../model/errors.ts';

/** The maximum shown length of a body. */
const SHOWN = 2000;
const KEPT = 500;

/** A received call in the control API, without the API key. */
export interface CallRecord {
  readonly seq: number;
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly request: string;
  readonly response: string;
  readonly fault?: string;
}

/** The last received calls. */
export class Calls {
  readonly #ring: CallRecord[] = [];
  #seq = 0;

  /** Records a call; a status of 0 means that no answer was sent. */
  note(
    at: number,
    method: string,
    path: string,
    body: Buffer,
    reply: Reply | undefined,
    fault?: string,
  ): void {
    const record: CallRecord = {
      seq: this.#seq,
      at,
      method,
      path,
      status: reply?.status ?? 0,
      requestBytes: body.length,
      responseBytes: reply === undefined ? 0 : Buffer.byteLength(reply.body),
      // Decoded from a part of the bytes, so that the record does not keep a whole bulk body alive.
      request: body.toString('utf8', 0, SHOWN),
      response: reply === undefined ? '' : reply.body.slice(0, SHOWN),
      ...(fault === undefined ? {} : { fault }),
    };
    this.#ring[this.#seq % KEPT] = record;
    this.#seq += 1;
  }

  /** Returns the last calls, newest first. */
  last(limit: number): CallRecord[] {
    return [...this.#ring].sort((a, b) => b.seq - a.seq).slice(0, limit);
  }

  /** Clears all calls. */
  clear(): void {
    this.#ring.length = 0;
    this.#seq = 0;
  }
}
