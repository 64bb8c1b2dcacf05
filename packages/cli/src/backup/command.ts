import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import {
  backUp,
  type BackupManifest,
  type BackupProgress,
  checkBackup,
  Failure,
  restoreBackup,
} from '@waybill/server';
import { CommandFailure, conclude, EXIT, type Exit } from '../output/exit.ts';
import { print, printJson } from '../output/print.ts';
import { type Progress, showProgress } from '../output/progress.ts';

interface Flags {
  readonly data: string;
  readonly verify?: boolean;
  readonly json?: boolean;
}

/** `waybill backup` and `waybill restore`. */
export function registerBackup(program: Command, exit: Exit): void {
  const data = (): Option =>
    new Option('--data <folder>', "the server's data folder").env('WAYBILL_DATA').default('.waybill');
  program
    .command('backup')
    .description('copy the data of a server, which may be running, to a new folder')
    .argument('<folder>', 'new folder; it must be empty or not exist')
    .addOption(data())
    .option('--json', 'print the manifest')
    .action((folder: string, flags: Flags) =>
      conclude(exit, flags.json, () =>
        say(
          flags,
          (progress) => backUp(flags.data, folder, progress),
          `Backed up ${resolve(flags.data)} to ${resolve(folder)}. Protect it like the server: it contains the key of its secrets.`,
        ),
      ),
    );
  program
    .command('restore')
    .description('check a back-up and restore it into an empty data folder')
    .argument('<folder>', 'the back-up')
    .addOption(data())
    .option('--verify', 'only check it')
    .option('--json', 'print the manifest')
    .action((folder: string, flags: Flags) =>
      conclude(exit, flags.json, () =>
        flags.verify === true
          ? say(flags, (progress) => checkBackup(folder, progress), `${resolve(folder)} is complete.`)
          : say(
              flags,
              (progress) => restoreBackup(folder, flags.data, progress),
              `Restored ${resolve(folder)} to ${resolve(flags.data)}.`,
            ),
      ),
    );
}

async function say(
  flags: Flags,
  work: (progress: BackupProgress) => Promise<BackupManifest>,
  done: string,
): Promise<number> {
  let manifest: BackupManifest;
  const bars = showBytes();
  try {
    manifest = await work(bars.progress);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new CommandFailure(`${error.code}: ${error.message}`, EXIT.problems, { code: error.code });
  } finally {
    bars.stop();
  }
  if (flags.json === true) printJson(manifest);
  else {
    for (const [name, { bytes }] of Object.entries(manifest.files))
      print(`  ${name.padEnd(16)} ${bytes} bytes`);
    print(done);
  }
  return EXIT.ok;
}

const MEGABYTE = 1_000_000;

/** A progress bar for copying, then one for verification. */
function showBytes(): { readonly progress: BackupProgress; stop(): void } {
  let shown: { readonly doing: string; readonly bar: Progress } | undefined;
  return {
    progress(doing, done, total) {
      if (shown?.doing !== doing) {
        shown?.bar.stop();
        shown = { doing, bar: showProgress(Math.ceil(total / MEGABYTE), `MB ${doing}`) };
      }
      shown.bar.step(Math.floor(done / MEGABYTE));
    },
    stop: () => shown?.bar.stop(),
  };
}
