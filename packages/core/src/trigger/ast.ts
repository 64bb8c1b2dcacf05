/** The position of a node in the trigger: from `offset` to `end`, exclusive. */
export interface Span {
  readonly offset: number;
  readonly end: number;
}

/** A value written in the trigger. */
export interface Literal extends Span {
  readonly kind: 'literal';
  readonly value: string | number | boolean | null;
}

/** A list written in the trigger: `["a", "b"]`. */
export interface ListLiteral extends Span {
  readonly kind: 'list';
  readonly items: readonly Literal[];
}

/** A value read from the event, or from the item of the enclosing `any` or `all`. */
export interface Path extends Span {
  readonly kind: 'path';
  readonly root: 'event' | 'item';
  readonly segments: readonly string[];
}

/** A function applied to values. */
export interface FunctionCall extends Span {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Operand[];
}

/** Anything that has a value. */
export type Operand = Literal | ListLiteral | Path | FunctionCall;

/** The comparison operators, as printed. */
export type CompareOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** Conditions joined by the same word. */
export interface Group extends Span {
  readonly kind: 'and' | 'or';
  readonly children: readonly Condition[];
}

/** A negated condition. */
export interface Not extends Span {
  readonly kind: 'not';
  readonly child: Condition;
}

/** Two values compared. */
export interface Compare extends Span {
  readonly kind: 'compare';
  readonly operator: CompareOperator;
  readonly left: Operand;
  readonly right: Operand;
}

/** A value that is searched for in a list. */
export interface Membership extends Span {
  readonly kind: 'in';
  readonly value: Operand;
  readonly list: ListLiteral | Path;
}

/** A condition on the items of a list. */
export interface Quantifier extends Span {
  readonly kind: 'any' | 'all';
  readonly list: Path;
  readonly condition: Condition;
}

/** A value alone as a condition: true when it is the boolean true. */
export interface Test extends Span {
  readonly kind: 'test';
  readonly operand: Literal | Path | FunctionCall;
}

/** Anything that is true or false for an event. */
export type Condition = Group | Not | Compare | Membership | Quantifier | Test;

/** A parsed trigger, with the source that its offsets refer to. */
export interface Trigger {
  readonly source: string;
  readonly condition: Condition;
}
