/** Waybill's server, for a process of your own; the command is the `waybill` of this package. */
export { Failure, type ServerConfig, startServer } from '@waybill/server';
