import { type Destination, ERRORS, type ErrorCode, type Field, type Fields } from '@waybill/core';

/*
 * The parts of the page of a destination that are generated from its definition.
 */

/** The settings. */
export function settingsTable({ settings }: Destination): string {
  return table(
    ['Setting', 'Key', 'Type', 'Default', 'Description'],
    Object.entries(settings).map(([key, field]) => [
      star(field),
      code(key),
      typeOf(field),
      field.default === undefined ? '' : code(field.default),
      field.description,
    ]),
  );
}

/** The actions, each with its fields, and the inputs and outputs of its hook. */
export function actionTables({ actions }: Destination): string {
  return Object.entries(actions)
    .map(([key, action]) =>
      [
        `### ${action.title}`,
        `${action.description} Key ${code(key)}; ${
          action.defaultTrigger === undefined
            ? 'no default trigger'
            : `default trigger ${code(action.defaultTrigger)}`
        }.`,
        table(['Field', 'Key', 'Type', 'Default', 'Description'], rows(action.fields)),
      ].join('\n\n'),
    )
    .join('\n\n');
}

/** The presets. */
export function presetTable({ actions, presets }: Destination): string {
  return table(
    ['Preset', 'Slug', 'Action', 'For'],
    presets.map((preset) => [
      preset.name,
      code(preset.slug),
      actions[preset.action]!.title,
      preset.type === 'automatic' ? code(preset.trigger) : `events of the kind ${code(preset.eventSlug)}`,
    ]),
  );
}

/** The meaning of codes, with what to do about them at the destination. */
export function codeTable(
  codes: readonly ErrorCode[],
  hints: Readonly<Partial<Record<ErrorCode, string>>>,
): string {
  return table(
    ['Code', 'Sent again by itself', 'What happened', 'What to do'],
    codes.map((name) => {
      const { message, remedy, retryable } = ERRORS[name];
      return [code(name), retryable ? 'yes' : 'no', message, hints[name] ?? remedy];
    }),
  );
}

/** Returns the page with regenerated parts. */
export function regenerated(page: string, parts: Readonly<Record<string, () => string>>): string {
  return page.replace(
    /<!-- generated: (\w+) -->[\s\S]*?<!-- \/generated -->/g,
    (_whole, name: string) => `<!-- generated: ${name} -->\n\n${parts[name]!()}\n\n<!-- /generated -->`,
  );
}

/** Returns a page without formatting. */
export function plain(page: string): string {
  return page
    .replace(/-{3,}/g, '---')
    .replace(/[ \t]+/g, ' ')
    .replace(/\n+/g, '\n');
}

function rows(fields: Fields, prefix = ''): readonly (readonly string[])[] {
  return Object.entries(fields).flatMap(([key, field]) => [
    [
      star(field),
      code(`${prefix}${key}`),
      typeOf(field),
      field.default === undefined || prefix !== '' ? '' : code(shortDefault(field.default)),
      field.description,
    ],
    ...rows(field.properties ?? {}, `${prefix}${key}${field.multiple === true ? '[]' : ''}.`),
  ]);
}

function star({ label, required }: Field): string {
  return required === true ? `${label} \\*` : label;
}

function typeOf({ type, multiple, choices }: Field): string {
  const one = multiple === true ? `list of ${type}` : type;
  const words = choices?.map((choice) => code(typeof choice === 'string' ? choice : choice.value));
  return words === undefined ? one : `${one}: ${words.join(', ')}`;
}

/** Shortens a default for readers: just the path where possible. */
function shortDefault(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const {
    '@path': path,
    '@if': either,
    '@arrayPath': list,
    '@merge': merged,
  } = value as Record<string, unknown>;
  if (typeof path === 'string') return path;
  if (typeof either === 'object' && either !== null) {
    const { then, else: other } = either as Record<string, unknown>;
    return `${String(shortDefault(then))}, else ${String(shortDefault(other))}`;
  }
  if (typeof merged === 'object' && merged !== null) {
    const { objects } = merged as { readonly objects: readonly unknown[] };
    return objects.map((one) => String(shortDefault(one))).join(', and ');
  }
  if (Array.isArray(list)) return `each of ${String(list[0])}`;
  return Object.entries(value)
    .map(([key, member]) => `${key}: ${String(shortDefault(member))}`)
    .join('; ');
}

/** Formats text as code. */
export function code(text: unknown): string {
  return `\`${String(text)}\``;
}

/** Formats a Markdown table. */
export function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}
