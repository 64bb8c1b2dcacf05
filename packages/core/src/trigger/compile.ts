import type { Condition, Operand } from './ast.ts';
import { compileCompare } from './operators/comparison.ts';
import type { Predicate, Reader } from './operators/function.ts';
import { FUNCTION_BY_NAME } from './operators/index.ts';
import { compileAnd, compileOr } from './operators/logic.ts';
import { compileMembership } from './operators/membership.ts';
import { compileQuantifier } from './operators/quantifier.ts';
import { compilePath } from './paths.ts';

/** Compiles a condition to a function; everything that does not depend on the event is computed once. */
export function compileCondition(node: Condition): Predicate {
  switch (node.kind) {
    case 'and':
      return compileAnd(node.children.map(compileCondition));
    case 'or':
      return compileOr(node.children.map(compileCondition));
    case 'not': {
      const child = compileCondition(node.child);
      return (event, item) => !child(event, item);
    }
    case 'compare':
      return compileCompare(node, compileOperand(node.left), compileOperand(node.right));
    case 'in':
      return compileMembership(node, compileOperand(node.value), compileOperand(node.list));
    case 'any':
    case 'all':
      return compileQuantifier(node, compileOperand(node.list), compileCondition(node.condition));
    case 'test': {
      const read = compileOperand(node.operand);
      return (event, item) => read(event, item) === true;
    }
  }
}

/** Compiles an operand to the function that reads its value. */
export function compileOperand(node: Operand): Reader {
  switch (node.kind) {
    case 'literal': {
      const value = node.value;
      return () => value;
    }
    case 'list': {
      const values = Object.freeze(node.items.map((item) => item.value));
      return () => values;
    }
    case 'path':
      return compilePath(node);
    case 'call': {
      const entry = FUNCTION_BY_NAME.get(node.name);
      // A parsed call names a known function; a tree built by hand may not, and then has no value.
      if (entry === undefined) return () => null;
      return entry.compile(node.args.map(compileOperand), node);
    }
  }
}
