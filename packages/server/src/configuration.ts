import type { ResolvedWorkspace } from '@waybill/core';
import { processors } from '@waybill/ingest';
import { type Logger, pino } from 'pino';
import { describeModules } from './containment/describe-modules.ts';
import { type DescribedModule, destinationsOf } from './containment/modules.ts';
import { createSourceModules, type SourceModules } from './containment/source-modules.ts';
import { createSecretBox } from './keys.ts';
import type { LogSink } from './logging/sink.ts';
import { secretsOfWorkspace, type ServerRedactor } from './redaction.ts';
import { allowedVariables } from './secrets.ts';
import type { Settings } from './settings.ts';
import { openWorkspace, type WorkspaceEditor } from './workspace/open.ts';

/** The workspace of a server, and its code. */
export interface Configuration {
  readonly editor: WorkspaceEditor;
  readonly modules: readonly DescribedModule[];
  readonly sourceModules: SourceModules;
}

/** The inputs of opening it. */
export interface ConfigurationInput {
  readonly settings: Settings;
  readonly sink: LogSink;
  readonly redactor: ServerRedactor;
  /** Resolves when a change is in effect; `isOwn` is whether it was made by this process. */
  readonly onChange: (workspace: ResolvedWorkspace, isOwn: boolean) => Promise<void>;
}

/** Loads modules and opens the workspace. */
export async function openConfiguration({
  settings,
  sink,
  redactor,
  onChange,
}: ConfigurationInput): Promise<Configuration> {
  const { env, dataDir, logLevel } = settings;
  const logger = pino({ level: logLevel, hooks: { streamWrite: redactor.text } }, sink);
  const input = { limits: settings.containment, env: settings.moduleEnv, logger };
  const modules = await describeModules(settings.destinations, input);
  const sourceModules = createSourceModules(modules, input);
  const learn = (workspace: ResolvedWorkspace): void => {
    redactor.learn(secretsOfWorkspace(workspace));
    sourceModules.learn(workspace.sources);
  };
  const editor = await openWorkspace({
    destinations: destinationsOf(modules, settings.moduleEnv),
    sources: sourceModules.sources,
    processors,
    dataDir,
    store: settings.store,
    box: createSecretBox(settings.secretKey),
    env,
    now: Date.now,
    mayName: allowedVariables(env('WAYBILL_ENV_ALLOW')),
    async onChange(changed, isOwn) {
      learn(changed);
      await onChange(changed, isOwn);
    },
    onError: (error) => tellError(logger, error),
  });
  learn(editor.resolved);
  return { editor, modules, sourceModules };
}

/** How often to poll for changes by other processes, in milliseconds, because signals may be lost. */
const LOOK = 1_000;

/** Applies changes that other processes publish; returns a function that stops it. */
export function followPublished(
  { peers, refresh }: Pick<WorkspaceEditor, 'peers' | 'refresh'>,
  logger: Pick<Logger, 'error'>,
): () => void {
  if (peers === undefined) return () => undefined;
  let looking = false;
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    await refresh().catch((error: unknown) => tellError(logger, error));
    looking = false;
  };
  const stopHearing = peers.hear(({ topic }) => {
    if (topic === 'workspace') void look();
  });
  const timer = setInterval(() => void look(), LOOK).unref();
  return () => {
    stopHearing();
    clearInterval(timer);
  };
}

function tellError(logger: Pick<Logger, 'error'>, error: unknown): void {
  logger.error({ err: error }, 'a change that another process has published could not be applied here');
}
