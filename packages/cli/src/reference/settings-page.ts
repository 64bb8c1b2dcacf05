import type { Fields } from '@waybill/core';
import { fieldTable } from '@waybill/definitions';
import type { Command } from 'commander';
import { VARIABLES } from './variables.ts';

/** Definitions of one kind, with settings in a workspace. */
export interface Defined {
  /** The plural, as a heading. */
  readonly title: string;
  readonly definitions: readonly {
    readonly slug: string;
    readonly name: string;
    readonly settings: Fields;
  }[];
  /** The folder of their pages, and the existing pages. */
  readonly folder: string;
  readonly pages: ReadonlySet<string>;
}

/** Renders `docs/settings.md`: every variable with its flags, and every setting of Waybill's own definitions. */
export function settingsPage(program: Command, defined: readonly Defined[]): string {
  const flags = flagsOf(program);
  const row = ({ name, default: value, meaning }: (typeof VARIABLES)[number]['variables'][number]): string =>
    `| \`${name}\` | ${value} | ${meaning} | ${[...(flags.get(name) ?? [])].map((one) => `\`${one}\``).join(', ')} |`;
  const variables = VARIABLES.map(
    ({ title, text, variables: rows }) =>
      `## ${title}\n\n${text === undefined ? '' : `${text}\n\n`}| variable | default | meaning | flag |\n|---|---|---|---|\n${rows.map(row).join('\n')}\n`,
  );
  const settings = defined.flatMap(({ title, definitions, folder, pages }) => [
    `## ${title}\n`,
    ...definitions.map(({ slug, name, settings: fields }) => {
      const heading = pages.has(slug) ? `[${name}](${folder}/${slug}.md)` : name;
      return `### ${heading} \`${slug}\`\n\n${shown(fieldTable(fields))}\n`;
    }),
  ]);
  return `# Settings

Every environment variable of Waybill, and every setting of its destinations, sources and processors. This page is generated
from the code. [Commands](cli.md) have flags for some variables; a flag takes precedence. Settings of destinations, sources and processors are in the
[workspace](workspace.md); secrets there can refer to variables.

<!-- prettier-ignore-start -->

${[...variables, ...settings].join('\n')}
<!-- prettier-ignore-end -->
`;
}

/** Escapes angle brackets outside of code. */
function shown(text: string): string {
  return text.replaceAll(/`[^`]*`|</g, (one) => (one === '<' ? '\\<' : one));
}

/** The flags equivalent to a variable. */
function flagsOf(command: Command): ReadonlyMap<string, ReadonlySet<string>> {
  const flags = new Map<string, Set<string>>();
  const walk = (one: Command): void => {
    for (const { envVar, long } of one.options) {
      if (envVar === undefined || long === null || long === undefined) continue;
      flags.set(envVar, (flags.get(envVar) ?? new Set()).add(long));
    }
    one.commands.forEach(walk);
  };
  walk(command);
  return flags;
}
