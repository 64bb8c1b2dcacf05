import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest, RequestPayload } from 'fastify';
import { Failure } from '../failure.ts';
import type { Admission, Sender } from './admission.ts';

/** The milliseconds before a body must keep the minimum rate. */
const GRACE = 5_000;
/** The minimum average bytes per second after that. */
const LEAST_RATE = 1_000;
const SWEEP = 1_000;

/** A body that is being read. */
interface Reading {
  readonly began: number;
  bytes: number;
  fail(failure: Failure): void;
}

/**
 * Counts bodies while they arrive, decompressed: Content-Length alone reserves nothing. A body without memory for it, or that
 * is too slow, is refused, and the rest is dropped. Register it after decompression.
 */
export function countBodies(
  app: FastifyInstance,
  input: {
    readonly admission: Admission;
    readonly senderOf: (request: FastifyRequest) => Sender;
    readonly now: () => number;
  },
): void {
  const open = new Set<Reading>();
  const sweep = setInterval(() => {
    const now = input.now();
    for (const one of open) {
      const late = now - one.began - GRACE;
      if (late > 0 && one.bytes < (late / 1_000) * LEAST_RATE) one.fail(new Failure('request_too_slow'));
    }
  }, SWEEP);
  sweep.unref();
  app.addHook('onClose', async () => clearInterval(sweep));

  const count = (request: FastifyRequest, reply: FastifyReply, payload: RequestPayload): void => {
    const room = input.admission.enter(input.senderOf(request));
    const reading: Reading = {
      began: input.now(),
      bytes: 0,
      fail(failure) {
        if (!open.delete(reading)) return;
        if (failure.code === 'request_too_slow') reply.header('connection', 'close');
        // Received by the reader of the body; the connection must stay open for the answer.
        payload.emit('error', failure);
        stopUnpacking(request, payload);
      },
    };
    open.add(reading);
    // In the same turn as the reader's listener: data without a listener is lost.
    payload.on('data', (chunk: string | Buffer) => {
      if (!open.has(reading)) return;
      reading.bytes += chunk.length;
      try {
        room.take(chunk.length);
      } catch (error) {
        reading.fail(error as Failure);
      }
    });
    payload.once('end', () => open.delete(reading));
    reply.raw.once('close', () => {
      if (open.delete(reading)) stopUnpacking(request, payload);
      room.leave();
    });
  };
  app.addHook('preParsing', (request, reply, payload, done) => {
    if (hasBody(request)) count(request, reply, payload);
    done(null, payload);
  });
}

/** Stops decompression of a refused body; the rest is dropped compressed. */
function stopUnpacking({ raw }: FastifyRequest, payload: RequestPayload): void {
  if (payload === raw) return;
  raw.unpipe();
  (payload as Readable).destroy();
  raw.resume();
}

/** Whether the framework will read a body. */
function hasBody({ method, raw }: FastifyRequest): boolean {
  if (method === 'GET' || method === 'HEAD') return false;
  const length = raw.headers['content-length'];
  return raw.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}
