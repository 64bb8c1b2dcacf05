import type { DestinationConfig } from '@waybill/core';
import { secretsOfSources } from '../redaction.ts';
import type { WorkspaceEditor } from '../workspace/open.ts';

/**
 * The part of a workspace for the delivery worker; the workspace has been validated as a whole: the worker loads no sources and no
 * processors.
 */
export interface DeliveryWorkspace {
  readonly destinations: readonly DestinationConfig[];
  /** The secrets of the sources, which the worker redacts from its log. */
  readonly secrets: readonly string[];
}

/** The workspace as passed to the delivery thread. */
export function deliveryWorkspace({
  versioned,
  resolved,
}: Pick<WorkspaceEditor, 'versioned' | 'resolved'>): DeliveryWorkspace {
  return { destinations: versioned.destinations, secrets: secretsOfSources(resolved.sources) };
}
