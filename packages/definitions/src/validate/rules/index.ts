import type { Rule } from '../rule.ts';
import { actionDescriptionMissing } from './action-description-missing.ts';
import { actionNameReserved } from './action-name-reserved.ts';
import { actionTitleDuplicate } from './action-title-duplicate.ts';
import { batchKeysInvalid } from './batch-keys-invalid.ts';
import { batchOutcomesMissing } from './batch-outcomes-missing.ts';
import { batchResultsIgnored } from './batch-results-ignored.ts';
import { boundsInverted } from './bounds-inverted.ts';
import { boundsNotApplicable } from './bounds-not-applicable.ts';
import { choicesDuplicate } from './choices-duplicate.ts';
import { choicesEmpty } from './choices-empty.ts';
import { choicesType } from './choices-type.ts';
import { conditionUnknownField } from './condition-unknown-field.ts';
import { defaultInvalid } from './default-invalid.ts';
import { defaultType } from './default-type.ts';
import { definitionNoActions } from './definition-no-actions.ts';
import { definitionSchema } from './definition-schema.ts';
import { deltaFieldInvalid } from './delta-field-invalid.ts';
import { dynamicFieldUnread } from './dynamic-field-unread.ts';
import { exampleInvalid } from './example-invalid.ts';
import { failureIgnored } from './failure-ignored.ts';
import { fieldDescriptionMissing } from './field-description-missing.ts';
import { fieldLabelMissing } from './field-label-missing.ts';
import { fieldNameReserved } from './field-name-reserved.ts';
import { fileUnknown } from './file-unknown.ts';
import { formatNotApplicable } from './format-not-applicable.ts';
import { jsonDuplicateKey } from './json-duplicate-key.ts';
import { jsonSyntax } from './json-syntax.ts';
import { mappingInvalid } from './mapping-invalid.ts';
import { mappingNotPortable } from './mapping-not-portable.ts';
import { mappingRequiredMissing } from './mapping-required-missing.ts';
import { mappingTemplateUnclosed } from './mapping-template-unclosed.ts';
import { mappingUnknownField } from './mapping-unknown-field.ts';
import { mappingValueInvalid } from './mapping-value-invalid.ts';
import { memberDescriptionMissing } from './member-description-missing.ts';
import { moduleFailed } from './module-failed.ts';
import { presetFileUnused } from './preset-file-unused.ts';
import { presetNameDuplicate } from './preset-name-duplicate.ts';
import { presetSchema } from './preset-schema.ts';
import { presetSlugDuplicate } from './preset-slug-duplicate.ts';
import { presetUnknownAction } from './preset-unknown-action.ts';
import { presetUnknownDestination } from './preset-unknown-destination.ts';
import { propertiesNotApplicable } from './properties-not-applicable.ts';
import { requiredWithoutDefault } from './required-without-default.ts';
import { secretNotPassword } from './secret-not-password.ts';
import { settingDefaultComputed } from './setting-default-computed.ts';
import { sourceDescriptionMissing } from './source-description-missing.ts';
import { sourceFailureIgnored } from './source-failure-ignored.ts';
import { sourceWebhookUnsigned } from './source-webhook-unsigned.ts';
import { syncModeInvalid } from './sync-mode-invalid.ts';
import { trackingPlanInvalid } from './tracking-plan-invalid.ts';
import { triggerInvalid } from './trigger-invalid.ts';
import { triggerNotPortable } from './trigger-not-portable.ts';
import { workspaceDuplicateId } from './workspace-duplicate-id.ts';
import { workspaceMappingLimit } from './workspace-mapping-limit.ts';
import { workspaceOAuthIncomplete } from './workspace-oauth-incomplete.ts';
import { workspaceSchema } from './workspace-schema.ts';
import { workspaceSettingsInvalid } from './workspace-settings-invalid.ts';
import { workspaceTriggerMissing } from './workspace-trigger-missing.ts';
import { workspaceUnknownReference } from './workspace-unknown-reference.ts';

/** Every rule, in the order of the documentation. Rules that are not listed here do not run. */
export const RULES: readonly Rule[] = [
  fileUnknown,
  moduleFailed,
  jsonSyntax,
  jsonDuplicateKey,
  definitionSchema,
  presetSchema,
  workspaceSchema,
  sourceDescriptionMissing,
  sourceFailureIgnored,
  sourceWebhookUnsigned,
  definitionNoActions,
  actionNameReserved,
  actionTitleDuplicate,
  actionDescriptionMissing,
  fieldLabelMissing,
  fieldDescriptionMissing,
  memberDescriptionMissing,
  fieldNameReserved,
  defaultType,
  defaultInvalid,
  settingDefaultComputed,
  secretNotPassword,
  requiredWithoutDefault,
  conditionUnknownField,
  boundsInverted,
  boundsNotApplicable,
  choicesEmpty,
  choicesDuplicate,
  choicesType,
  formatNotApplicable,
  propertiesNotApplicable,
  batchKeysInvalid,
  deltaFieldInvalid,
  syncModeInvalid,
  dynamicFieldUnread,
  batchOutcomesMissing,
  batchResultsIgnored,
  failureIgnored,
  presetSlugDuplicate,
  presetNameDuplicate,
  presetUnknownAction,
  presetUnknownDestination,
  presetFileUnused,
  triggerInvalid,
  mappingInvalid,
  mappingTemplateUnclosed,
  mappingUnknownField,
  mappingValueInvalid,
  mappingRequiredMissing,
  workspaceUnknownReference,
  workspaceDuplicateId,
  workspaceSettingsInvalid,
  workspaceOAuthIncomplete,
  workspaceMappingLimit,
  workspaceTriggerMissing,
  trackingPlanInvalid,
  exampleInvalid,
  triggerNotPortable,
  mappingNotPortable,
];
