import { expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS } from '@waybill/core';
import { Command } from 'commander';
import { pagesOf } from '../../../../test/docs/blocks.ts';
import { commandsFor } from '../../src/commands.ts';

const root = join(import.meta.dirname, '../../../..');
const program = new Command('waybill');
for (const register of await commandsFor([])) register(program, () => undefined);

/** Returns what is wrong with a mentioned command; undefined when the command and its flags exist. */
function problemOf(line: string): string | undefined {
  const words = line.replace(/^(?:npx )?waybill /, '').split(/\s+/);
  let command = program;
  for (let name = words.shift(); name !== undefined; name = words.shift()) {
    const next = command.commands.find((one) => one.name() === name || one.aliases().includes(name!));
    if (next === undefined) {
      if (command === program || command.registeredArguments.length === 0) return `${line}: no "${name}"`;
      break;
    }
    command = next;
    if (command.commands.length === 0 || words[0]?.startsWith('-') === true) break;
  }
  const flags = line.match(/(?<=[\s[])--[a-z][\w-]*/g) ?? [];
  const known = ['--help', ...command.options.map(({ long }) => long)];
  const unknown = flags.filter((flag) => !known.includes(flag));
  return unknown.length === 0 ? undefined : `${line}: no ${unknown.join(', ')}`;
}

it('commands in pages and remedies exist, with their flags', () => {
  const pages = pagesOf(root).map((page) => readFileSync(join(root, page), 'utf8'));
  const inPages = pages.flatMap((text) => text.match(/(?<=`)(?:npx )?waybill [a-z][^`\n]*(?=`)/g) ?? []);
  const inRemedies = Object.values(ERRORS).flatMap(
    ({ remedy }) => remedy.match(/\bwaybill [a-z]+(?: [a-z]+)?/g) ?? [],
  );
  const mentioned = [...inPages, ...inRemedies];
  expect([inPages.length > 40, inRemedies.length > 2]).toEqual([true, true]);
  expect([...new Set(mentioned)].flatMap((line) => problemOf(line) ?? [])).toEqual([]);
  // The test detects a wrong one.
  expect([problemOf('waybill event tail'), problemOf('waybill events tail --outcome')]).toEqual([
    'waybill event tail: no "event"',
    'waybill events tail --outcome: no --outcome',
  ]);
});
