import { readSync, writeSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import type { Event, Item } from '@waybill/core';

/*
 * The events of items. Few actions read them, and copying them costs as much as the rest of a call. So they are sent as one string,
 * parsed on first access; once the code of an action has not read any, only on demand. The code expects them synchronously, so the
 * process blocks on a separate pipe for the answer.
 */

/** The pipe in the process of the code; see `stdio` where it is started. */
const LINE = 5;

/** Calls without access to events after which they are no longer sent along. */
const UNREAD = 3;

/** The maximum length of a question on the pipe, in characters. */
const LONGEST_QUESTION = 64;

/** The events of a call, outside the process. */
export interface CallEvents {
  /** As JSON, in the order of the items. */
  text(): string;
  /** Records that the code has read an event. */
  read(): void;
}

/** Records whether the code of an action reads events. */
export interface Reading {
  /** Returns the events to send along with the next call, if any. */
  begin(items: readonly Item[]): { readonly events: CallEvents; readonly along: string | undefined };
}

/** Creates the initial state: events are sent along. */
export function createReading(): Reading {
  let reads = false;
  let unread = 0;
  return {
    begin(items) {
      const text = (): string => JSON.stringify(items.map(({ event }) => event));
      const read = (): void => void (reads = true);
      if (!reads && unread >= UNREAD) return { events: { text, read }, along: undefined };
      unread += 1;
      return { events: { text, read }, along: text() };
    },
  };
}

/** Answers the requests of a process for events. */
export interface EventAnswers {
  /** Provides the events of a running call. */
  readonly eventsOf: (task: number) => CallEvents | undefined;
  /** Called when the process sends requests without waiting for answers, which would accumulate here. */
  readonly onFlood: () => void;
}

/** Answers the requests of the process on its pipe. A process waits for each answer, so it never sends two at once. */
export function answerForEvents(line: Duplex, { eventsOf, onFlood }: EventAnswers): void {
  let rest = '';
  line.on('data', (part: Buffer) => {
    const asked = (rest + part.toString('latin1')).split('\n');
    rest = asked.pop()!.slice(0, LONGEST_QUESTION);
    if (asked.length > 1 || (asked.length > 0 && line.writableLength > 0)) {
      line.destroy();
      onFlood();
      return;
    }
    for (const task of asked) {
      const events = eventsOf(Number(task));
      events?.read();
      const text = Buffer.from(events?.text() ?? '');
      const head = Buffer.alloc(4);
      head.writeUInt32BE(text.length);
      line.write(Buffer.concat([head, text]));
    }
  });
}

/** Requests the events of a call, within the process, and waits for them. Throws when the call has ended. */
function askForEvents(task: number): string {
  writeSync(LINE, `${task}\n`);
  const length = readBytes(4).readUInt32BE();
  if (length === 0) throw new Error('The event of an item can be read only while its call runs.');
  return readBytes(length).toString();
}

function readBytes(count: number): Buffer {
  const bytes = Buffer.alloc(count);
  for (let at = 0; at < count;) {
    const read = readSync(LINE, bytes, at, count - at, null);
    if (read === 0) throw new Error('The line to the server is closed.');
    at += read;
  }
  return bytes;
}

/** The call of some items, within the process. */
export interface ItemsCall {
  readonly id: number;
  /** Reports that an event was read. */
  readonly read: () => void;
}

/** The place of the event of an item. */
interface Place {
  readonly events: () => readonly Event[];
  readonly at: number;
}

/** Returns the given object from the constructor. */
// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- of it only the constructor is of use
class Given {
  constructor(given: object) {
    return given;
  }
}

/** Marks an item with its place. Private fields cost less than map entries, and are not copied with the item. */
class Placed extends Given {
  #place: Place;
  constructor(item: object, place: Place) {
    super(item);
    this.#place = place;
  }
  static of(item: object): Place | undefined {
    return #place in item ? item.#place : undefined;
  }
}

/** One pair of functions for all items of all calls: with a pair per call, V8 would turn each item into a dictionary. */
const EVENT: PropertyDescriptor = {
  enumerable: true,
  configurable: true,
  get(this: object) {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- an object that was made of the item, as its prototype
    for (let item: object | null = this; item !== null; item = Object.getPrototypeOf(item) as object | null) {
      const place = Placed.of(item);
      if (place !== undefined) return place.events()[place.at];
    }
    return undefined;
  },
  set(this: object, value: unknown) {
    Object.defineProperty(this, 'event', { value, writable: true, enumerable: true, configurable: true });
  },
};

/** Gives items their events, which are parsed together on first access. */
export function eventGiver(
  along: string | undefined,
  { id, read }: ItemsCall,
): (item: Partial<Item>, at: number) => Item {
  let parsed: readonly Event[] | undefined;
  const load = (): readonly Event[] => {
    if (along !== undefined) read();
    return JSON.parse(along ?? askForEvents(id)) as readonly Event[];
  };
  const events = (): readonly Event[] => (parsed ??= load());
  return (item, at) => {
    new Placed(item, { events, at });
    return Object.defineProperty(item, 'event', EVENT) as Item;
  };
}
