import type { CarriedPage, CarriedWrite, Log, LoggedEvent, LogQuery } from '../../stores/log.ts';
import type { LogFile } from './event-log.ts';

/** Adapts a log in a file to the port. Calls are synchronous, on the thread that owns the file. */
export function logOf(file: LogFile): Log {
  const read = (query: LogQuery): readonly LoggedEvent[] => {
    if ('seqs' in query) return file.readMany(query.seqs);
    if ('messageId' in query) return file.find(query.messageId);
    if ('before' in query) return file.readBefore(query.before, query.limit, query.maxBytes);
    if ('arrived' in query) return file.readPeriod(query.arrived, query.after, query.limit);
    return file.read(query.after, query.limit, query.maxBytes);
  };
  return {
    append: appendTo(file),
    read: async (query) => read(query),
    lastSeq: async () => file.lastSeq(),
    span: async (period) => file.span(period),
    startAfter: async (seq) => file.startAfter(seq),
    extent: async () => file.extent(),
    prune: (limits) => file.prune(limits),
    owners: file.owners,
    carried: async (owner, keys) => file.carried(owner, keys),
    carriedOf: async (owners, keys) => file.carriedOf(owners, keys),
    carriedAfter: (owner, page) => carriedAfter(file, owner, page),
    timers: async (owner, filter) => file.timers(owner, filter),
    get: async (key) => file.get(key),
    set: async (key, value) => file.set(key, value),
  };
}

/** Reads a page of values part by part: an owner can have few of many rows, and other work continues meanwhile. */
async function carriedAfter(
  file: LogFile,
  owner: string,
  { after, limit }: CarriedPage,
): Promise<readonly Required<CarriedWrite>[]> {
  const found: Required<CarriedWrite>[] = [];
  for (let from = after; ;) {
    const { rows, next } = file.carriedAfter(owner, { after: from, limit: limit - found.length });
    found.push(...rows);
    if (next === undefined) return found;
    from = next;
    await new Promise(setImmediate);
  }
}

/** Both overloads of `append` of the port: only carries can be stale. */
function appendTo(file: LogFile): Log['append'] {
  const append = (
    ...[entries, carry]: Parameters<LogFile['appendCarried']>
  ): ReturnType<LogFile['appendCarried']> =>
    carry === undefined ? file.append(entries) : file.appendCarried(entries, carry);
  return append as Log['append'];
}
