export {
  type Case,
  CaseFileError,
  type ExpectedOutcome,
  type ExpectedRequest,
  readCases,
} from './cases/case.ts';
export { type CaseOptions, runCase, runCaseFiles } from './cases/run.ts';
export { processorTests, type ProcessorPropertyOptions, sourceTests } from './checks/ingest.ts';
export { type ShopFixtures, shopTests } from './checks/shop.ts';
export { type PropertyOptions, propertyTests } from './checks/property.ts';
export { type ActionSnapshot, type DestinationSnapshot, snapshotActions } from './checks/snapshot.ts';
export { type FakeClock, fakeClock, TEST_TIME } from './clock.ts';
export {
  createTestDestination,
  type TestDestination,
  type TestDestinationOptions,
  type TestEventResult,
  type TestItem,
  type TestRequest,
  type TestRun,
  TestSetupError,
} from './destination.ts';
export { createTestEvent, type EventOverrides, testEventNames } from './event/create.ts';
export { SPEC_EVENTS, type SpecEvent } from './event/spec.ts';
export {
  type CannedAnswer,
  type CannedAnswers,
  cannedRequest,
  type CannedRequest,
  type WireRequest,
} from './http/canned.ts';
export { createTestProcessor, type TestProcessor, type TestProcessorOptions } from './ingest/processor.ts';
export { simulateProcessor, type Simulation } from './ingest/simulate.ts';
export { createTestShop, type TestShop, type TestShopOptions } from './ingest/shop.ts';
export {
  createTestSource,
  type TestIntake,
  type TestReading,
  type TestReceipt,
  type TestSource,
  type TestSourceOptions,
  type TestWebhook,
} from './ingest/source.ts';
export type { TestTools } from './runner.ts';
export { SAMPLE_SECRET, sampleSettings, type SampleSize, sampleValues } from './sample.ts';
export { secretsIn, storeSuite, type StoreSuiteInput, type SuiteTools } from '@waybill/delivery';
