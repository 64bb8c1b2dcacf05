export type { ApiKey } from './routes/index.ts';
export type { FaultKind, FaultRule } from './http/faults.ts';
export type { LogEntry, Outcome } from './model/item-log.ts';
export type { KeepEvents, Project } from './model/project.ts';
export type { KeyType } from './http/route.ts';
export { createSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts';
export type { ProjectType, Region, Settings } from './model/settings.ts';
export type { SwitchName, Switches } from './model/switches.ts';
