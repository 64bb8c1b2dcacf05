import type { Preset } from '@waybill/core';
import entityAdded from '@waybill/presets/iterable/associated-entity-added.json' with { type: 'json' };
import entityRemoved from '@waybill/presets/iterable/associated-entity-removed.json' with { type: 'json' };
import audienceEntered from '@waybill/presets/iterable/entities-audience-entered.json' with { type: 'json' };
import membershipChanged from '@waybill/presets/iterable/entities-audience-membership-changed.json' with { type: 'json' };
import audienceExited from '@waybill/presets/iterable/entities-exited.json' with { type: 'json' };
import identifyCalls from '@waybill/presets/iterable/identify-calls.json' with { type: 'json' };
import stepEntered from '@waybill/presets/iterable/journeys-step-entered.json' with { type: 'json' };
import stepTransition from '@waybill/presets/iterable/journeys-step-transition-track.json' with { type: 'json' };
import orderCompletedCalls from '@waybill/presets/iterable/order-completed-calls.json' with { type: 'json' };
import trackCalls from '@waybill/presets/iterable/track-calls.json' with { type: 'json' };
import updateCartCalls from '@waybill/presets/iterable/update-cart-calls.json' with { type: 'json' };

/** Mappings to start from: four automatic ones, and seven for events that a product feature emits. */
export const presets: readonly Preset[] = [
  trackCalls,
  identifyCalls,
  updateCartCalls,
  orderCompletedCalls,
  entityAdded,
  entityRemoved,
  audienceEntered,
  audienceExited,
  membershipChanged,
  stepTransition,
  stepEntered,
  // JSON imports have the type string instead of a literal type.
] as readonly Preset[];
