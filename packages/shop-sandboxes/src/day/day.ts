import type { ShopModel } from '../model/index.ts';
import { furnish, type Furniture } from './furnish.ts';
import { STORY, type Cast, type DayStep } from './story.ts';

/** The day in one shop: its steps run in order, each once. */
export class Day {
  readonly cast: Cast = {};
  readonly things: Furniture;
  readonly #model: ShopModel;
  #next = 0;

  constructor(model: ShopModel) {
    this.#model = model;
    this.things = furnish(model);
  }

  /** The remaining steps. */
  get rest(): readonly DayStep[] {
    return STORY.slice(this.#next);
  }

  /** Runs the next step; returns it, or undefined when the day is over. */
  step(): DayStep | undefined {
    const step = STORY[this.#next];
    if (step === undefined) return undefined;
    this.#next += 1;
    // With the real clock, a month cannot pass.
    if (this.#model.clock.manual) this.#model.advance(step.after);
    step.play({ model: this.#model, things: this.things, cast: this.cast });
    return step;
  }
}
