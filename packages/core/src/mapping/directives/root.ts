import { ROOT_KEY } from '../paths.ts';
import { isMembers, setOwn, type Members } from '../values.ts';

/** A mapping with its root directive unfolded, or what is wrong with the root directive. */
export type Unfolded =
  | { readonly keys: readonly string[]; readonly mapping: Members; readonly problem?: undefined }
  | { readonly keys: readonly string[]; readonly problem: string };

/**
 * The root directive wraps a whole mapping: `__segment_internal_directive` contains one directive, and the other
 * fields become its `mapping` option. Undefined for a mapping without one. The stored mapping is unchanged.
 */
export function unfoldRoot(mapping: Members): Unfolded | undefined {
  if (!Object.hasOwn(mapping, ROOT_KEY)) return undefined;
  const root = mapping[ROOT_KEY];
  const keys = [ROOT_KEY];
  const name = isMembers(root) ? Object.keys(root)[0] : undefined;
  if (!isMembers(root) || name === undefined || !name.startsWith('@') || Object.keys(root).length > 1) {
    return { keys, problem: 'The root directive is an object with one directive and nothing else.' };
  }
  const options = root[name];
  if (!isMembers(options)) {
    return { keys: [ROOT_KEY, name], problem: 'The root directive expects an object of options.' };
  }
  const fields: Record<string, unknown> = {};
  for (const key of Object.keys(mapping)) if (key !== ROOT_KEY) setOwn(fields, key, mapping[key]);
  return { keys, mapping: { [name]: { ...options, mapping: fields } } };
}
