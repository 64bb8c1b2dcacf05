/** One difference from Segment's runtime: what it does, what Waybill does, and why. */
export interface Rule {
  readonly id: RuleId;
  readonly title: string;
  readonly upstream: string;
  readonly ours: string;
  readonly reason: string;
  /** Name of the test that shows it, in packages/core/test/mapping. */
  readonly test: string;
}

/** The name of a difference, as docs/compatibility/mapping.md numbers them. */
export type RuleId =
  'M1' | 'M2' | 'M3' | 'M4' | 'M5' | 'M6' | 'M7' | 'M8' | 'M9' | 'M10' | 'M11' | 'M12' | 'M13' | 'M14';
