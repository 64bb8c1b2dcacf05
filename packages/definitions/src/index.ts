export {
  type ActionData,
  type BatchData,
  type DefinitionData,
  definitionOf,
  destinationOf,
  type SyncModeData,
} from './data/definition.ts';
export { fromMetadata, type Metadata, toMetadata } from './data/metadata.ts';
export { definitionSchema, presetSchema } from './data/schema.ts';
export { CHANGES, type Change, type ChangeCode, type Level } from './diff/change.ts';
export type { Version } from './diff/compare.ts';
export { type Definitions, diffDefinitions } from './diff/diff.ts';
export { type Impact, impactOn, type Reached } from './diff/impact.ts';
export { type Files, VersionError, versionOfFiles } from './diff/read.ts';
export { diffReport } from './diff/report.ts';
export { diffSources } from './diff/sources.ts';
export { errorsPage } from './generate/errors-page.ts';
export { eventSchema } from './generate/event-schema.ts';
export { generatedFiles, type GenerateInput, type Part } from './generate/generated.ts';
export { actionSchema, schemaFiles, settingsSchema } from './generate/schemas.ts';
export { typeFiles, typesOf } from './generate/types.ts';
export { pageData, type PageData } from './page/data.ts';
export type { TriedRequest, TryInput, TryResult } from './page/try.ts';
export { destinationPage, fieldTable } from './page/markdown.ts';
export { check, type CheckOptions, type Report } from './validate/check.ts';
export { validateDefinition, type ValidateOptions } from './validate/definition.ts';
export { type Collection, type Document, documentOf, emptyCollection } from './validate/documents.ts';
export { githubReport } from './validate/format/github.ts';
export { jsonReport } from './validate/format/json.ts';
export { sarifReport } from './validate/format/sarif.ts';
export { validationReport } from './validate/format/text.ts';
export { type Block, blocksOf } from './validate/pages.ts';
export type { Problem, Severity } from './validate/problem.ts';
export type { Kind, Rule } from './validate/rule.ts';
export { RULES } from './validate/rules/index.ts';
export { secretsFromEnvironment } from './workspace/environment.ts';
export { type Difference, planChanges, planText } from './workspace/plan.ts';
