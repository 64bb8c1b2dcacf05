/** Counts of one endpoint. */
export interface EndpointStats {
  requests: number;
  items: number;
  accepted: number;
  failed: number;
  statuses: Record<string, number>;
}

/** Counts of what arrived, in total and per endpoint. */
export class Stats {
  requests = 0;
  items = 0;
  readonly perEndpoint = new Map<string, EndpointStats>();

  /** Returns the counts of an endpoint, created at its first call. */
  of(endpoint: string): EndpointStats {
    let stats = this.perEndpoint.get(endpoint);
    if (stats === undefined) {
      stats = { requests: 0, items: 0, accepted: 0, failed: 0, statuses: {} };
      this.perEndpoint.set(endpoint, stats);
    }
    return stats;
  }

  /** Counts one answered request. */
  answered(endpoint: string, status: number): void {
    const stats = this.of(endpoint);
    this.requests += 1;
    stats.requests += 1;
    stats.statuses[status] = (stats.statuses[status] ?? 0) + 1;
  }

  /** Counts the items of a request that reached the per-item checks. */
  took(endpoint: string, accepted: number, failed: number): void {
    const stats = this.of(endpoint);
    this.items += accepted + failed;
    stats.items += accepted + failed;
    stats.accepted += accepted;
    stats.failed += failed;
  }

  /** Starts again from zero. */
  clear(): void {
    this.requests = 0;
    this.items = 0;
    this.perEndpoint.clear();
  }
}
