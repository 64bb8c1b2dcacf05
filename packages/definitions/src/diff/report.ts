import type { Change, Level } from './change.ts';
import { CHANGES } from './change.ts';
import type { Impact, Reached } from './impact.ts';

const TITLES: Readonly<Record<Level, string>> = {
  breaking: 'Breaking: stored mappings or instances stop working',
  risky: 'Risky: something behaves differently',
  safe: 'Safe',
};

function ownerOf({ destination = '', source }: Change): string {
  return source === undefined ? destination : `source ${source}`;
}

/** Formats changes for people: worst first, with a summary as the last line. */
export function diffReport(changes: readonly Change[], impact: Impact | undefined, all: boolean): string {
  const lines: string[] = [];
  for (const level of ['breaking', 'risky', 'safe'] as const) {
    const own = changes.filter((one) => one.level === level);
    if (own.length === 0) continue;
    if (level === 'safe' && !all) {
      lines.push(`${own.length} safe ${own.length === 1 ? 'change' : 'changes'}; --all lists them.`, '');
      continue;
    }
    lines.push(TITLES[level]);
    for (const change of own) {
      lines.push(
        `  ${change.code}  ${[ownerOf(change), change.path].filter((part) => part !== '').join(' ')}`,
      );
      lines.push(`      ${change.message}${level === 'safe' ? '' : ` ${CHANGES[change.code].summary}`}`);
    }
    lines.push('');
  }
  if (impact !== undefined) lines.push(...impactLines(impact), '');
  const count = (level: Level): number => changes.filter((one) => one.level === level).length;
  lines.push(
    changes.length === 0
      ? 'Nothing changed.'
      : `${count('breaking')} breaking, ${count('risky')} risky, ${count('safe')} safe.`,
  );
  return lines.join('\n');
}

/** "3 of your 41 mappings stop validating", and which. */
function impactLines(impact: Impact): readonly string[] {
  const { mappings, stops, differs, begins, instances } = impact;
  const of = `of your ${mappings} ${mappings === 1 ? 'mapping' : 'mappings'}`;
  const lines = [
    stops.length === 0
      ? `None ${of} stops validating.`
      : `${stops.length} ${of} ${stops.length === 1 ? 'stops' : 'stop'} validating:`,
    ...stops.flatMap(reached),
  ];
  if (differs.length > 0) {
    lines.push(
      `${differs.length} ${of} ${differs.length === 1 ? 'does' : 'do'} something different:`,
      ...differs.flatMap(reached),
    );
  }
  if (begins.length > 0) lines.push(`${begins.length} automatic start to send:`, ...begins.flatMap(reached));
  if (instances.length > 0) {
    lines.push(
      'Instances that cannot be loaded:',
      ...instances.map((one) => `  ${one.path}: ${one.message}`),
    );
  }
  return lines;
}

function reached({ name, path, reasons }: Reached): string[] {
  return [`  ${name} (${path})`, ...reasons.map((reason) => `      ${reason}`)];
}
