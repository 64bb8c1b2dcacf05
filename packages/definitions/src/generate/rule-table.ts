import { betweenMarks, markdownTable } from './table.ts';
import { RULES } from '../validate/rules/index.ts';

/** Returns `docs/validate.md` with the table of all rules. */
export function withRuleTable(page: string): string {
  const rows = RULES.map((rule) => [
    `\`${rule.code}\``,
    rule.portable === true ? `${rule.severity}, with \`--portable\`` : rule.severity,
    rule.summary,
    rule.remedy,
  ]);
  return betweenMarks(page, markdownTable(['code', 'severity', 'what is wrong', 'what to do'], rows));
}
