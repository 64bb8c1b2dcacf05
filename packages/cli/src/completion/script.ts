import type { Command, Option } from 'commander';

/** A command of the tree, reduced to what a shell needs. */
interface Node {
  /** Words after the program's name, joined by spaces. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly {
    readonly name: string;
    readonly description: string;
    readonly takesValue: boolean;
  }[];
}

/** The supported shells. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** A supported shell. */
export type Shell = (typeof SHELLS)[number];

/** Returns the completion script of a program for a shell: commands, subcommands and options, files elsewhere. */
export function completionScript(program: Command, shell: Shell): string {
  const nodes = walk(program, []);
  switch (shell) {
    case 'bash':
      return bash(program.name(), nodes);
    case 'zsh':
      return zsh(program.name(), nodes);
    case 'fish':
      return fish(program.name(), nodes);
  }
}

function walk(command: Command, path: readonly string[]): readonly Node[] {
  const help = command.createHelp();
  const commands = help.visibleCommands(command);
  const node: Node = {
    path: path.join(' '),
    commands: commands.map((one) => ({ name: one.name(), description: one.description() })),
    options: help.visibleOptions(command).map((option) => ({
      name: option.long ?? option.short ?? '',
      description: option.description,
      takesValue: takesValue(option),
    })),
  };
  const inner = command.commands.filter((one) => commands.includes(one));
  return [node, ...inner.flatMap((one) => walk(one, [...path, one.name()]))];
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

function bash(name: string, nodes: readonly Node[]): string {
  const cases = nodes.map(
    ({ path, commands, options }) =>
      `    '${path}') words='${[...commands, ...options].map((one) => one.name).join(' ')}' ;;`,
  );
  const paths = nodes.map(({ path }) => path).filter((path) => path !== '');
  return `# Completion of ${name} for bash: source this, or put it in ~/.local/share/bash-completion/completions/${name}
_${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path='' word words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
      ${paths.map((path) => `'${path}'`).join('|')}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [[ \${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- "$current"))
}
complete -o filenames -F _${name} ${name}
`;
}

function zsh(name: string, nodes: readonly Node[]): string {
  const quote = (text: string): string => text.replaceAll("'", "'\\''").replaceAll(':', '\\:');
  const cases = nodes.map(({ path, commands, options }) => {
    const entries = [...commands, ...options].map((one) => `'${quote(one.name)}:${quote(one.description)}'`);
    return `    '${path}') entries=(${entries.join(' ')}) ;;`;
  });
  const paths = nodes.map(({ path }) => path).filter((path) => path !== '');
  return `#compdef ${name}
# Completion of ${name} for zsh: put it in a folder of $fpath as _${name}
_${name}() {
  local route='' word
  local -a entries
  for word in \${words[2,CURRENT-1]}; do
    case "\${route:+$route }$word" in
      ${paths.map((path) => `'${path}'`).join('|')}) route="\${route:+$route }$word" ;;
    esac
  done
  case "$route" in
${cases.join('\n')}
  esac
  _describe '${name}' entries
  _files
}
compdef _${name} ${name}
`;
}

function fish(name: string, nodes: readonly Node[]): string {
  const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = nodes.flatMap(({ path, commands, options }) => {
    const when = `-n '__${name}_at ${path === '' ? '""' : `"${path}"`}'`;
    return [
      ...commands.map((one) => `complete -c ${name} ${when} -a ${one.name} -d ${quote(one.description)}`),
      ...options.map(
        (one) =>
          `complete -c ${name} ${when} -l ${one.name.replace(/^--?/, '')}${one.takesValue ? ' -r' : ''} -d ${quote(one.description)}`,
      ),
    ];
  });
  const paths = nodes.map(({ path }) => path).filter((path) => path !== '');
  return `# Completion of ${name} for fish: put it in ~/.config/fish/completions/${name}.fish
function __${name}_at
  set -l route ''
  for word in (commandline -opc)[2..-1]
    set -l next (string trim "$route $word")
    contains -- $next ${paths.map((path) => `'${path}'`).join(' ')}; and set route $next
  end
  test "$route" = "$argv[1]"
end
${lines.join('\n')}
`;
}
