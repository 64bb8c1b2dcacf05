import { findBySlug } from '../define/definition.ts';
import type { Processor } from '../define/processor.ts';
import type { Issue } from '../result/issue.ts';
import { duplicates, problem, type ResolveContext, resolveSettings } from './settings.ts';
import { unknownSources } from './sources.ts';
import type { Workspace } from './workspace.ts';

/** An instance of a processor, checked, with its secrets filled in. */
export interface ResolvedProcessor {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly processor: Processor;
  /** IDs of the sources, and of processors listed before it, whose events it receives. */
  readonly sources: readonly string[];
  /** Validated settings, secrets included. Never log or return them. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * Checks the processors of a workspace; what is wrong is added to `issues`. One without sources receives those of the
 * whole workspace. It can name only processors that are listed before it: a cycle of derived events would never end.
 */
export function resolveProcessors(
  { sources, processors = [] }: Pick<Workspace, 'sources' | 'processors'>,
  context: ResolveContext,
  issues: Issue[],
): readonly ResolvedProcessor[] {
  issues.push(...duplicates(processors, 'processors'));
  const known = new Set(sources.map(({ id }) => id));
  const resolved: ResolvedProcessor[] = [];
  for (const [index, config] of processors.entries()) {
    const path = `processors[${index}]`;
    if (sources.some(({ id }) => id === config.id)) {
      const message = `A source has the ID "${config.id}".`;
      issues.push(problem('workspace_duplicate_id', `${path}.id`, message));
    }
    issues.push(...unknownSources(config.sources, known, path));
    known.add(config.id);
    const found = findBySlug(context.processors ?? [], config.type, 'processor');
    if (!found.ok) {
      issues.push(...found.issues.map((issue) => ({ ...issue, path: `${path}.type` })));
      continue;
    }
    const processor = found.value;
    const at = (member: string): string => `${path}.${member}`;
    const { settings = {}, ...checked } = resolveSettings(
      config.settings ?? {},
      processor.settings,
      context,
      at,
    );
    issues.push(...checked.issues);
    const { id, name = processor.name, enabled = true } = config;
    resolved.push({
      id,
      name,
      enabled,
      processor,
      sources: config.sources ?? sources.map((one) => one.id),
      settings,
    });
  }
  return resolved;
}
