/** The right to write for a key: a lane, a source or a processor. */
export interface Lease<Key> {
  readonly key: Key;
  /** Increases with every holder. */
  readonly epoch: number;
}

/**
 * Leases by key. A lease prevents others from starting; the epoch prevents a former holder from finishing: every write under a
 * lease names it, and one with an old epoch is refused whole, however late it comes. The holder of an expired lease that nobody
 * took still writes.
 */
export interface Leases<Key> {
  /**
   * Takes the key for `ttl` milliseconds, with the next epoch; undefined while another holder's lease is valid. The same holder
   * gets it again at once: a restarted process does not wait for itself.
   */
  acquire(key: Key, holder: string, ttl: number): Promise<Lease<Key> | undefined>;
  /** Extends the lease to `ttl` milliseconds from now; false when another holder has taken over. */
  renew(lease: Lease<Key>, ttl: number): Promise<boolean>;
  /** Releases the key; without effect when another holder has taken over. */
  release(lease: Lease<Key>): Promise<void>;
}
