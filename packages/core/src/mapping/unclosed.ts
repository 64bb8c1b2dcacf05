import type { Issue } from '../result/issue.ts';
import { formatPlace, type Place } from './paths.ts';
import { parseTemplate } from './template-text.ts';

/**
 * Finds templates with braces that never close. They compile as literal text, as on Segment, but are always mistakes.
 */
export function unclosedTemplates(mapping: unknown): readonly Issue[] {
  return [...unclosed(mapping, [])];
}

function* unclosed(part: unknown, place: Place): Iterable<Issue> {
  if (typeof part !== 'object' || part === null) return;
  for (const [key, value] of Object.entries(part)) {
    if (key === '@literal') continue;
    const at = [...place, Array.isArray(part) ? Number(key) : key];
    if (key !== '@template' || typeof value !== 'string') {
      yield* unclosed(value, at);
      continue;
    }
    const guilty = parseTemplate(value).find((one) => typeof one === 'string' && one.includes('{{'));
    if (typeof guilty !== 'string') continue;
    const open = guilty.slice(guilty.indexOf('{{'));
    const shown = open.length > 30 ? `${open.slice(0, 30)}…` : open;
    yield {
      code: 'mapping_template_unclosed',
      path: formatPlace(at),
      message: `"${shown}" opens braces that are not closed by "}}"; it would be sent unchanged.`,
      offset: Math.max(0, value.lastIndexOf(open)),
    };
  }
}
