/**
 * Replaces secrets of a workspace with references to environment variables, such as `WAYBILL_SHOP_WRITE_KEY`, for another
 * server.
 */
export function secretsFromEnvironment(workspace: unknown): unknown {
  return named(workspace, []);
}

function named(value: unknown, path: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((one) => named(one, path));
  if (typeof value !== 'object' || value === null) return value;
  if ((value as { $secret?: unknown }).$secret === true) {
    const words = path.join('_').replaceAll(/([a-z])([A-Z])/g, '$1_$2');
    return { $env: `WAYBILL_${words.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}` };
  }
  const { id } = value as { id?: unknown };
  const within = typeof id === 'string' ? [id] : path;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      named(member, typeof member === 'object' && 'settings' === name ? within : [...within, name]),
    ]),
  );
}
