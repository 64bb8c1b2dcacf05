import type { Fields, Outcome, ResolvedDestination } from '@waybill/core';
import { createRedactor, type Redactor } from './redact.ts';

const redactors = new WeakMap<ResolvedDestination, Redactor>();

/** Returns the redactor of a destination, cached. */
export function redactorOf(destination: ResolvedDestination): Redactor {
  const known = redactors.get(destination) ?? createRedactor(secretsOf(destination));
  redactors.set(destination, known);
  return known;
}

/**
 * Returns the values of all settings of type `password`, also within objects and lists, and the other secrets of the
 * definition.
 */
export function secretsOf(destination: ResolvedDestination): string[] {
  const { secrets, settings } = destination.destination;
  return [...(secrets?.() ?? []), ...secretsIn(settings, destination.settings)];
}

/** Returns the values of all settings of type `password`, also within objects and lists. */
export function secretsIn(fields: Fields, settings: unknown): string[] {
  const secrets: string[] = [];
  collect(fields, settings, secrets);
  return secrets;
}

/** Returns an outcome without secrets: a destination may repeat the credentials in its messages. */
export function cleanOutcome(outcome: Outcome, redactor: Redactor): Outcome {
  if (outcome.status === 'delivered')
    return outcome.note === undefined ? outcome : { ...outcome, note: redactor.text(outcome.note) };
  const message = redactor.text(outcome.message);
  if (outcome.status !== 'rejected' || outcome.field === undefined) return { ...outcome, message };
  return { ...outcome, message, field: redactor.text(outcome.field) };
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
