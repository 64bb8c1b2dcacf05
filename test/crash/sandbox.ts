/* A local Iterable in a process of its own, so that killing the server takes nothing from its record. */
import { createSandbox } from '@waybill/iterable-sandbox';

const sandbox = await createSandbox({ projectType: 'hybrid', limits: false });
process.send!({ url: sandbox.url });
