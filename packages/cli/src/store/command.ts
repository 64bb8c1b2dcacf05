import type { Command } from 'commander';
import { copyStore, Failure, type StoreCopied } from '@waybill/server';
import { CommandFailure, conclude, EXIT, type Exit } from '../output/exit.ts';
import { print, printJson } from '../output/print.ts';

interface Flags {
  readonly from: string;
  readonly to: string;
  readonly json?: boolean;
}

/** `waybill store copy`. */
export function registerStore(program: Command, exit: Exit): void {
  program
    .command('store')
    .description('move the data of a server between a data folder and PostgreSQL')
    .command('copy')
    .description('copy everything, positions and ids included; the server must be stopped')
    .requiredOption('--from <store>', 'a data folder, or postgres://…')
    .requiredOption('--to <store>', 'where; it must be empty, or an interrupted copy from there')
    .option('--json', 'print what was copied, with checksums')
    .action((flags: Flags) => conclude(exit, flags.json, () => copy(flags)));
}

async function copy({ from, to, json }: Flags): Promise<number> {
  let copied: StoreCopied;
  const counter = showCount();
  try {
    copied = await copyStore(from, to, { now: Date.now, progress: counter.step });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new CommandFailure(`${error.code}: ${error.message}`, EXIT.problems, { code: error.code });
  } finally {
    counter.stop();
  }
  if (json === true) printJson(copied);
  else {
    for (const [noun, { rows, checksum }] of Object.entries(copied.nouns))
      if (rows > 0) print(`  ${noun.padEnd(16)} ${String(rows).padStart(12)}  ${checksum}`);
    print(
      `Copied ${copied.from} to ${copied.to}${copied.resumed ? ', from where it was interrupted' : ''}; both were read again and are identical.`,
    );
    print(
      'Secrets are still encrypted with the secret-key of the data folder: start with that file in place.',
    );
  }
  return EXIT.ok;
}

/** Shows a row count on one line of a terminal; the total is unknown. */
function showCount(): { readonly step: Parameters<typeof copyStore>[2]['progress']; stop(): void } {
  const { stderr } = process;
  if (!stderr.isTTY) return { step: () => undefined, stop: () => undefined };
  return {
    step: ({ doing, noun, rows }) => stderr.write(`\r\u001B[K${doing} ${noun}: ${rows}`),
    stop: () => stderr.write('\r\u001B[K'),
  };
}
