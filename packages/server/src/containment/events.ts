import { readSync, writeSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import type { Event, Item } from '@waybill/core';

/*
 * The events of items. Few actions read them, and to copy them costs as much as all else of a call. So they cross as one text, parsed when
 * one of them is read; and where the code of an action has not read any, only when it does. It expects them at once, so the
 * process then waits for the answer on a line of its own.
 */

/** The line in the process of the code; see `stdio` where it is started. */
const LINE = 5;

/** Calls without a look at the events after which they are no longer sent along. */
const UNREAD = 3;

/** The longest question on the line, in characters. */
const LONGEST_QUESTION = 64;

/** The events of a call, outside the process. */
export interface CallEvents {
  /** As JSON, in the order of the items. */
  text(): string;
  /** The code has read one. */
  read(): void;
}

/** Whether the code of an action reads events. */
export interface Reading {
  /** Of a call that is about to be made: its events, as they are sent along, or not. */
  begin(items: readonly Item[]): { readonly events: CallEvents; readonly along: string | undefined };
}

/** Nothing is known yet: events are sent along. */
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

/** Who answers for the events of a process. */
export interface EventAnswers {
  /** The events of a call that runs. */
  readonly eventsOf: (task: number) => CallEvents | undefined;
  /** The process asks without waiting for answers, of which ever more would wait here. */
  readonly onFlood: () => void;
}

/** Answers what the process asks for on its line. A process waits for each answer, so it never asks two things at once. */
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

/** Asks for the events of a call, within the process, and waits for them. Throws when the call has ended. */
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

/** The call that items came with, within the process. */
export interface ItemsCall {
  readonly id: number;
  /** Says that an event was read. */
  readonly read: () => void;
}

/** Where the event of an item is. */
interface Place {
  readonly events: () => readonly Event[];
  readonly at: number;
}

/** Becomes, as what a constructor returns, the object that it is given. */
// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- of it only the constructor is of use
class Given {
  constructor(given: object) {
    return given;
  }
}

/** Marks an item with its place. Marks cost less than entries of a map, and are no member that a copy of the item would have. */
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

/** One pair of functions for all items of all calls: with another pair for each call, V8 would have each item be a dictionary. */
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

/** Gives items their events, which are parsed together as soon as one of them is read. */
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
