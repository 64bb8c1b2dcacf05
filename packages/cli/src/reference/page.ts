import type { Argument, Command, Option } from 'commander';

/** Renders `docs/cli.md`: every command with its arguments and options, from the program itself. */
export function cliPage(program: Command): string {
  const help = program.createHelp();
  const commands = help.visibleCommands(program).filter((one) => one.name() !== 'help');
  return `# Command line

\`${program.name()} <command> --help\` prints the section of one command. This page is generated from the commands.

| exit code | meaning                                               |
| --------- | ----------------------------------------------------- |
| 0         | success, and no problems found                        |
| 1         | problems found, or the command failed                 |
| 2         | invalid command line: an unknown flag, a missing file |
| 3         | the server cannot be reached, or refuses the token    |

With \`--json\` a command prints one JSON value (\`events tail\` and \`serve\`: one per line), and failures as
\`{ "success": false, "error": { "message" } }\`. Questions, progress and colours appear only in a terminal, where lines and help keep to its width;
\`NO_COLOR\` turns off colours.

<!-- prettier-ignore-start -->

${commands.flatMap((command) => sections(command, program.name())).join('\n')}
<!-- prettier-ignore-end -->
`;
}

function sections(command: Command, parent: string): readonly string[] {
  const name = `${parent} ${command.name()}`;
  const help = command.createHelp();
  const inner = help.visibleCommands(command).filter((one) => one.name() !== 'help');
  const usage = [name, command.usage()].join(' ').replace(/\[command\]$/, '<command>');
  const parts = [`## ${name}\n`, `${sentence(command.description())}\n`, `\`\`\`text\n${usage}\n\`\`\`\n`];
  if (command.registeredArguments.length > 0) {
    parts.push(rows('argument', command.registeredArguments.map(argumentRow)));
  }
  const options = help.visibleOptions(command).filter((option) => option.long !== '--help');
  if (options.length > 0) parts.push(rows('option', options.map(optionRow)));
  return [parts.join('\n'), ...inner.flatMap((one) => sections(one, name))];
}

function rows(what: string, entries: readonly (readonly [string, string])[]): string {
  // Text in angle brackets would be read as HTML.
  const shown = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '\\<');
  const lines = entries.map(([name, text]) => `| \`${name}\` | ${shown(text)} |`);
  return `| ${what} | meaning |\n|---|---|\n${lines.join('\n')}\n`;
}

function argumentRow(argument: Argument): readonly [string, string] {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  const choices = argument.argChoices === undefined ? '' : `one of ${argument.argChoices.join(', ')}`;
  return [
    argument.required ? `<${name}>` : `[${name}]`,
    [argument.description, choices].filter(Boolean).join('; '),
  ];
}

function optionRow(option: Option): readonly [string, string] {
  const choices = option.argChoices === undefined ? [] : [`one of ${option.argChoices.join(', ')}`];
  const fallback = typeof option.defaultValue === 'string' ? [`\`${option.defaultValue}\` when absent`] : [];
  const env = option.envVar === undefined ? [] : [`or \`${option.envVar}\``];
  return [option.flags, [option.description, ...choices, ...fallback, ...env].join('; ')];
}

function sentence(text: string): string {
  return text === '' ? '' : `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}
