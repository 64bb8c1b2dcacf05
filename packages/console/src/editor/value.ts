/** How a value of the mapping language is shown: as what a person can edit in place, or else as JSON that stays as it is. */
export type Shown =
  | { readonly kind: 'empty' }
  | { readonly kind: 'path'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'constant'; readonly text: string }
  | { readonly kind: 'json'; readonly text: string; readonly directive: string | undefined };

/** The kinds that a person can choose. */
export const VALUE_KINDS = ['empty', 'path', 'text', 'constant', 'json'] as const;

/** What a value is to its editor. */
export function shownOf(value: unknown): Shown {
  if (value === undefined) return { kind: 'empty' };
  if (typeof value === 'string') return { kind: 'text', text: value };
  if (typeof value !== 'object' || value === null) return { kind: 'constant', text: JSON.stringify(value) };
  const keys = Object.keys(value);
  const directive = Array.isArray(value) ? undefined : keys.find((key) => key.startsWith('@'));
  const inner = directive === undefined ? undefined : (value as Record<string, unknown>)[directive];
  if (keys.length === 1 && typeof inner === 'string') {
    if (directive === '@path') return { kind: 'path', text: inner };
    if (directive === '@template') return { kind: 'text', text: inner };
  }
  return { kind: 'json', text: JSON.stringify(value, null, 2), directive };
}

/** What a person wrote, as a value; undefined where it cannot be read. */
export function writtenAs(kind: Shown['kind'], text: string): { readonly value: unknown } | undefined {
  switch (kind) {
    case 'empty':
      return { value: undefined };
    case 'path':
      return { value: { '@path': text } };
    case 'text':
      return { value: text.includes('{{') ? { '@template': text } : text };
    case 'constant':
    case 'json':
      return read(text);
  }
}

function read(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** The same value as another kind, keeping what it says as far as the kind can say it. */
export function asKind(value: unknown, kind: Shown['kind']): unknown {
  const shown = shownOf(value);
  if (shown.kind === kind || kind === 'json') return value ?? null;
  if (kind === 'empty') return undefined;
  if (kind === 'path') {
    const text = shown.kind === 'text' ? shown.text.replace(/^\{\{\s*(.*?)\s*\}\}$/s, '$1') : '';
    return { '@path': text.startsWith('$') || text === '' ? text : `$.${text}` };
  }
  if (kind === 'text') {
    if (shown.kind === 'path') return { '@template': `{{${shown.text.replace(/^\$\./, '')}}}` };
    return shown.kind === 'empty' ? '' : shown.text;
  }
  if (shown.kind === 'text')
    return /^(?:true|false|null|-?\d+(?:\.\d+)?)$/.test(shown.text) ? JSON.parse(shown.text) : null;
  return null;
}

/** The value that reads keys from the event: as a path, or key by key where a path could not name one. */
export function reads(keys: readonly (string | number)[]): unknown {
  const nameable = keys.every((key) => typeof key === 'number' || /^[^.[\]"'{}\s][^.[\]"'{}]*$/.test(key));
  if (!nameable || keys.length === 0) return { '@waybill.get': keys };
  const path = keys.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
  return { '@path': `$${path}` };
}

/** The value that reads keys from the event where paths start at something else. */
export function readsEvent(keys: readonly (string | number)[]): unknown {
  const whole = reads(keys) as Readonly<Record<string, unknown>>;
  return { '@waybill.event': whole['@path'] ?? whole };
}

/** What reads keys inside a text. */
export function inText(keys: readonly (string | number)[]): string {
  const path = (reads(keys) as Readonly<Record<string, unknown>>)['@path'];
  return typeof path === 'string' ? `{{${path.replace(/^\$\.?/, '')}}}` : '';
}
