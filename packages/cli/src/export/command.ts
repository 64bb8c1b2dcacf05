import { writeFileSync } from 'node:fs';
import { secretsFromEnvironment } from '@waybill/definitions';
import type { Command } from 'commander';
import { conclude, EXIT, type Exit } from '../output/exit.ts';
import { visible } from '../output/visible.ts';
import { connect, type RemoteFlags, remoteOptions } from '../remote/client.ts';
import { printError, printJson } from '../output/print.ts';

interface Flags extends RemoteFlags {
  readonly output?: string;
  readonly env?: boolean;
}

/** `waybill export`: the current workspace as a file. */
export function registerExport(program: Command, exit: Exit): void {
  remoteOptions(
    program.command('export').description('print the workspace of a running server, without its secrets'),
  )
    .option('-o, --output <file>', 'write it to a file')
    .option('--env', 'replace secrets with names of environment variables, for another server')
    .action((flags: Flags) =>
      conclude(exit, flags.json, async () => {
        const workspace = await connect(flags).get('/api/workspace');
        const text = `${JSON.stringify(flags.env === true ? secretsFromEnvironment(workspace) : workspace, null, 2)}\n`;
        if (flags.output === undefined) process.stdout.write(visible(text));
        else {
          writeFileSync(flags.output, text);
          if (flags.json === true) printJson({ written: flags.output });
          else printError(`Written to ${flags.output}.`);
        }
        return EXIT.ok;
      }),
    );
}
