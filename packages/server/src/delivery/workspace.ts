import type { DestinationConfig } from '@waybill/core';
import { secretsOfSources } from '../redaction.ts';
import type { WorkspaceEditor } from '../workspace/open.ts';

/** What the delivery worker is told of a workspace, which has been checked as a whole: it loads no sources and no processors. */
export interface DeliveryWorkspace {
  readonly destinations: readonly DestinationConfig[];
  /** The secrets of the sources, for it to keep out of its log. */
  readonly secrets: readonly string[];
}

/** The workspace as passed to the delivery thread. */
export function deliveryWorkspace({
  versioned,
  resolved,
}: Pick<WorkspaceEditor, 'versioned' | 'resolved'>): DeliveryWorkspace {
  return { destinations: versioned.destinations, secrets: secretsOfSources(resolved.sources) };
}
