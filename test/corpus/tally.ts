/** A difference that no rule allows, or two of our own executions that disagree. */
export interface Finding {
  readonly where: string;
  readonly what: string;
  readonly example: unknown;
}

const MOST_FINDINGS = 40;

/** Counts one kind of comparison. */
export class Tally {
  cases = 0;
  equal = 0;
  /** Differences by the rules that allow them; a difference that needs two rules counts for both. */
  readonly rules: Record<string, number> = {};
  /** Differences allowed by rules. */
  listed = 0;
  unlisted = 0;
  readonly findings: Finding[] = [];
  readonly counts: Record<string, number> = {};

  /** Counts something on the side. */
  count(name: string, by = 1): void {
    this.counts[name] = (this.counts[name] ?? 0) + by;
  }

  same(): void {
    this.cases += 1;
    this.equal += 1;
  }

  /** Counts a difference: allowed by these rules, or by none. */
  differs(rules: readonly string[], finding: () => Finding): void {
    this.cases += 1;
    if (rules.length === 0) {
      this.report(finding());
      return;
    }
    this.listed += 1;
    for (const rule of rules) this.rules[rule] = (this.rules[rule] ?? 0) + 1;
  }

  /** Reports a forbidden difference. Of equal differences at the same place, one example is kept. */
  report(finding: Finding): void {
    this.unlisted += 1;
    const known = this.findings.some(({ where, what }) => where === finding.where && what === finding.what);
    if (!known && this.findings.length < MOST_FINDINGS) this.findings.push(finding);
  }
}
