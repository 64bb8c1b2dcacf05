export {
  compileMapping,
  type CompiledMapping,
  type CompileMappingOptions,
  type Execution,
} from './compile.ts';
export { DIRECTIVES } from './directives/index.ts';
export type { Directive, DirectiveExample } from './directives/directive.ts';
export { renderDirectiveDocs } from './docs.ts';
export { MappingError, MappingEvaluationError } from './errors.ts';
export {
  explainMapping,
  type ExplainedField,
  type ExplainedRead,
  type ExplainedStep,
  type MappingExplanation,
} from './explain.ts';
export { lintPortability, type PortabilityNote } from './portability.ts';
export { pathsOf } from './read-paths.ts';
export { evaluateReference, type Observer } from './reference.ts';
export { renderRuleDocs, RULES, type Rule, type RuleId } from './rules.ts';
