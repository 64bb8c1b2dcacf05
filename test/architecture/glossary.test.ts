import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { packages, root, sources } from './sources.ts';

const GLOSSARY = join(root, 'docs/glossary.md');

/** Returns the words of the second table of the glossary, with their replacements. */
const avoided = readFileSync(GLOSSARY, 'utf8')
  .split('## Words to avoid')[1]!
  .matchAll(/^\| ([a-z][a-z' -]*?) +\| ([^|]+?) +\|$/gm);
const instead = new Map([...avoided].map(([, word = '', better = '']) => [word, better]));
const pattern = new RegExp(`\\b(?:${[...instead.keys()].join('|')})\\b`, 'gi');

/** Finds the words to avoid, with their replacements. */
function found(file: string, text: string): readonly string[] {
  return text.split('\n').flatMap((line, at) =>
    [...line.matchAll(pattern)].map(([word]) => {
      const better = instead.get(word.toLowerCase())!;
      return `${relative(root, file)}:${at + 1} "${word}": write "${better}"`;
    }),
  );
}

/** Lines of a file with what is between quotes alone: messages, and not comments. */
function quoted(text: string): string {
  const strings = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\\n]|\\.)*`/g;
  return text
    .split('\n')
    .map((line) =>
      /^\s*(?:\*|\/\/|\/\*)/.test(line)
        ? ''
        : (line.match(strings) ?? []).filter((one) => one.includes(' ')).join(' '),
    )
    .join('\n');
}

/** Returns the comments of a file by line, without code in backticks. */
function commented(text: string): string {
  return text
    .split('\n')
    .map((line) => /^\s*(?:\*|\/\/|\/\*).*|(?:^|\s)(?:\/\/|\/\*\*?) .*$/.exec(line)?.[0] ?? '')
    .map((line) => line.replace(/`[^`]*`/g, ''))
    .join('\n');
}

it('docs use the words of the glossary', () => {
  const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((page) => page.endsWith('.md'))
    .map((page) => join(root, 'docs', page));
  const own = packages
    .map((name) => join(root, 'packages', name, 'README.md'))
    .filter((file) => existsSync(file));
  const deploy = readdirSync(join(root, 'deploy'), { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const named = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].map((file) => join(root, file));
  const files = [...named, ...own, ...deploy, ...pages];
  expect(instead.size).toBeGreaterThan(10);
  const wrong = files
    .filter((file) => file !== GLOSSARY)
    .flatMap((file) => found(file, readFileSync(file, 'utf8')));
  expect(wrong).toEqual([]);
});

it('messages use the words of the glossary', () => {
  const wrong = packages.flatMap((name) =>
    sources(name).flatMap((file) => found(file, quoted(readFileSync(file, 'utf8')))),
  );
  expect(wrong).toEqual([]);
});

it('comments use the words of the glossary', () => {
  const wrong = packages.flatMap((name) =>
    sources(name).flatMap((file) => found(file, commented(readFileSync(file, 'utf8')))),
  );
  expect(wrong).toEqual([]);
});
