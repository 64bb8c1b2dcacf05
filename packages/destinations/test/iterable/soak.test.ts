import { describe, expect, it } from 'vitest';

import { soak } from './soak.ts';
import { PROJECT_TYPES, readingOfRun } from './support.ts';

describe('5,000 events with 2 % of assorted bad ones', () => {
  it.each(PROJECT_TYPES)('end as the sandbox handled them (%s)', async (projectType) => {
    const report = await soak({ events: 5_000, projectType, switches: readingOfRun() });
    expect(report.examples).toEqual([]);
    expect(report.wrong).toBe(0);
    expect(report.outcomes['delivered']).toBeGreaterThan(4_800);
  });
});

describe('1,000 events of which a third are bad', () => {
  it.each(PROJECT_TYPES)('end as the sandbox handled them (%s)', async (projectType) => {
    const report = await soak({ events: 1_000, projectType, bad: 0.33, seed: 5, switches: readingOfRun() });
    expect(report.examples).toEqual([]);
    expect(report.outcomes).toMatchObject({
      'rejected destination_event_disallowed': expect.any(Number),
      'rejected destination_field_limit': expect.any(Number),
      'rejected destination_field_type_conflict': expect.any(Number),
    });
  });

  it('end so with value conversion, too', async () => {
    const settings = { fieldTypes: 'convert', maxNewFields: 30 };
    const report = await soak({
      events: 1_000,
      projectType: 'hybrid',
      bad: 0.33,
      settings,
      switches: readingOfRun(),
    });
    expect(report.examples).toEqual([]);
    expect(report.outcomes).not.toHaveProperty('rejected destination_field_type_conflict');
  });

  it('end so with one failing call in five', async () => {
    const report = await soak({
      events: 1_000,
      projectType: 'hybrid',
      bad: 0.1,
      faults: 0.05,
      switches: readingOfRun(),
    });
    expect(report.examples).toEqual([]);
  });
});
