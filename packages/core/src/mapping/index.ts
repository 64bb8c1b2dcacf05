export {
  compileMapping,
  type CompiledMapping,
  type CompileMappingOptions,
  type Execution,
} from './compile.ts';
export { DIRECTIVES } from './directives/index.ts';
export type { Directive, DirectiveExample } from './directives/directive.ts';
export { MappingError, MappingEvaluationError } from './errors.ts';
export { evaluateReference } from './reference.ts';
