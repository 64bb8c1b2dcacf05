import { FIELDS } from './fields.ts';
import { FUNCTIONS, OPERATORS } from './operators/index.ts';
import { printOperand } from './print.ts';
import { triggerTokens, type TriggerToken } from './tokens.ts';

/** A path that events have; `[]` is a separate segment and matches each item of a list. */
export interface KnownPath {
  readonly segments: readonly string[];
  /** Values seen there. */
  readonly examples?: readonly (string | number | boolean)[];
  /** Share of the inspected events, from 0 to 1. */
  readonly share?: number;
}

/** A completion at a position of a trigger. */
export interface Completion {
  readonly label: string;
  /** The text to insert. */
  readonly insert: string;
  readonly kind: 'field' | 'function' | 'operator' | 'value';
  readonly doc?: string;
}

/** The completions at a position, and the range of the text that they replace. */
export interface Completions {
  readonly from: number;
  readonly to: number;
  readonly options: readonly Completion[];
}

const MOST = 200;

/** Lists completions at a position of a trigger, also of an unfinished one. Never throws. */
export function completeTrigger(text: string, offset: number, known: readonly KnownPath[] = []): Completions {
  const tokens = triggerTokens(text);
  const here = tokens.find((token) => isTouched(token, text, offset));
  const from = here?.offset ?? offset;
  const before = tokens.filter((token) => token.end <= from);
  const place = new Place(text, before, known);
  const typed = text.slice(from, offset);
  const isText = typed.startsWith('"') || typed.startsWith("'");
  const all = isText ? place.values() : place.awaitsValue() ? place.operands() : place.operators();
  const options = all.filter((one) => fits(one, typed)).slice(0, MOST);
  return { from, to: here?.end ?? offset, options };
}

/** Whether a token is being edited at the position: a word that ends there, or a string between its quotes. */
function isTouched(token: TriggerToken, text: string, offset: number): boolean {
  if (token.offset >= offset || token.end < offset) return false;
  if (token.kind === 'mark') return false;
  const quoted = text[token.offset] === '"' || text[token.offset] === "'";
  if (token.kind === 'text') return token.end > offset;
  return token.kind !== 'error' || quoted || /[\p{L}_$@.\\]/u.test(text[token.offset] ?? '');
}

function fits({ label, insert, kind }: Completion, typed: string): boolean {
  const sought = typed.toLowerCase();
  // A known string is found without its quote too.
  if (kind === 'value' && sought !== '' && label.toLowerCase().startsWith(`"${sought}`)) return true;
  if (insert.toLowerCase().startsWith(sought) || label.toLowerCase().startsWith(sought)) return true;
  // `total` finds `properties.total`.
  return sought.length > 1 && insert.toLowerCase().includes(`.${sought.replace(/^.*\./, '')}`);
}

/** What precedes a position of a trigger, and what can follow. */
class Place {
  readonly #text: string;
  readonly #before: readonly TriggerToken[];
  readonly #known: readonly KnownPath[];

  constructor(text: string, before: readonly TriggerToken[], known: readonly KnownPath[]) {
    this.#text = text;
    this.#before = before;
    this.#known = known;
  }

  /** Whether a field or value comes next, rather than an operator. */
  awaitsValue(): boolean {
    const last = this.#before.at(-1);
    if (last === undefined) return true;
    const raw = this.#raw(last);
    if (last.kind === 'keyword') return !/^(?:true|false|null)$/i.test(raw);
    return last.kind === 'mark' && raw !== ')' && raw !== ']';
  }

  operands(): readonly Completion[] {
    const values = this.#compared() === undefined ? [] : this.values();
    return [...values, ...this.#paths(), ...this.#functions(), ...WORDS];
  }

  operators(): readonly Completion[] {
    const last = this.#before.at(-1)!;
    const isWhole = last.kind !== 'path' && this.#raw(last) !== ')';
    return isWhole ? JOINING : [...COMPARING, ...JOINING];
  }

  /** Values seen at the compared field. */
  values(): readonly Completion[] {
    const path = this.#compared();
    if (path === undefined) return [];
    const examples = new Set(
      this.#scoped()
        .filter(({ written }) => written === path)
        .flatMap(({ path: one }) => one.examples ?? []),
    );
    if (path === 'type') for (const type of CALLS) examples.add(type);
    return [...examples].map((value) => {
      const insert = printOperand({ kind: 'literal', value, offset: 0, end: 0 }, false);
      return { label: insert, insert, kind: 'value' };
    });
  }

  /** The path that the value is compared with. */
  #compared(): string | undefined {
    let at = this.#before.length - 1;
    // In a list, the tokens before the bracket decide.
    while (at >= 0 && !['=', '==', '!=', '<', '<=', '>', '>='].includes(this.#raw(this.#before[at]!))) {
      const token = this.#before[at]!;
      if (this.#raw(token).toLowerCase() === 'in') break;
      if (this.#isFirst(at)) return this.#raw(token);
      if (token.kind !== 'text' && token.kind !== 'number' && !/^[[(,]$/.test(this.#raw(token)))
        return undefined;
      at -= 1;
    }
    let field = this.#before[at - 1];
    if (field !== undefined && this.#raw(field).toLowerCase() === 'not') field = this.#before[at - 2];
    return field?.kind === 'path' ? this.#raw(field) : undefined;
  }

  /** Whether a token is the path argument of a function like `contains(event, "…")`. */
  #isFirst(at: number): boolean {
    const [name, open, path, comma] = this.#before.slice(Math.max(at - 2, 0), at + 2);
    if (at < 2 || path?.kind !== 'path' || name?.kind !== 'function' || comma === undefined) return false;
    return this.#raw(open!) === '(' && this.#raw(comma) === ',' && !/^(?:any|all)$/.test(this.#raw(name));
  }

  #paths(): readonly Completion[] {
    const seen = new Set<string>();
    const list = this.#list();
    const options = (list === undefined ? FIELDS : []).map(({ name, type, doc }): Completion => {
      seen.add(name);
      return { label: name, insert: type === 'object' ? `${name}.` : name, kind: 'field', doc };
    });
    const paths = this.#scoped().flatMap(({ written, path }): readonly Completion[] => {
      if (seen.has(written)) return [];
      seen.add(written);
      const shown = (path.examples ?? []).map((value) => JSON.stringify(value)).join(', ');
      return [{ label: written, insert: written, kind: 'field', ...(shown === '' ? {} : { doc: shown }) }];
    });
    return [...options, ...paths];
  }

  #functions(): readonly Completion[] {
    return FUNCTIONS.map(({ name, parameters, doc }) => ({
      label: `${name}(${parameters.join(', ')})`,
      insert: `${name}(`,
      kind: 'function',
      doc,
    }));
  }

  /** Known paths in local notation: relative to the item inside `any` and `all`. */
  #scoped(): readonly { readonly written: string; readonly path: KnownPath }[] {
    const list = this.#list();
    const root = list === undefined ? 'event' : 'item';
    return this.#known.flatMap((path) => {
      const segments = list === undefined ? path.segments : below(path.segments, list);
      if (segments === undefined || segments.length === 0 || segments.includes('[]')) return [];
      const node = { kind: 'path', root, segments, offset: 0, end: 0 } as const;
      return [{ written: printOperand(node, list !== undefined), path }];
    });
  }

  /** The list whose items the position is about, as a known path. */
  #list(): string | undefined {
    const open: (string | undefined)[] = [];
    this.#before.forEach((token, at) => {
      const raw = this.#raw(token);
      if (raw === '(' && token.kind === 'mark') {
        const name = this.#before[at - 1];
        const isQuantifier = name?.kind === 'function' && /^(?:any|all)$/.test(this.#raw(name));
        const list = this.#before[at + 1];
        const isPast = this.#before[at + 2] !== undefined;
        open.push(isQuantifier && list?.kind === 'path' && isPast ? this.#raw(list) : undefined);
      } else if (raw === ')' && token.kind === 'mark') open.pop();
    });
    const lists = open.filter((one) => one !== undefined);
    return lists.length === 0 ? undefined : lists.join('.[].');
  }

  #raw(token: TriggerToken): string {
    return this.#text.slice(token.offset, token.end);
  }
}

/** The part of a path below the items of a list. */
function below(segments: readonly string[], list: string): readonly string[] | undefined {
  const whole = segments.join('.');
  return whole.startsWith(`${list}.[].`) ? segments.slice(list.split('.').length + 1) : undefined;
}

const CALLS = ['track', 'identify', 'page', 'screen', 'group', 'alias'];

function word(label: string, insert: string, kind: Completion['kind'], doc?: string): Completion {
  return { label, insert, kind, ...(doc === undefined ? {} : { doc }) };
}

const DOCS = new Map(OPERATORS.map(({ name, doc }) => [name, doc]));
const WORDS: readonly Completion[] = [
  ...['any', 'all'].map((name) => word(`${name}(list, condition)`, `${name}(`, 'function', DOCS.get(name))),
  word('not', 'not ', 'operator', DOCS.get('!')),
  ...['true', 'false', 'null'].map((name) => word(name, name, 'value')),
];
const COMPARING: readonly Completion[] = ['=', '!=', '<', '<=', '>', '>=', 'in', 'not in'].map((name) =>
  word(name, `${name} `, 'operator', DOCS.get(name.replace('not ', ''))),
);
const JOINING: readonly Completion[] = ['and', 'or'].map((name) =>
  word(name, `${name} `, 'operator', DOCS.get(name)),
);
