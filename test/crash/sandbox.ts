/* A local Iterable in a separate process, so that killing the server does not affect its record. */
import { createSandbox } from '@waybill/iterable-sandbox';

const sandbox = await createSandbox({ projectType: 'hybrid', limits: false });
process.send!({ url: sandbox.url });
