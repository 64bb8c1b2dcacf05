export {
  type Authenticated,
  createIntake,
  type Given,
  type Intake,
  type IntakeInput,
  type Origin,
  type Refused,
  type SourceName,
  type Taken,
} from './intake/intake.ts';
export { MAX_BATCH_EVENTS, MAX_EVENT_BYTES } from './intake/limits.ts';
export { createRefusals, type Refusal, type Refusals } from './intake/refusals.ts';
