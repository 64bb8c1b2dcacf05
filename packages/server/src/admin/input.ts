import type { Log, State } from '@waybill/delivery';
import type { Refusals } from '@waybill/ingest';
import type { Ingest } from '../ingest/start.ts';
import type { Answered } from '../config.ts';
import type { ModuleStatus } from '../containment/process.ts';
import type { Delivery } from '../delivery/client.ts';
import type { Auth } from '../auth/guard.ts';
import type { Metrics } from '../metrics.ts';
import type { OAuthStates } from '../oauth/states.ts';
import type { Observer } from '../observe/observer.ts';
import type { Settings } from '../settings.ts';
import type { WorkspaceEditor } from '../workspace/open.ts';

/** The inputs of the admin API from the server. */
export interface AdminInput {
  readonly auth: Auth;
  /** Information about the server. */
  readonly about: Pick<Settings, 'adminToken' | 'demo' | 'limits' | 'publicUrl' | 'retention'>;
  readonly editor: WorkspaceEditor;
  readonly oauth: OAuthStates;
  readonly delivery: () => Delivery;
  /** Returns the status of the processes of modules. */
  readonly modules: () => readonly ModuleStatus[];
  readonly log: Log;
  /** Read-only: the delivery thread writes it. */
  readonly state: State;
  /** The number of partitions of the log, and so of lanes of a destination. */
  readonly partitions: number;
  readonly refusals: Refusals;
  readonly metrics: Metrics;
  readonly observer: Pick<Observer, 'rollups' | 'shapes' | 'live'>;
  readonly ingest: Pick<
    Ingest,
    'sources' | 'processors' | 'violations' | 'deletions' | 'contextOf' | 'askingOf'
  >;
  readonly onAnswer: ((answer: Answered) => void) | undefined;
}
