import { type Command, Option } from 'commander';

/** Adds the flags of a command that starts a server. */
export function serverFlags(command: Command): Command {
  return command
    .addOption(new Option('--port <number>', 'port of the server').env('WAYBILL_PORT'))
    .addOption(new Option('--host <address>', 'address to listen on').env('WAYBILL_HOST'))
    .addOption(new Option('--data <folder>', 'folder of the databases').env('WAYBILL_DATA'))
    .addOption(
      new Option('--store <address>', 'where events are stored: sqlite:<folder> or postgres://…').env(
        'WAYBILL_STORE',
      ),
    )
    .addOption(
      new Option('--log-level <level>', 'silent, error, warn, info or debug').env('WAYBILL_LOG_LEVEL'),
    )
    .option('--json', 'print one JSON object instead of text');
}
