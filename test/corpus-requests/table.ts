import { isDeepStrictEqual } from 'node:util';
import type { Around, AroundKind, Result, Side } from './result.ts';

/** The numbers of a comparison. */
export interface Numbers {
  readonly definitions: number;
  readonly actions: number;
  readonly actionsWithPreset: number;
  readonly cases: number;
  readonly compared: readonly string[];
  readonly presetActions: readonly string[];
  readonly silent: Readonly<Record<string, string>>;
  readonly connecting: Readonly<Record<string, string>>;
  readonly sides: { readonly single: Side; readonly batch: Side };
  readonly variants: { readonly single: Side; readonly batch: Side };
  readonly around: Readonly<Record<AroundKind, Around>>;
  readonly audienceModes: Result['audienceModes'];
  readonly kinds: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** The result, for people. */
export function tableOf(result: Numbers): string {
  const { compared, presetActions, silent, sides, connecting, around, kinds, variants } = result;
  const withPreset = new Set(presetActions);
  const presets = compared.filter((path) => withPreset.has(path)).length;
  const lines = [
    `Requests of the published definitions (${result.seconds.toFixed(0)} s)`,
    row('definitions', result.definitions),
    row('actions', result.actions),
    row('actions with a preset', result.actionsWithPreset),
    row(
      'mappings tried',
      result.cases,
      `${kinds['mode']} in other sync modes, ${kinds['hooked']} with hooks`,
    ),
    row('actions with the same requests', compared.length, `${presets} of them with a preset`),
    row(
      'actions without any request',
      Object.keys(silent).length,
      'refused before sending, or nothing to send',
    ),
  ];
  for (const as of ['single', 'batch'] as const) {
    lines.push(...sideOf(as, sides[as]), ...sideOf(`${as}, other modes and hooks`, variants[as]));
  }
  for (const [kind, one] of Object.entries(around)) {
    lines.push(
      row(`${kind}: asked`, one.asked, `${one.runs} runs, ${one.speaking} with requests`),
      row('  same requests', one.sameRequests),
      row('  same answers', one.sameAnswers),
      ...reasons(one.listed),
      row('  unexplained', one.findings.length),
    );
  }
  const modes = Object.values(result.audienceModes);
  const same = modes.filter(({ ours, theirs }) => isDeepStrictEqual(ours, theirs)).length;
  lines.push(row('audience modes: compared', modes.length), row('  same', same));
  lines.push('opening connections of their own, so never the same over HTTP alone:');
  for (const [slug, what] of Object.entries(connecting)) lines.push(`  ${slug}: ${what}`);
  lines.push('actions with a preset, but without any request:');
  for (const [path, why] of Object.entries(silent)) {
    if (withPreset.has(path)) lines.push(`  ${path}: ${why.replaceAll('\n', ' ').slice(0, 90)}`);
  }
  return `${lines.join('\n')}\n`;
}

function sideOf(name: string, side: Side): string[] {
  return [
    row(`${name}: runs`, side.runs, `${side.speaking} with requests, ${side.chained} with several`),
    row('  same requests', side.equal),
    ...reasons(side.listed),
    row('  same outcomes', side.sameOutcomes, `of ${side.outcomes} with the same requests`),
    ...reasons(side.listedOutcomes),
    row('  unexplained', side.findings.length),
  ];
}

function reasons(listed: Readonly<Record<string, number>>): string[] {
  return Object.entries(listed).map(([reason, count]) => row('  listed', count, reason));
}

function row(name: string, count: number, note = ''): string {
  return `${name.padEnd(32)}${String(count).padStart(6)}  ${note}`.trimEnd();
}
