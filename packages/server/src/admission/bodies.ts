import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest, RequestPayload } from 'fastify';
import { Failure } from '../failure.ts';
import type { Admission, Sender } from './admission.ts';

/** Milliseconds that a body may take before it must keep the least rate. */
const GRACE = 5_000;
/** Bytes a second that a body must bring on average after that. */
const LEAST_RATE = 1_000;
const SWEEP = 1_000;

/** A body that is being read. */
interface Reading {
  readonly began: number;
  bytes: number;
  fail(failure: Failure): void;
}

/**
 * Counts bodies while they arrive, unpacked: what is only announced takes no room. A body for which there is none, or that
 * comes too slowly, is refused, and what still comes of it is dropped. Register it after whatever unpacks.
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
        // Heard by whoever reads the body; the connection must live, or nobody could be answered.
        payload.emit('error', failure);
        stopUnpacking(request, payload);
      },
    };
    open.add(reading);
    // In the same turn as the reader's own listener: what has none flows past.
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

/** A bomb is not unpacked any further once it is refused; what still comes of it is dropped as it is. */
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
