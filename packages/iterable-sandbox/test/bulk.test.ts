import { describe, expect, it } from 'vitest';
import { start } from './harness.ts';

describe('bulk calls', () => {
  it('stores what events/trackBulk sends and reads it back newest first', async () => {
    const { post, get, control } = await start();
    const events = [1, 2, 3].map((seq) => ({
      userId: 'u1',
      eventName: 'Seen',
      id: `e${seq}`,
      createdAt: seq,
      dataFields: { seq },
    }));
    const { status, body } = await post('events/trackBulk', { events });
    expect([status, body.successCount, body.failCount]).toEqual([200, 3, 0]);
    const read = await get('events/byUserId/u1');
    expect(read.body.events).toHaveLength(3);
    expect(read.body.events[0]).toMatchObject({
      eventName: 'Seen',
      id: 'e3',
      createdAt: '1970-01-01 00:00:03 +00:00',
      dataFields: { seq: 3 },
    });
    const log = await control('log?user=u1');
    expect(log.body.items).toMatchObject([{ orderMarker: 1 }, { orderMarker: 2 }, { orderMarker: 3 }]);
  });
});
