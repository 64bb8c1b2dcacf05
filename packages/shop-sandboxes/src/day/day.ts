import type { ShopModel } from '../model/index.ts';
import { furnish, type Furniture } from './furnish.ts';
import { STORY, type Cast, type DayStep } from './story.ts';

/** The day in one shop: its steps are played in their order, each once. */
export class Day {
  readonly cast: Cast = {};
  readonly things: Furniture;
  readonly #model: ShopModel;
  #next = 0;

  constructor(model: ShopModel) {
    this.#model = model;
    this.things = furnish(model);
  }

  /** What is still to be played. */
  get rest(): readonly DayStep[] {
    return STORY.slice(this.#next);
  }

  /** Plays the next step; answers it, or nothing when the day is over. */
  step(): DayStep | undefined {
    const step = STORY[this.#next];
    if (step === undefined) return undefined;
    this.#next += 1;
    // Where the shop's clock is the world's, a month cannot pass.
    if (this.#model.clock.manual) this.#model.advance(step.after);
    step.play({ model: this.#model, things: this.things, cast: this.cast });
    return step;
  }
}
