import type { Fields, ResolvedDestination } from '@waybill/core';

/** The values of all settings of type `password`, also within objects and lists. */
export function secretsOf(destination: ResolvedDestination): string[] {
  const secrets: string[] = [];
  collect(destination.destination.settings, destination.settings, secrets);
  return secrets;
}

function collect(fields: Fields, values: unknown, secrets: string[]): void {
  if (typeof values !== 'object' || values === null) return;
  for (const [name, value] of Object.entries(values)) {
    const field = fields[name];
    if (field === undefined) continue;
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
      const secret = field.type === 'password' || field.format === 'password';
      if (secret && (typeof one === 'string' || typeof one === 'number')) secrets.push(String(one));
      else if (field.properties !== undefined) collect(field.properties, one, secrets);
    }
  }
}
