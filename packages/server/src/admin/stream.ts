import { TOPICS, type Topic } from '@waybill/api';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { isStillKnown } from '../auth/guard.ts';
import { Failure } from '../failure.ts';
import type { LiveMessage } from '../observe/live.ts';
import { triggerOf } from './events.ts';
import type { AdminInput } from './input.ts';
import { query } from './read.ts';

/** The duration of a stream, in milliseconds, after which clients reconnect. */
const LONGEST = 10 * 60_000;

/** The heartbeat interval in milliseconds: proxies close silent connections. Permission is checked again at each. */
const PULSE = 15_000;

/** The buffered bytes of a slow reader above which rows are left out. */
const MOST_WAITING = 512 * 1024;

/** The route of the live stream. */
export function streamRoutes(app: FastifyInstance, { observer, log, auth }: AdminInput): void {
  const open = new Set<() => void>();
  // A server stops only when all its answers have ended.
  app.addHook('preClose', async () => {
    for (const end of open) end();
  });
  app.get('/api/stream', async (request, reply) => {
    const { topics, where, sourceId, after } = query<'GET /api/stream'>(request);
    const resumed = Number(request.headers['last-event-id'] ?? Number.NaN);
    const followed = topicsOf(topics);
    const trigger = where === undefined ? undefined : triggerOf(where);
    const begin = Number.isSafeInteger(resumed) ? resumed : (after ?? (await log.lastSeq()));
    const tell = (message: LiveMessage): boolean => {
      if (reply.raw.writableLength > MOST_WAITING) return false;
      reply.raw.write(written(message));
      return true;
    };
    const leave = observer.live.follow({ topics: followed, where: trigger, sourceId, after: begin, tell });
    if (leave === undefined)
      throw new Failure('server_overloaded', 'There are too many live views; close other pages.', [], 10);
    begun(reply);
    const pulse = setInterval(() => {
      if (isStillKnown(request, auth)) reply.raw.write(': \n\n');
      else end();
    }, PULSE);
    const end = (): void => {
      leave();
      open.delete(end);
      clearInterval(pulse);
      clearTimeout(longest);
      reply.raw.end();
    };
    const longest = setTimeout(end, LONGEST);
    open.add(end);
    reply.raw.once('close', end);
    if (reply.raw.destroyed) end();
    return reply;
  });
}

/** Sends the headers of a stream; messages follow. */
function begun(reply: FastifyReply): void {
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value);
  reply.raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    // Some proxies buffer answers.
    'x-accel-buffering': 'no',
  });
  reply.raw.write('retry: 2000\n\n');
}

/** Formats a message as a server-sent event; JSON has no line breaks. */
function written({ kind, data, id }: LiveMessage): string {
  return `event: ${kind}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
}

function topicsOf(text: string | undefined): ReadonlySet<Topic> {
  if (text === undefined) return new Set(TOPICS);
  const named = text.split(',').map((one) => one.trim());
  const unknown = named.find((one) => !(TOPICS as readonly string[]).includes(one));
  if (unknown !== undefined)
    throw new Failure('request_invalid', `There is no topic "${unknown}". Topics: ${TOPICS.join(', ')}.`);
  return new Set(named as readonly Topic[]);
}
