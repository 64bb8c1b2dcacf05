import { pathToFileURL } from 'node:url';
import { isAbsolute } from 'node:path';
import type { Report } from '../check.ts';
import type { Problem } from '../problem.ts';
import { RULES } from '../rules/index.ts';

/** Problems in the Static Analysis Results Interchange Format 2.1.0. */
export function sarifReport(report: Report, version: string): string {
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
          results: report.problems.map(result),
        },
      ],
    },
    null,
    2,
  );
}

function result(problem: Problem): object {
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
                artifactLocation: { uri: isAbsolute(file) ? pathToFileURL(file).href : encodeURI(file) },
                ...(line === undefined ? {} : { region: { startLine: line, startColumn: column ?? 1 } }),
              },
            }
          : {}),
        ...(logical === '' ? {} : { logicalLocations: [{ fullyQualifiedName: logical }] }),
      },
    ],
  };
}
