import type { Source } from '@waybill/core';
import { type SourceData, sourceDataOf, type StreamData } from '../data/source.ts';
import { formatPlace } from '../text/place.ts';
import { type Change, Changes } from './change.ts';
import { compareFields } from './fields.ts';

/** Sources of one version, by slug. */
export type SourceVersion = ReadonlyMap<string, SourceData>;

/** Lists every change between sources and later ones, with what it breaks. */
export function diffSources(before: readonly Source[], after: readonly Source[]): readonly Change[] {
  return compareSources(sourceVersionOf(before), sourceVersionOf(after));
}

/** Returns the version that some sources are. */
export function sourceVersionOf(sources: readonly Source[]): SourceVersion {
  return new Map(sources.map((one) => [one.slug, sourceDataOf(one)]));
}

/** Lists every change of sources from one version to another. */
export function compareSources(before: SourceVersion, after: SourceVersion): readonly Change[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((slug) => {
    const [old, now] = [before.get(slug), after.get(slug)];
    const to = new Changes({ source: slug });
    if (now === undefined) to.add('source_removed', '', `The source "${old!.name}" was removed.`);
    else if (old === undefined) to.add('source_added', '', `The source "${now.name}" is new.`);
    else compareSource(old, now, to);
    return to.list;
  });
}

function compareSource(before: SourceData, after: SourceData, to: Changes): void {
  const { name } = after;
  if (before.name !== name)
    to.add('source_name_changed', 'name', `"${before.name}" was renamed to "${name}".`, before.name, name);
  if (before.description !== after.description)
    to.add('description_changed', 'description', `The description of "${name}" changed.`);
  compareFields(before.settings, after.settings, ['settings'], 'setting', to);
  if (before.isShop !== after.isShop) {
    const [code, now] = after.isShop ? ['shop', 'is a shop now'] : ['streams', 'is no longer a shop'];
    to.add('source_kind_changed', code!, `"${name}" ${now}.`);
    return;
  }
  compareStreams(before, after, to);
  const webhook = before.isShop ? 'shop.hints' : 'webhook';
  if (before.hasWebhook && !after.hasWebhook)
    to.add('webhook_removed', webhook, `"${name}" no longer has a webhook.`);
  if (!before.hasWebhook && after.hasWebhook) to.add('webhook_added', webhook, `"${name}" has a webhook.`);
  if (before.writesConsent && !after.writesConsent)
    to.add('consent_removed', 'shop.writeConsent', `"${name}" no longer writes consent to the shop.`);
  if (!before.writesConsent && after.writesConsent)
    to.add('consent_added', 'shop.writeConsent', `"${name}" writes consent to the shop.`);
}

function compareStreams(
  { streams: before, isShop }: SourceData,
  { streams: after }: SourceData,
  to: Changes,
): void {
  const placeOf = (name: string): string => formatPlace([...(isShop ? ['shop'] : []), 'streams', name]);
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [streamIn(before, name), streamIn(after, name)];
    if (now === undefined) to.add('stream_removed', placeOf(name), `The stream "${name}" was removed.`);
    else if (old === undefined) to.add('stream_added', placeOf(name), `The stream "${name}" is new.`);
    else compareStream(name, old, now, placeOf(name), to);
  }
}

function streamIn(streams: SourceData['streams'], name: string): StreamData | undefined {
  return Object.hasOwn(streams, name) ? streams[name] : undefined;
}

function compareStream(
  name: string,
  before: StreamData,
  after: StreamData,
  place: string,
  to: Changes,
): void {
  if (before.every !== after.every) {
    const [from, now] = [intervalOf(before), intervalOf(after)];
    const message = `"${name}" is polled ${now}, not ${from}.`;
    to.add('poll_changed', `${place}.every`, message, before.every, after.every);
  }
  if (before.hasPast && !after.hasPast)
    to.add('past_removed', place, `The past of "${name}" can no longer be read.`);
  if (!before.hasPast && after.hasPast) to.add('past_added', place, `The past of "${name}" can be read.`);
  for (const part of ['title', 'description'] as const) {
    if (before[part] === after[part]) continue;
    const code = part === 'title' ? 'label_changed' : 'description_changed';
    to.add(code, `${place}.${part}`, `The ${part} of "${name}" changed.`, before[part], after[part]);
  }
}

function intervalOf({ every }: StreamData): string {
  return every === undefined ? 'never' : `every ${every} s`;
}
