import type { Processor, ResolvedProcessor } from '@waybill/core';
import type { Leases, Log } from '@waybill/delivery';
import { type Channel, createChannel, type Port } from '../../channel.ts';
import { createProcessors } from '../processors.ts';
import type { ElsewhereAsked, RunInput } from '../run.ts';
import { bytesOf, createPacking } from './packing.ts';
import type { MainSide, RemoteLeases, RemoteProcessor, ThreadSide } from './protocol.ts';

/** The input of the processors thread. */
export interface ProcessorsHostInput extends Pick<
  RunInput,
  'partitions' | 'holder' | 'now' | 'seal' | 'collect'
> {
  readonly processors: readonly Processor[];
  /** For reading: all writes go through the accepting thread. */
  readonly log: Pick<
    Log,
    'read' | 'lastSeq' | 'span' | 'carried' | 'carriedOf' | 'carriedAfter' | 'timers' | 'get'
  >;
  /** Whether there can be other processes with the same log. */
  readonly isShared: boolean;
  readonly newMessageId: () => string;
  /** Called when everything has been stopped. */
  readonly onStopped: () => Promise<void>;
}

/** Runs processors for an accepting thread at the other end of a message port. */
export function createProcessorsHost(port: Port, input: ProcessorsHostInput): Pick<Channel, 'heard'> {
  const main: MainSide = {
    carry: (...given) => channel.ask('carry', ...given),
    append: (...given) => channel.ask('append', ...given),
    set: (...given) => channel.ask('set', ...given),
    acquire: (...given) => channel.ask('acquire', ...given),
    renew: (...given) => channel.ask('renew', ...given),
    release: (...given) => channel.ask('release', ...given),
    isHere: (...given) => channel.ask('isHere', ...given),
    askElsewhere: (...given) => channel.ask('askElsewhere', ...given),
    failure: async (...given) => channel.tell('failure', ...given),
    error: async (...given) => channel.tell('error', ...given),
  };
  const { log, holder, partitions, now, seal, collect } = input;
  // Events go through the intake.
  const append = ((_none, carry) => main.append(carry!)) as RunInput['log']['append'];
  const processors = createProcessors({
    log: { ...log, append, set: main.set, owners: leasesOf(main, 'shared') },
    intake: createPacking({ carry: main.carry, now, newMessageId: input.newMessageId }),
    holder,
    ...(partitions === undefined ? {} : { partitions }),
    ...(seal === undefined ? {} : { seal }),
    elsewhere: input.isShared ? elsewhereOf(main) : undefined,
    now,
    collect,
    onFailure: (processor, failure) => void main.failure(processor, failure),
    onError: (processor, error) => void main.error(processor, plainOf(error)),
  });
  const side: ThreadSide = {
    configure: (described, erases) =>
      processors.configure(
        described.map((one) => resolvedOf(one, input.processors)),
        erases,
      ),
    async wake() {
      processors.wake();
    },
    idle: processors.idle,
    reached: processors.reached,
    async run(which, name, given) {
      const run = 'owner' in which ? processors.at(which.owner) : processors.of(which.id)[which.partition];
      if (run === undefined) throw new Error('This processor is not running.');
      const asked = run[name as keyof typeof run] as (...given: readonly unknown[]) => Promise<unknown>;
      return asked(...given);
    },
    forget: processors.forget,
    async stop() {
      await processors.stop();
      await input.onStopped();
    },
  };
  const channel: Channel = createChannel(port, { ...side }, { given: bytesOf });
  return channel;
}

function resolvedOf({ slug, ...rest }: RemoteProcessor, processors: readonly Processor[]): ResolvedProcessor {
  return { ...rest, processor: processors.find((one) => one.slug === slug)! };
}

function leasesOf(main: MainSide, which: RemoteLeases): Leases<string> {
  return {
    acquire: (owner, holder, ttl) => main.acquire(which, owner, holder, ttl),
    renew: (lease, ttl) => main.renew(which, lease, ttl),
    release: (lease) => main.release(which, lease),
  };
}

function elsewhereOf(main: MainSide): ElsewhereAsked {
  return { isHere: main.isHere, ask: main.askElsewhere, owners: leasesOf(main, 'all') };
}

function plainOf(error: unknown): { readonly message: string; readonly stack?: string } {
  if (!(error instanceof Error)) return { message: String(error) };
  const { message, stack } = error;
  return { message, ...(stack === undefined ? {} : { stack }) };
}
