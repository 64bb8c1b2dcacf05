export { Calls, type Call } from './calls.ts';
export { Faults, type CallFault, type ShopFaults, type WebhookFaults } from './faults.ts';
export { answer, type ShopAnswer, type ShopRequest } from './http.ts';
export { Sender, type SenderStats } from './sender.ts';
export { serve } from './server.ts';
export type { Delivery, PlatformView, ShopPlatform, ViewContext } from './view.ts';
