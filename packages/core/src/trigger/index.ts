export type {
  Compare as TriggerCompare,
  CompareOperator as TriggerCompareOperator,
  Condition as TriggerCondition,
  Group as TriggerGroup,
  ListLiteral as TriggerList,
  Literal as TriggerLiteral,
  Operand as TriggerOperand,
  Path as TriggerPath,
  Trigger,
} from './ast.ts';
export { completeTrigger, type Completion, type Completions, type KnownPath } from './complete.ts';
export { TriggerError, type TriggerErrorCode, type TriggerFix } from './errors.ts';
export { explainTrigger, type ExplainedReading, type ExplainedValue, type Explanation } from './explain.ts';
export { FIELDS as TRIGGER_FIELDS, type FieldEntry as TriggerFieldEntry } from './fields.ts';
export { lintTrigger, type TriggerLint } from './lint.ts';
export { LINT_RULES as TRIGGER_LINT_RULES, type LintCode as TriggerLintCode } from './lint-rules.ts';
export type { OperatorEntry as TriggerOperatorEntry } from './operators/comparison.ts';
export type { FunctionEntry as TriggerFunctionEntry, TriggerEvent } from './operators/function.ts';
export { FUNCTIONS as TRIGGER_FUNCTIONS, OPERATORS as TRIGGER_OPERATORS } from './operators/index.ts';
export { parseTrigger } from './parse.ts';
export { printCondition, printOperand, printTrigger } from './print.ts';
export { rewriteTrigger, sameCondition } from './rewrite.ts';
export { triggerTokens, type TriggerToken, type TriggerTokenKind } from './tokens.ts';
export { compileTrigger, type CompiledTrigger, type TriggerDialect, type TriggerOptions } from './trigger.ts';
export { createTriggerIndex, type TriggerEntry, type TriggerIndex } from './trigger-index.ts';
