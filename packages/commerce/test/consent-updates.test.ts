import { describe, expect, it } from 'vitest';
import { consentUpdates } from '@waybill/commerce';

const AT = Date.parse('2026-01-15T12:00:00Z');
const event = (eventName: string, dataFields: object = {}): object => ({
  eventName,
  email: 'Ada@Example.com',
  dataFields: { createdAt: '2026-01-15 12:00:00 +00:00', ...dataFields },
});
const ada = { email: 'ada@example.com', at: AT, channel: 'email' };

describe('consent in data from Iterable', () => {
  it.each<[string, object, object]>([
    ['emailUnSubscribe', { unsubSource: 'EmailLink' }, { state: 'unsubscribed', own: true }],
    ['emailUnSubscribe', { unsubSource: 'API' }, { state: 'unsubscribed' }],
    ['emailUnSubscribe', { unsubSource: 'HardBounce' }, { state: 'unsubscribed', why: 'bounce' }],
    ['emailUnSubscribe', { unsubSource: 'Complaint' }, { state: 'unsubscribed', why: 'complaint' }],
    [
      'emailUnSubscribe',
      { unsubSource: 'SMS' },
      { state: 'unsubscribed', own: true, why: 'stop', channel: 'sms' },
    ],
    ['emailSubscribe', { signupSource: 'SMS' }, { state: 'subscribed', own: true, channel: 'sms' }],
    ['emailSubscribe', { signupSource: 'ListAPI', channelId: 7 }, { state: 'subscribed' }],
    ['emailComplaint', {}, { state: 'unsubscribed', why: 'complaint' }],
    ['emailBounce', { recipientState: 'HardBounce' }, { state: 'unsubscribed', why: 'bounce' }],
  ])('%s %j', (name, fields, said) => {
    expect(consentUpdates(event(name, fields), [])).toEqual({
      updates: [{ ...ada, ...said }],
      passedOver: [],
    });
  });

  it('counts the named ids, or without any all channels and no subchannel', () => {
    const counts = (fields: object, ids: readonly number[]): number =>
      consentUpdates(event('emailUnSubscribe', fields), ids).updates.length;
    expect([counts({ channelIds: [1] }, []), counts({ emailListIds: [5] }, [])]).toEqual([1, 0]);
    expect([counts({ channelIds: [1] }, [2]), counts({ channelIds: [1, 2] }, [2])]).toEqual([0, 1]);
    expect([counts({ messageTypeIds: ['5'] }, [5]), counts({}, [2])]).toEqual([1, 1]);
  });

  it('accepts lists, and reports what it ignores', () => {
    const batch = [event('emailOpen'), { eventName: 'emailComplaint' }, 7, event('emailComplaint')];
    const { updates, passedOver } = consentUpdates(batch, []);
    expect([updates.length, passedOver.length]).toEqual([1, 3]);
    expect(consentUpdates({ eventName: 'emailComplaint', userId: 'u-1' }, []).updates).toEqual([
      { userId: 'u-1', channel: 'email', state: 'unsubscribed', why: 'complaint' },
    ]);
  });
});
