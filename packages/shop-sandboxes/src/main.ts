import { parseArgs } from 'node:util';
import { PLATFORMS } from './platform.ts';
import type { ShopSandboxOptions } from './contract.ts';
import { createShopSandbox } from './sandbox.ts';

const help = `shop-sandbox: a local shop for tests and demos

Usage: shop-sandbox <platform> [options]

  <platform>             ${PLATFORMS.join(', ')}
  --port N               port to listen on (default 7100; 0 takes any free port)
  --host H               address to listen on (default 127.0.0.1)
  --seed N               ids and faults follow from it (default 1)
  --webhook-url URL      where webhooks go from the beginning
  --backlog N            how many orders there were before (default 0)
  --no-limits            no rate limits
  --help                 show this text
`;

/** The parsed command line: options, or a string to print with the exit code. */
export function parse(
  args: string[],
): ShopSandboxOptions | { readonly print: string; readonly code: number } {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        port: { type: 'string', default: '7100' },
        host: { type: 'string', default: '127.0.0.1' },
        seed: { type: 'string', default: '1' },
        backlog: { type: 'string', default: '0' },
        'webhook-url': { type: 'string' },
        'no-limits': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return { print: help, code: 0 };
    const [name, ...others] = positionals;
    const platform = PLATFORMS.find((one) => one === name);
    if (platform === undefined || others.length > 0)
      throw new Error(`name one platform: ${PLATFORMS.join(', ')}`);
    const webhookUrl = values['webhook-url'];
    return {
      platform,
      port: numberOf('port', values.port, 65_535),
      host: values.host,
      seed: numberOf('seed', values.seed, 2 ** 32 - 1),
      backlog: numberOf('backlog', values.backlog, 10_000_000),
      limits: !values['no-limits'],
      ...(webhookUrl === undefined ? {} : { webhookUrl }),
    };
  } catch (error) {
    return { print: `shop-sandbox: ${(error as Error).message}\nTry shop-sandbox --help\n`, code: 2 };
  }
}

function numberOf(name: string, text: string, most: number): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isInteger(number) || number < 0 || number > most)
    throw new Error(`--${name} must be a number from 0 to ${most}, not "${text}"`);
  return number;
}

/** Runs the command until SIGINT or SIGTERM; resolves to the exit code. */
export async function main(args: string[]): Promise<number> {
  const asked = parse(args);
  if ('print' in asked) {
    (asked.code === 0 ? process.stdout : process.stderr).write(asked.print);
    return asked.code;
  }
  try {
    const sandbox = await createShopSandbox(asked);
    process.stdout.write(
      `shop-sandbox ready at ${sandbox.url} (${sandbox.platform})\nsettings of a source: ${JSON.stringify(sandbox.settings)}\n`,
    );
    await new Promise<void>((resolve) => {
      process.once('SIGINT', () => resolve());
      process.once('SIGTERM', () => resolve());
    });
    await sandbox.close();
    return 0;
  } catch (error) {
    process.stderr.write(`shop-sandbox: ${(error as Error).message}\n`);
    return 1;
  }
}
