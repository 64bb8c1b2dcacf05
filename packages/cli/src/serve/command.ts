import { dirname } from 'node:path';
import { type Command, Option } from 'commander';
import { moduleFile, ownDestination } from '../author/load.ts';
import { readJson } from '../author/read.ts';
import { CommandFailure, conclude, EXIT, type Exit } from '../output/exit.ts';
import { onParentGone } from '../parent.ts';
import { type PageServer, servePage } from './server.ts';
import { print, printJsonLine } from '../output/print.ts';

interface Flags {
  readonly port: string;
  readonly settings?: string;
  readonly json?: boolean;
}

/** `waybill serve`: a local page to try the actions of a destination under development. */
export function registerServe(program: Command, exit: Exit): void {
  program
    .command('serve')
    .description('a local page to try a destination under development; reloads when a file changes')
    .argument(
      '[module]',
      'file or folder of the destination, or the name of a built-in one; this folder when absent',
    )
    .addOption(new Option('--port <number>', 'port on this machine').env('WAYBILL_PAGE_PORT').default('4402'))
    .option('-s, --settings <file>', 'settings; the page never shows them')
    .option('--json', 'print one JSON line per event of the server')
    .action((module: string | undefined, flags: Flags) =>
      conclude(exit, flags.json, () => serve(module, flags)),
    );
}

async function serve(module: string | undefined, flags: Flags): Promise<number> {
  const port = Number(flags.port);
  if (!/^\d+$/.test(flags.port) || port > 65_535)
    throw new CommandFailure(`--port is "${flags.port}"; it must be a port, 0 to 65535.`, EXIT.usage);
  const settings = flags.settings === undefined ? {} : (readJson(flags.settings) as Record<string, unknown>);
  const own = ownDestination(module);
  const file = own === undefined ? moduleFile(module) : undefined;
  const data = file === undefined ? { module: own!.slug } : { module: file, watch: dirname(file) };
  const server = await open({ ...data, settings }, port);
  const say = (text: string, data: Readonly<Record<string, unknown>>): void =>
    flags.json === true ? printJsonLine(data) : print(text);

  let told = 0;
  const tell = (): void => {
    const { state, version } = server.host;
    if (state.kind === 'loading' || version === told) return;
    told = version;
    if (state.kind === 'broken')
      say(`Cannot be loaded: ${state.message}`, { kind: 'broken', message: state.message });
    else {
      const actions = state.shown.actions.map(({ key }) => key);
      say(`${version === 1 ? 'Loaded' : 'Loaded again'}: ${state.shown.name} (${actions.join(', ')})`, {
        kind: 'loaded',
        name: state.shown.name,
        actions,
      });
    }
  };
  server.host.onChange(tell);
  await server.host.ready();
  tell();
  say(`Open ${server.url} to try it. Ctrl+C stops.`, { kind: 'listening', url: server.url });
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
    onParentGone(resolve);
  });
  await server.stop();
  return EXIT.ok;
}

async function open(data: Parameters<typeof servePage>[0], port: number): Promise<PageServer> {
  try {
    return await servePage(data, port);
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error;
    throw new CommandFailure(
      `Port ${port} is in use: is the page already being served? Choose another with --port.`,
    );
  }
}
