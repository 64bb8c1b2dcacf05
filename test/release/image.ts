import { chownSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLIENTS, SENDER } from './clients.ts';
import { outcomes } from './outcomes.ts';
import type { Place } from './place.ts';
import { check, CLEAN, createSteps, type Steps } from './steps.ts';
import { MOST_IMAGE_MEGABYTES } from './weigh.ts';

const deploy = join(import.meta.dirname, '../../deploy');
const dockerfile = readFileSync(join(deploy, 'Dockerfile'), 'utf8');
/** The command of the first stage of the Dockerfile: it installs Node, packs a clone, and builds the root of the image. */
const RUNS = [...dockerfile.split(/^FROM scratch$/m)[0]!.matchAll(/^RUN (.*)$/gm)].map(([, line]) => line!);
/** The packages that the Dockerfile installs. */
const TARBALLS = '/tarballs/*.tgz';
const USER = 1000;

/** The input of the operator test. */
export interface Given {
  /** A Debian without Node, with a mirror of Node. */
  readonly place: Place;
  readonly scratch: string;
  readonly env: () => NodeJS.ProcessEnv;
  readonly port: number;
  /** Releases the next version. */
  readonly releaseNext: () => void;
  /** Copies the repository of the last release into a folder. */
  readonly cloneTo: (folder: string) => void;
}

/** Parses a line of the Dockerfile in JSON form. */
function words(pattern: RegExp): readonly string[] {
  const found = pattern.exec(dockerfile)?.[1];
  if (found === undefined) throw new Error(`The Dockerfile has no ${pattern}.`);
  return JSON.parse(found) as readonly string[];
}

/**
 * As `docker run --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges` does: the root is read-only, the user is
 * that of the image, and only `/data` and `/backup` persist. Takes the root, the folder of both, the variables, and the command.
 */
const RUN = `set -e
root=$1; kept=$2; env=$3; shift 3
mount --bind "$root" "$root"
mount -t tmpfs tmpfs "$root/tmp"
for name in data backup; do mount --bind "$kept/$name" "$root/$name"; done
for name in dev proc; do mount --rbind "/$name" "$root/$name"; done
mount -o remount,bind,ro "$root"
setpriv=$(command -v setpriv); chroot=$(command -v chroot)
exec env -i $env "$setpriv" --no-new-privs "$chroot" --userspec=${USER}:${USER} "$root" "$@"
`;

/** Writes a command `waybill` that runs the image, and a command `image-node` that runs its Node. */
function writeCommands(bin: string, image: string, kept: string): void {
  mkdirSync(bin);
  writeFileSync(join(bin, 'run.sh'), RUN);
  const env = /^ENV (.*)$/m.exec(dockerfile)![1]!;
  // Variables of this machine take precedence over those of the image.
  const all = `"${env} $(env | grep ^WAYBILL_ | tr '\\n' ' ')"`;
  const own = `unshare --mount sh '${bin}/run.sh' '${image}' '${kept}' ${all}`;
  const entry = words(/^ENTRYPOINT (.*)$/m).map((word) => `'${word}'`);
  for (const [name, command] of [
    ['waybill', entry.join(' ')],
    ['image-node', "'node'"],
  ])
    writeFileSync(join(bin, name!), `#!/bin/sh\nexec ${own} ${command} "$@"\n`, { mode: 0o755 });
}

/** Builds the root of the image with the step of the Dockerfile: from its tarballs, or from a registry. */
function build({ steps, outside }: Place, packages: string = TARBALLS): void {
  const root = join(outside, '../..');
  steps.run('/', RUNS[2]!.replace(TARBALLS, packages));
  const size = Number(/^(\d+)MB/.exec(steps.run('/', 'du --summarize --block-size=MB /out', true))?.[1]);
  check(size < MOST_IMAGE_MEGABYTES, `the image has ${size} MB, less than ${MOST_IMAGE_MEGABYTES}`);
  // A container runtime creates its mount points.
  for (const name of ['dev', 'proc', 'backup']) mkdirSync(join(root, 'out', name));
}

/** Checks the restrictions of the process in the image. */
function checkContained(steps: Steps, folder: string): void {
  const said = steps.run(
    folder,
    `image-node -e 'const fs = require("fs"); const can = (path) => { try { fs.writeFileSync(path, ""); fs.rmSync(path); return "written"; } catch ({ code }) { return code; } };
    console.log(process.getuid(), can("/app/x"), can("/usr/local/bin/x"), can("/x"), can("/tmp/x"), can("/data/x"), fs.existsSync("/bin/sh") ? "shell" : "no shell")'`,
  );
  check(
    said.trim() === '1000 EROFS EROFS EROFS written written no shell',
    'not root, its root read-only, no shell',
  );
  const [program, ...args] = words(/^HEALTHCHECK .*\n\s+CMD (.*)$/m);
  check(program === 'node', 'the health check is run by Node');
  const quoted = args.map((word) => `'${word}'`).join(' ');
  steps.run(folder, `image-node ${quoted}`, true);
  check(true, 'the health check says that it is healthy');
}

/** Builds the image from the release, runs it, sends, backs up, destroys, restores, and upgrades to the next version. */
export async function beOperator({ place, scratch, env, port, releaseNext, cloneTo }: Given): Promise<void> {
  const root = join(place.outside, '../..');
  const [bin, kept, client] = [join(scratch, 'bin'), join(scratch, 'kept'), join(place.inside, 'client')];
  for (const name of ['data', 'backup']) {
    mkdirSync(join(kept, name), { recursive: true, mode: 0o700 });
    chownSync(join(kept, name), USER, USER);
  }
  writeCommands(bin, join(root, 'out'), kept);
  const steps = createSteps(() => ({ ...CLEAN, ...env(), PATH: `${bin}:${CLEAN['PATH']}` }));

  cpSync(join(deploy, 'image'), join(root, 'image'), { recursive: true });
  const version = process.version.slice(1);
  check(dockerfile.includes(`NODE_VERSION=${version}\n`), `the image has Node ${version}, as tests do`);
  check(RUNS.length === 3 && RUNS[2]!.includes(TARBALLS), 'the Dockerfile has the steps that are taken here');
  place.steps.run('/', `export NODE_DIST=file:///mirror NODE_VERSION=${version}; ${RUNS[0]}`);
  build(place, 'waybill@latest');
  mkdirSync(join(place.outside, 'client'));
  writeFileSync(join(place.outside, 'client/send.mjs'), SENDER);
  place.steps.run(client, `npm init -y >/dev/null && npm install ${CLIENTS.join(' ')}`);
  const send = (name: string): void =>
    void place.steps.run(client, `node send.mjs http://127.0.0.1:${port} ${name}`);

  try {
    let server = await steps.start(scratch, 'waybill start --demo', /Waybill listens/);
    checkContained(steps, scratch);
    send('first');
    await outcomes(steps, scratch, 'waybill', 10);
    steps.run(scratch, 'waybill events tail --outcomes --limit 3');
    steps.run(scratch, 'waybill backup /backup/monday && waybill restore /backup/monday --verify');
    await server.stop();
    steps.run(kept, 'find data -mindepth 1 -delete && ls -A data');
    steps.run(scratch, 'waybill restore /backup/monday');

    releaseNext();
    cloneTo(join(root, 'src'));
    place.steps.run('/src', RUNS[1]!);
    build(place);
    steps.run(scratch, 'waybill --version');
    server = await steps.start(scratch, 'waybill start --demo', /Waybill listens/);
    send('second');
    await outcomes(steps, scratch, 'waybill', 20);
  } finally {
    await steps.stopAll();
  }
}
