import { Argument, type Command } from 'commander';
import { EXIT, type Exit } from '../output/exit.ts';
import { completionScript, type Shell, SHELLS } from './script.ts';

/** `waybill completion`: a script that completes commands and options in a shell. */
export function registerCompletion(program: Command, exit: Exit): void {
  program
    .command('completion')
    .description('print a script that completes commands and options in a shell')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .option('--json', 'print the script as a JSON string')
    .action((shell: Shell, flags: { json?: boolean }) => {
      const script = completionScript(program, shell);
      process.stdout.write(flags.json === true ? `${JSON.stringify({ shell, script })}\n` : script);
      exit(EXIT.ok);
    });
}
