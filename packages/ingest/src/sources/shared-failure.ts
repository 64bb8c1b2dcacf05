import type { Log } from '@waybill/delivery';

/** Why a stream cannot be read. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  /** Epoch milliseconds. */
  readonly at?: number;
}

/** The last failure of a stream, for processes that do not read it. */
export interface SharedFailure {
  /** Shares a failure with other processes; writes only changes. */
  tell(failure: Failure | undefined): Promise<void>;
  /** The failure that the reader has shared. */
  read(): Promise<Failure | undefined>;
}

/** Where the failure of an owner is stored. */
export function failureOf(owner: string): string {
  return `failure ${owner}`;
}

/** Shares the failure of a stream among the processes of a store. */
export function createSharedFailure(owner: string, log: Pick<Log, 'get' | 'set'>): SharedFailure {
  const key = failureOf(owner);
  /** What is stored, while this process is the one that writes it. */
  let stored: Failure | 'none' | undefined;
  const read = async (): Promise<Failure | undefined> => {
    const text = (await log.get(key)) ?? '';
    return text === '' ? undefined : (JSON.parse(text) as Failure);
  };
  return {
    async tell(failure) {
      stored ??= (await read()) ?? 'none';
      const isSame =
        stored === 'none'
          ? failure === undefined
          : stored.code === failure?.code && stored.message === failure.message;
      if (isSame) return;
      await log.set(key, failure === undefined ? '' : JSON.stringify(failure));
      stored = failure ?? 'none';
    },
    read() {
      stored = undefined;
      return read();
    },
  };
}
