export { collect, entryOf, PathError } from './collect.ts';
export { type Own } from './definition-module.ts';
export { type DiffInput, type DiffResult, diffVersions } from './diff.ts';
export { type Project, projectOf } from './project.ts';
export { validatePaths, type ValidateInput } from './validate.ts';
export { lastRelease, readVersion } from './versions.ts';
export { VersionError } from '../diff/read.ts';
