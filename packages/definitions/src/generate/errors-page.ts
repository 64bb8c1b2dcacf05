import { ERRORS } from '@waybill/core';

/** Renders `docs/errors.md`: the error registry. */
export function errorsPage(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, entry]) =>
      `| \`${code}\` | ${entry.status} | ${entry.retryable ? 'yes' : 'no'} | ${prose(entry.message)} | ${prose(entry.remedy)} |`,
  );
  return `# Errors and reasons

Every error and every reason for which an event was not delivered has a code that never changes its meaning. The table is
the registry in \`packages/core/src/result/errors\`; a test keeps the two equal.

| code | status | retried | what happened | what to do |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

/** Text in a cell of a table: what is in angle brackets would be taken for HTML. */
function prose(text: string): string {
  return text.replaceAll(/[|<]/g, '\\$&');
}
