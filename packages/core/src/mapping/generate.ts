import { code, joinCode, variable, type Code } from './code.ts';
import type { Evaluate } from './closures.ts';
import { isPlainKey, readKeys, readOwn } from './paths.ts';
import { canBeUndefined, canHoldUndefined, type Form, type Plan } from './plan.ts';
import { itemCost, mustMeasure, spend, spendOn } from './size.ts';
import { isFilled, isMembers, setOwn, toText, withoutUndefined } from './values.ts';

/** Functions that generated code calls, by their name there. */
const HELPERS = {
  own: readOwn,
  read: readKeys,
  put: setOwn,
  text: toText,
  full: isFilled,
  members: isMembers,
  tidy: withoutUndefined,
  spend,
  weigh: spendOn,
} as const;

const HELPER_CODE = {
  own: code`own`,
  read: code`read`,
  put: code`put`,
  text: code`text`,
  full: code`full`,
  members: code`members`,
  tidy: code`tidy`,
  spend: code`spend`,
  weigh: code`weigh`,
} as const satisfies Record<keyof typeof HELPERS, Code>;

/**
 * Longer paths are read by a loop: unrolled, a path of thousands of keys takes longer to compile than a request may.
 */
const MAX_INLINE_KEYS = 32;

/** Compiles a plan to one generated function. */
export function toFunction(plan: Plan): Evaluate {
  const program = new Program();
  const main = program.scopeFunction(plan, 'payload', true, true);
  const source = code`"use strict";const {${joinCode(Object.values(HELPER_CODE), code`,`)}}=helpers;${program.declarations()}return ${main};`;
  return new Function('helpers', 'slots', source.toString())(HELPERS, program.slots) as Evaluate;
}

/** Whether the environment allows generated functions; a strict content security policy does not. */
export function canGenerate(): boolean {
  try {
    return new Function('return true')() === true;
  } catch {
    return false;
  }
}

/** The program under construction: its functions and parameters. */
class Program {
  readonly slots: unknown[] = [];
  readonly #functions: Code[] = [];
  #count = 0;

  /** A new variable. */
  fresh(word: string): Code {
    return variable(word, this.#count++);
  }

  /** Passes a value to the program and returns its name there. */
  slot(value: unknown): Code {
    this.slots.push(value);
    return variable('k', this.slots.length - 1);
  }

  declare(definition: Code): void {
    this.#functions.push(definition);
  }

  declarations(): Code {
    const slots = this.slots.map((_, i) => code`const ${variable('k', i)}=slots[${i}];`);
    return joinCode([...slots, ...this.#functions], code``);
  }

  /** Writes the function (scope, event) => value of a plan and returns its name. */
  scopeFunction(plan: Plan, form: Form, tidy: boolean, isEvent: boolean): Code {
    const name = this.fresh('f');
    const body = new Body(this, tidy, isEvent, plan);
    const result = body.value(plan, form);
    this.declare(code`function ${name}(s,e){${body.prologue()}return ${result};}`);
    return name;
  }

  /**
   * Writes the constructor of an object that leaves undefined members out, and returns its name. It shows the engine
   * the maximum number of members, so that space is allocated at once; its instances are still plain objects.
   */
  constructorFunction(members: readonly { readonly key: string; readonly always: boolean }[]): Code {
    const name = this.fresh('c');
    const values = members.map(() => this.fresh('a'));
    const sets = members.map(({ key, always }, i) => {
      const value = values[i]!;
      const set =
        key === '__proto__' ? code`${HELPER_CODE.put}(this,${key},${value})` : code`this[${key}]=${value}`;
      return always ? code`${set};` : code`if(${value}!==undefined)${set};`;
    });
    this.declare(
      code`function ${name}(${joinCode(values, code`,`)}){${joinCode(sets, code``)}}${name}.prototype=Object.prototype;`,
    );
    return name;
  }

  /** Writes the function (list, event) => list that evaluates a shape for every item, and returns its name. */
  listFunction(shape: Code, fill: boolean, plan: Plan): Code {
    const name = this.fresh('f');
    const item = fill ? code`(v=${shape}(l[i],e))===undefined?null:v` : code`${shape}(l[i],e)`;
    const each = mustMeasure(plan) ? code`{o[i]=${item};${HELPER_CODE.weigh}(o[i]);}` : code`o[i]=${item};`;
    this.declare(
      code`function ${name}(l,e){let v;const n=l.length;${HELPER_CODE.spend}(n*${itemCost(plan)});const o=new Array(n);for(let i=0;i<n;i++)${each}return o;}`,
    );
    return name;
  }
}

const SCOPE_NAME = code`s`;
const EVENT_NAME = code`e`;

/** Reads with a common prefix, as a tree: a shared prefix is loaded once, at the start of the function. */
interface Prefix {
  uses: number;
  name: Code | undefined;
  readonly next: Map<string, Prefix>;
}

function newPrefix(): Prefix {
  return { uses: 0, name: undefined, next: new Map() };
}

/** The body of one generated function. */
class Body {
  readonly #program: Program;
  readonly #tidy: boolean;
  readonly #isEvent: boolean;
  readonly #locals: Code[] = [];
  readonly #loads: Code[] = [];
  readonly #fromScope = newPrefix();
  readonly #fromEvent: Prefix;

  constructor(program: Program, tidy: boolean, isEvent: boolean, plan: Plan) {
    this.#program = program;
    this.#tidy = tidy;
    this.#isEvent = isEvent;
    this.#fromEvent = isEvent ? this.#fromScope : newPrefix();
    this.#count(plan, this.#fromScope);
    this.#load(this.#fromScope, SCOPE_NAME, isEvent);
    if (!isEvent) this.#load(this.#fromEvent, EVENT_NAME, true);
  }

  /** Declarations and shared loads before the result. */
  prologue(): Code {
    return code`let t,v${joinCode(
      this.#locals.map((name) => code`,${name}`),
      code``,
    )};${joinCode(this.#loads, code``)}`;
  }

  /** Returns the expression of a plan. */
  value(plan: Plan, form: Form, prefix: Prefix = this.#fromScope, tidy: boolean = this.#tidy): Code {
    switch (plan.kind) {
      case 'constant':
        return this.#constant(plan.value);
      case 'read':
        return this.#tidied(this.#read(plan.keys, prefix), plan, form, tidy);
      case 'event':
        return this.value(plan.body, form, this.#fromEvent, true);
      case 'object':
        return this.#object(plan.members, form, prefix, tidy);
      case 'list':
        return this.#list(plan.items, form, prefix, tidy);
      case 'text':
        return code`${this.#program.slot(plan.check)}(${this.#text(plan.parts, prefix, tidy)})`;
      case 'choose': {
        const test = this.#test(plan.test, this.value(plan.of, 'raw', prefix, tidy));
        return code`(${test}?${this.value(plan.yes, form, prefix, tidy)}:${this.value(plan.no, form, prefix, tidy)})`;
      }
      case 'first':
        return code`(${joinCode(
          plan.of.map((part) => this.value(part, form, prefix, tidy)),
          code`??`,
        )})`;
      case 'each':
        return this.#each(plan, form, prefix, tidy);
      case 'within': {
        const body = this.#program.scopeFunction(
          plan.body,
          form,
          !canHoldUndefined(plan.scope, tidy, 'members'),
          false,
        );
        return code`${body}(${this.value(plan.scope, 'members', prefix, tidy)},${this.#event()})`;
      }
      case 'call': {
        const args = plan.args.map((arg) => this.value(arg, 'raw', prefix, tidy));
        const call = code`${this.#program.slot(plan.run)}(${joinCode(args, code`,`)})`;
        return this.#tidied(call, plan, form, tidy);
      }
    }
  }

  #event(): Code {
    return this.#isEvent ? SCOPE_NAME : EVENT_NAME;
  }

  #constant(value: unknown): Code {
    if (value === undefined) return code`undefined`;
    if (value === null) return code`null`;
    if (value === true) return code`true`;
    if (value === false) return code`false`;
    if (typeof value === 'string') return code`${value}`;
    // Numbers are passed as parameters, like objects: JSON has no minus zero, but an event may.
    return this.#program.slot(value);
  }

  #read(keys: readonly string[], prefix: Prefix): Code {
    let node = prefix;
    let base = prefix === this.#fromScope ? SCOPE_NAME : EVENT_NAME;
    if (keys.length > MAX_INLINE_KEYS) return code`${HELPER_CODE.read}(${base},${this.#program.slot(keys)})`;
    let isObject = prefix === this.#fromEvent;
    let left = keys;
    keys.forEach((key, i) => {
      node = node.next.get(key)!;
      if (node.name === undefined) return;
      base = node.name;
      isObject = false;
      left = keys.slice(i + 1);
    });
    return chain(base, left, isObject);
  }

  #object(members: readonly (readonly [string, Plan])[], form: Form, prefix: Prefix, tidy: boolean): Code {
    const parts = members.map(([key, part]) => ({
      key,
      always: form === 'raw' || !canBeUndefined(part),
      value: this.value(part, form, prefix, tidy),
    }));
    if (parts.every((part) => part.always)) {
      const members = parts.map(({ key, value }) => code`[${key}]:${value}`);
      return code`({${joinCode(members, code`,`)}})`;
    }
    const make = this.#program.constructorFunction(parts);
    const values = parts.map(({ value }) => value);
    return code`new ${make}(${joinCode(values, code`,`)})`;
  }

  #list(items: readonly Plan[], form: Form, prefix: Prefix, tidy: boolean): Code {
    const values = items.map((item) => {
      const value = this.value(item, form, prefix, tidy);
      return form === 'payload' && canBeUndefined(item) ? code`(v=${value})===undefined?null:v` : value;
    });
    return code`[${joinCode(values, code`,`)}]`;
  }

  #text(parts: readonly (string | Plan)[], prefix: Prefix, tidy: boolean): Code {
    const pieces = parts.map((part) =>
      typeof part === 'string'
        ? code`${part}`
        : code`(typeof(v=${this.value(part, 'raw', prefix, tidy)})==="string"?v:${HELPER_CODE.text}(v))`,
    );
    return pieces.length === 0 ? code`""` : code`(${joinCode(pieces, code`+`)})`;
  }

  #test(test: 'present' | 'filled', value: Code): Code {
    return test === 'present'
      ? code`(v=${value})!==undefined&&v!==null`
      : code`${HELPER_CODE.full}(${value})`;
  }

  #each(plan: Extract<Plan, { kind: 'each' }>, form: Form, prefix: Prefix, tidy: boolean): Code {
    const shape = this.#program.scopeFunction(plan.shape, form, !canHoldUndefined(plan.list, tidy), false);
    const all = this.#program.listFunction(
      shape,
      form === 'payload' && canBeUndefined(plan.shape),
      plan.shape,
    );
    const list = this.#local();
    const event = this.#event();
    const one = code`${all}([${list}],${event})`;
    const other =
      plan.single === 'object'
        ? code`${HELPER_CODE.members}(${list})?${one}:${list}`
        : code`${list}===undefined||${list}===null?undefined:${one}`;
    const from = this.value(plan.list, 'raw', prefix, tidy);
    return code`(Array.isArray(${list}=${from})?${all}(${list},${event}):${other})`;
  }

  #tidied(value: Code, plan: Plan, form: Form, tidy: boolean): Code {
    if (form === 'raw' || !canHoldUndefined(plan, tidy)) return value;
    return form === 'payload'
      ? code`${HELPER_CODE.tidy}(${value},null)`
      : code`${HELPER_CODE.tidy}(${value},undefined)`;
  }

  #local(): Code {
    const name = this.#program.fresh('o');
    this.#locals.push(name);
    return name;
  }

  /** Counts how often this function reads each prefix of a path. */
  #count(plan: Plan, prefix: Prefix): void {
    switch (plan.kind) {
      case 'read': {
        if (plan.keys.length > MAX_INLINE_KEYS) return;
        let node = prefix;
        for (const key of plan.keys) {
          let next = node.next.get(key);
          if (next === undefined) node.next.set(key, (next = newPrefix()));
          next.uses += 1;
          node = next;
        }
        return;
      }
      case 'event':
        return this.#count(plan.body, this.#fromEvent);
      case 'each':
        return this.#count(plan.list, prefix);
      case 'within':
        return this.#count(plan.scope, prefix);
      default:
        for (const part of partsOf(plan)) this.#count(part, prefix);
    }
  }

  #load(prefix: Prefix, base: Code, isObject: boolean): void {
    const visit = (node: Prefix, from: Code, keys: readonly string[], known: boolean) => {
      for (const [key, next] of node.next) {
        const path = [...keys, key];
        if (next.uses < 2) continue;
        // A prefix that only one longer prefix continues is not worth a variable.
        const only = next.next.size === 1 ? [...next.next.values()][0]! : undefined;
        if (only !== undefined && only.uses === next.uses) {
          visit(next, from, path, known);
          continue;
        }
        next.name = this.#program.fresh('p');
        this.#loads.push(code`const ${next.name}=${chain(from, path, known)};`);
        visit(next, next.name, [], false);
      }
    };
    visit(prefix, base, [], isObject);
  }
}

/** Plans that are evaluated in the same function as the plan they are part of. */
function partsOf(plan: Plan): readonly Plan[] {
  switch (plan.kind) {
    case 'object':
      return plan.members.map(([, part]) => part);
    case 'list':
      return plan.items;
    case 'text':
      return plan.parts.filter((part) => typeof part !== 'string');
    case 'choose':
      return [plan.of, plan.yes, plan.no];
    case 'first':
      return plan.of;
    case 'call':
      return plan.args;
    default:
      return [];
  }
}

/**
 * Reads keys one after the other, own members only; a falsy value on the way is the result. A key that no prototype has
 * needs no check.
 */
function chain(base: Code, keys: readonly string[], isObject: boolean): Code {
  if (keys.length === 0) return base;
  const steps: Code[] = [];
  let from = base;
  keys.forEach((key, i) => {
    const last = i === keys.length - 1;
    const step = isPlainKey(key) ? code`${from}[${key}]` : code`${HELPER_CODE.own}(${from},${key})`;
    if (i === 0 && !isObject) steps.push(base);
    steps.push(last ? step : code`(t=${step})`);
    from = code`t`;
  });
  return steps.length === 1 ? steps[0]! : code`(${joinCode(steps, code`&&`)})`;
}
