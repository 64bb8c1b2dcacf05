import { describe, expect, it } from 'vitest';
import { defaultMapping } from '@waybill/core';
import { iterable } from '@waybill/destinations';
import { readdirSync } from 'node:fs';

describe('presets of Iterable', () => {
  it('are the four automatic ones and the seven for single events', () => {
    expect(iterable.presets.map((preset) => [preset.type, preset.slug, preset.action])).toEqual([
      ['automatic', 'track-calls', 'trackEvent'],
      ['automatic', 'identify-calls', 'updateUser'],
      ['automatic', 'update-cart-calls', 'updateCart'],
      ['automatic', 'order-completed-calls', 'trackPurchase'],
      ['specificEvent', 'associated-entity-added', 'trackEvent'],
      ['specificEvent', 'associated-entity-removed', 'trackEvent'],
      ['specificEvent', 'entities-audience-entered', 'trackEvent'],
      ['specificEvent', 'entities-exited', 'trackEvent'],
      ['specificEvent', 'entities-audience-membership-changed', 'updateUser'],
      ['specificEvent', 'journeys-step-transition-track', 'trackEvent'],
      ['specificEvent', 'journeys-step-entered', 'updateUser'],
    ]);
  });

  it.each(iterable.presets)('$slug starts from the defaults of its action', (preset) => {
    expect(preset.mapping).toEqual(defaultMapping(iterable.actions[preset.action]!.fields));
  });

  it('include every file', () => {
    const files = readdirSync(new URL('../../../../presets/iterable/', import.meta.url));
    expect(files.sort()).toEqual(iterable.presets.map(({ slug }) => `${slug}.json`).sort());
  });
});
