export type { ApiKey } from './api.ts';
export type { FaultKind, FaultRule } from './faults.ts';
export type { LogEntry, Outcome } from './item-log.ts';
export type { KeepEvents, Project } from './project.ts';
export type { KeyType } from './route.ts';
export { createSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts';
export type { ProjectType, Region, Settings } from './settings.ts';
export type { SwitchName, Switches } from './switches.ts';
