/** The right to write for a key: a lane, a source or a processor. */
export interface Lease<Key> {
  readonly key: Key;
  /** Greater with every holder. */
  readonly epoch: number;
}

/**
 * Who writes for which key. A lease keeps others from beginning; the epoch keeps a holder from ending what it began before
 * another took over: every write under a lease names it, and one with an old epoch is refused whole, however late it comes.
 * A lease that has run out but was taken by nobody still writes.
 */
export interface Leases<Key> {
  /**
   * Takes the key for `ttl` milliseconds, with the next epoch; undefined while another holder's lease has not run out. The same
   * holder gets it again at once: a process that has started again does not wait for itself.
   */
  acquire(key: Key, holder: string, ttl: number): Promise<Lease<Key> | undefined>;
  /** Holds on for `ttl` milliseconds from now; false when another holder has taken over. */
  renew(lease: Lease<Key>, ttl: number): Promise<boolean>;
  /** Gives the key up; without effect when another holder has taken over. */
  release(lease: Lease<Key>): Promise<void>;
}
