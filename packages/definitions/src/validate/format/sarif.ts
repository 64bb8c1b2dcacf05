import type { Report } from '../check.ts';
import type { Problem } from '../problem.ts';
import { RULES } from '../rules/index.ts';

/** Problems in the Static Analysis Results Interchange Format 2.1.0; `uriOf` returns the URI of a file. */
export function sarifReport(
  report: Report,
  version: string,
  uriOf: (file: string) => string = encodeURI,
): string {
  return JSON.stringify(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'waybill validate',
              version,
              rules: RULES.map((rule) => ({
                id: rule.code,
                shortDescription: { text: rule.summary },
                help: { text: rule.remedy },
                defaultConfiguration: { level: rule.severity },
              })),
            },
          },
          columnKind: 'utf16CodeUnits',
          results: report.problems.map((one) => result(one, uriOf)),
        },
      ],
    },
    null,
    2,
  );
}

function result(problem: Problem, uriOf: (file: string) => string): object {
  const { code, severity, message, line, column, file, isFile, path } = problem;
  const logical = isFile ? path : [file, path].filter((part) => part !== '').join(': ');
  return {
    ruleId: code,
    ruleIndex: RULES.findIndex((rule) => rule.code === code),
    level: severity,
    message: { text: message },
    locations: [
      {
        ...(isFile
          ? {
              physicalLocation: {
                artifactLocation: { uri: uriOf(file) },
                ...(line === undefined ? {} : { region: { startLine: line, startColumn: column ?? 1 } }),
              },
            }
          : {}),
        ...(logical === '' ? {} : { logicalLocations: [{ fullyQualifiedName: logical }] }),
      },
    ],
  };
}
