import type { Report } from '../check.ts';

/** Problems as workflow commands: GitHub shows them next to the lines of a pull request. */
export function githubReport(report: Report): string {
  return report.problems
    .map(({ severity, file, isFile, line, column, code, path, message, remedy }) => {
      const properties = [
        ...(isFile ? [`file=${property(file)}`] : []),
        ...(isFile && line !== undefined ? [`line=${line}`, `col=${column ?? 1}`] : []),
        `title=${property(code)}`,
      ];
      const where = isFile && line !== undefined ? '' : `${isFile ? '' : `${file} `}${path}: `;
      return `::${severity} ${properties.join(',')}::${data(`${where}${message}\n${remedy}`)}`;
    })
    .join('\n');
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
