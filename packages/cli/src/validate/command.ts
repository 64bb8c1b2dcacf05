import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  githubReport,
  jsonReport,
  type Kind,
  type Report,
  sarifReport,
  validationReport,
} from '@waybill/definitions';
import { PathError, validatePaths } from '@waybill/definitions/files';
import { Failure } from '@waybill/server/failure';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { destinationsNamed, OWN } from '../author/load.ts';
import { colourFindings } from '../output/colour.ts';
import { print, printError, printJson, printWhole } from '../output/print.ts';

interface Flags {
  readonly json?: boolean;
  readonly format: 'text' | 'json' | 'sarif' | 'github';
  readonly as?: Kind;
  readonly destination?: string;
  readonly plan?: string;
  readonly events?: string;
  readonly with?: readonly string[];
  readonly portable?: boolean;
  readonly maxWarnings?: number;
}

/** Adds `waybill validate`. */
export function registerValidate(program: Command, exit: (code: number) => void): void {
  program
    .command('validate')
    .description('check definitions, presets, workspaces, tracking plans and examples in Markdown pages')
    .argument(
      '[paths...]',
      'files, packages and other folders, modules that export destinations or sources, or slugs of built-in ones; without any: everything here',
    )
    .addOption(
      new Option('--format <format>', 'how to print the problems')
        .choices(['text', 'json', 'sarif', 'github'])
        .default('text'),
    )
    .option('--json', 'the same as --format json')
    .addOption(
      new Option('--as <kind>', 'the kind of the named files, if it cannot be detected').choices([
        'definition',
        'metadata',
        'preset',
        'workspace',
        'plan',
      ]),
    )
    .addOption(
      new Option(
        '--with <module>',
        'a module, package or segment:<slug> whose destinations workspaces may name; repeatable',
      )
        .argParser((value, before: readonly string[] = []) => [...before, value])
        .env('WAYBILL_DESTINATIONS'),
    )
    .option('--destination <slug>', 'the destination that preset files belong to')
    .option('--plan <file>', 'a tracking plan to check; without paths, only this plan is checked')
    .option('--events <file>', 'events to check against it: a JSON list, or JSON lines')
    .option('--portable', 'also warn about what Segment would interpret differently')
    .option('--max-warnings <number>', 'fail if there are more warnings', wholeNumber)
    .addHelpText(
      'after',
      '\nExit code: 0 no errors, 1 errors (or too many warnings),\n2 a mistake in the command line.\nThe checks are listed in docs/validate.md.',
    )
    .action(async (paths: readonly string[], flags: Flags) => {
      exit(await run(paths, flags, program.version() ?? ''));
    });
}

async function run(paths: readonly string[], flags: Flags, version: string): Promise<number> {
  let report: Report;
  try {
    report = await validatePaths({ paths, ...flags, own: OWN, known: await destinationsNamed(flags.with) });
  } catch (error) {
    if (!(error instanceof PathError || error instanceof Failure)) throw error;
    const isJson = flags.json === true || flags.format === 'json';
    if (isJson) printJson({ success: false, error: { message: error.message } });
    else printError(`waybill validate: ${error.message}`);
    return 2;
  }
  const errors = report.problems.filter((one) => one.severity === 'error').length;
  const warnings = report.problems.length - errors;
  const ok = errors === 0 && warnings <= (flags.maxWarnings ?? Number.POSITIVE_INFINITY);
  const text = render(report, flags, ok, version);
  if (text === '') return ok ? 0 : 1;
  if (flags.json !== true && flags.format === 'text') print(text, colourFindings);
  else printWhole(text);
  return ok ? 0 : 1;
}

function render(report: Report, flags: Flags, ok: boolean, version: string): string {
  switch (flags.json === true ? 'json' : flags.format) {
    case 'json':
      return jsonReport(report, ok);
    case 'sarif':
      return sarifReport(report, version, uriOf);
    case 'github':
      return githubReport(report);
    case 'text':
      return validationReport(report);
  }
}

function uriOf(file: string): string {
  return isAbsolute(file) ? pathToFileURL(file).href : encodeURI(file);
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
