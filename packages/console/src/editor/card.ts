/** The inputs of a directive: options by name, with their words if few; or a list; or one value. */
type Shape =
  | { readonly options: Readonly<Record<string, readonly string[] | undefined>> }
  | { readonly list: true }
  | { readonly single: true };

const ANY = undefined;
const INVALID = ['fail', 'drop', 'keep'];
const UNITS = ['major', 'minor'];
const MOMENTS = ['seconds', 'milliseconds'];

const SHAPES: Readonly<Record<string, Shape>> = {
  '@if': { options: { exists: ANY, blank: ANY, then: ANY, else: ANY } },
  '@case': { options: { value: ANY, operator: ['lower', 'upper'] } },
  '@replace': {
    options: {
      value: ANY,
      pattern: ANY,
      replacement: ANY,
      pattern2: ANY,
      replacement2: ANY,
      ignorecase: ANY,
      global: ANY,
    },
  },
  '@json': { options: { value: ANY, mode: ['encode', 'decode'] } },
  '@flatten': { options: { value: ANY, separator: ANY, omitArrays: ANY } },
  '@merge': { options: { objects: ANY, direction: ['left', 'right'] } },
  '@transform': { options: { apply: ANY, mapping: ANY } },
  '@arrayPath': { list: true },
  '@excludeWhenNull': { single: true },
  '@waybill.event': { single: true },
  '@waybill.coalesce': { list: true },
  '@waybill.map': { options: { over: ANY, to: ANY } },
  '@waybill.filter': { options: { over: ANY, where: ANY, match: ['all', 'any'] } },
  '@waybill.phone': { options: { value: ANY, country: ANY, invalid: INVALID } },
  '@waybill.date': {
    options: {
      value: ANY,
      from: ['auto', 'iso', ...MOMENTS],
      to: ['iso', 'date', ...MOMENTS],
      zone: ANY,
      invalid: INVALID,
    },
  },
  '@waybill.number': {
    options: {
      value: ANY,
      decimal: ['.', ','],
      from: UNITS,
      to: UNITS,
      currency: ANY,
      digits: ANY,
      invalid: INVALID,
    },
  },
};

/** A value of a directive. */
export interface Slot {
  readonly key: string;
  readonly value: unknown;
  /** The possible words, if few. */
  readonly words: readonly string[] | undefined;
}

/** A directive with its values, each in the mapping language. */
export interface Card {
  readonly directive: string;
  readonly slots: readonly Slot[];
  /** Whether values can be added. */
  readonly grows: boolean;
}

/** Returns a directive as a card; undefined for what can only be shown as JSON. */
export function cardOf(value: unknown): Card | undefined {
  const found = directiveOf(value);
  if (found === undefined) return undefined;
  const { directive, shape, inner } = found;
  const card = (slots: readonly Slot[], grows = false): Card => ({ directive, slots, grows });
  if ('single' in shape) return card([{ key: '', value: inner, words: undefined }]);
  if ('list' in shape) {
    if (!Array.isArray(inner)) return undefined;
    return card(
      inner.map((one: unknown, at) => ({ key: String(at), value: one, words: undefined })),
      true,
    );
  }
  if (!isMembers(inner) || Object.keys(inner).some((key) => !Object.hasOwn(shape.options, key)))
    return undefined;
  const slots = Object.entries(shape.options).map(([key, words]) => ({ key, value: inner[key], words }));
  // An unknown word, or a directive instead, can only be shown as JSON.
  const fits = slots.every(
    ({ value: one, words }) => words === undefined || one === undefined || words.includes(one as string),
  );
  return fits ? card(slots) : undefined;
}

/** Returns the directive with a changed value; undefined removes it. Everything else is identical. */
export function withSlot(value: unknown, key: string, next: unknown): unknown {
  const found = directiveOf(value);
  if (found === undefined) return value;
  const { directive, shape, inner } = found;
  if ('single' in shape) return { [directive]: next ?? null };
  if (Array.isArray(inner)) {
    const at = Number(key);
    const list = [
      ...(inner as readonly unknown[]).slice(0, at),
      next,
      ...(inner as readonly unknown[]).slice(at + 1),
    ];
    return { [directive]: list.filter((one, place) => one !== undefined || place !== at) };
  }
  const { [key]: _before, ...rest } = isMembers(inner) ? inner : {};
  if (next === undefined) return { [directive]: rest };
  return { [directive]: { ...(isMembers(inner) ? inner : {}), [key]: next } };
}

/** The wrappers of a value. */
export const WRAPS: Readonly<Record<string, (value: unknown) => unknown>> = {
  '@if': (value) => ({ '@if': { exists: value, then: value } }),
  '@waybill.coalesce': (value) => ({ '@waybill.coalesce': [value, ''] }),
  '@case': (value) => ({ '@case': { value, operator: 'lower' } }),
  '@replace': (value) => ({ '@replace': { value, pattern: ' ', replacement: '' } }),
  '@waybill.number': (value) => ({ '@waybill.number': { value } }),
  '@waybill.date': (value) => ({ '@waybill.date': { value } }),
  '@waybill.phone': (value) => ({ '@waybill.phone': { value } }),
  '@json': (value) => ({ '@json': { value, mode: 'encode' } }),
  '@flatten': (value) => ({ '@flatten': { value, separator: '.' } }),
  '@excludeWhenNull': (value) => ({ '@excludeWhenNull': value }),
  '@arrayPath': (value) => ({ '@arrayPath': [value, {}] }),
  '@waybill.map': (value) => ({ '@waybill.map': { over: value, to: { '@path': '$.' } } }),
};

function directiveOf(
  value: unknown,
): { readonly directive: string; readonly shape: Shape; readonly inner: unknown } | undefined {
  if (!isMembers(value)) return undefined;
  const [directive, ...others] = Object.keys(value);
  if (directive === undefined || others.length > 0 || !Object.hasOwn(SHAPES, directive)) return undefined;
  return { directive, shape: SHAPES[directive]!, inner: value[directive] };
}

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
