/** How a value of the mapping language is shown: as an editor for its kind, or as JSON. */
export type Shown =
  | { readonly kind: 'empty' }
  | { readonly kind: 'path'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'constant'; readonly text: string }
  | { readonly kind: 'json'; readonly text: string; readonly directive: string | undefined };

/** The selectable kinds. */
export const VALUE_KINDS = ['empty', 'path', 'text', 'constant', 'json'] as const;

/** Returns how a value is shown. */
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

/** Converts input to a value; undefined when invalid. */
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

/** Converts a value to another kind, preserving as much as possible. */
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

/** Returns the value that reads keys from the event: a path, or key by key where a path cannot express one. */
export function reads(keys: readonly (string | number)[]): unknown {
  const nameable = keys.every((key) => typeof key === 'number' || /^[^.[\]"'{}\s][^.[\]"'{}]*$/.test(key));
  if (!nameable || keys.length === 0) return { '@waybill.get': keys };
  const path = keys.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
  return { '@path': `$${path}` };
}

/** Returns the value that reads keys from the event where paths start elsewhere. */
export function readsEvent(keys: readonly (string | number)[]): unknown {
  const whole = reads(keys) as Readonly<Record<string, unknown>>;
  return { '@waybill.event': whole['@path'] ?? whole };
}

/** Returns the template for keys inside a string. */
export function inText(keys: readonly (string | number)[]): string {
  const path = (reads(keys) as Readonly<Record<string, unknown>>)['@path'];
  return typeof path === 'string' ? `{{${path.replace(/^\$\.?/, '')}}}` : '';
}
