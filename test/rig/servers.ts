// Real servers on loopback, each with a directory and a port of its own, which end with the test. Where Debian's package is
// absent, the test that needs it is skipped and says which.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import { answering } from './answering.ts';
import { freePorts } from './ports.ts';
import { temporaryDirectory } from './temporary.ts';

export interface Server extends AsyncDisposable {
  /** With a slash at the end. */
  readonly url: string;
  /** Where it keeps what is put. */
  readonly root: string;
  readonly pid: number;
}

/** Debian's packages that are not here, of those that a server needs. */
export function missingFor(server: keyof typeof servers): string[] {
  return servers[server].needs.filter(([, file]) => !existsSync(file)).map(([name]) => name);
}

/** @param site The whole of nginx's `server` block, in the place of the rig's own, which listens on a port */
export async function startServer(
  server: keyof typeof servers,
  settings: string = '',
  site?: (port: number, root: string) => string,
): Promise<Server> {
  const directory = temporaryDirectory({});
  const [port] = (await freePorts(1)) as [number];
  const root = path.join(directory.path, 'root');
  for (const name of ['root', 'body', 'logs']) {
    mkdirSync(path.join(directory.path, name));
    // Apache's workers are never root.
    chmodSync(path.join(directory.path, name), 0o777);
  }
  chmodSync(directory.path, 0o755);
  const { program, words, configuration } = servers[server];
  const file = path.join(directory.path, 'server.conf');
  writeFileSync(file, configuration(directory.path, port, settings, site?.(port, root)));
  const child = spawn(program, words(file), { stdio: ['ignore', 'ignore', 'inherit'] });
  await answering(`http://127.0.0.1:${port}/`, child);
  return {
    url: `http://127.0.0.1:${port}/`,
    root,
    pid: child.pid!,
    [Symbol.asyncDispose]: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGCONT');
      if (child.exitCode === null && child.kill('SIGTERM')) await ended;
      directory[Symbol.dispose]();
    },
  };
}

/** The user that workers run as: whoever runs the tests, or one that may read what root makes. */
const user = process.getuid?.() === 0 ? 'root' : execFileSync('id', ['-un'], { encoding: 'utf8' }).trim();

const servers = {
  nginx: {
    needs: [
      ['nginx-light', '/usr/sbin/nginx'],
      ['libnginx-mod-http-dav-ext', '/usr/lib/nginx/modules/ngx_http_dav_ext_module.so'],
    ],
    program: '/usr/sbin/nginx',
    words: (file: string) => ['-c', file, '-g', 'daemon off;'],
    configuration: (directory: string, port: number, settings: string, site?: string) => `
load_module /usr/lib/nginx/modules/ngx_http_dav_ext_module.so;
user ${user}; pid ${directory}/pid; error_log ${directory}/logs/error.log; worker_processes 1;
events { worker_connections 256; }
http {
  access_log ${directory}/logs/access.log; client_max_body_size 0; client_body_temp_path ${directory}/body;
  proxy_temp_path ${directory}/p; fastcgi_temp_path ${directory}/f; uwsgi_temp_path ${directory}/u; scgi_temp_path ${directory}/s;
  ${
    site ??
    `server {
    listen 127.0.0.1:${port}; root ${directory}/root;
    location / { dav_methods PUT DELETE MKCOL; dav_ext_methods PROPFIND; create_full_put_path on; ${settings} }
  }`
  }
}`,
  },
  apache: {
    needs: [['apache2-bin', '/usr/sbin/apache2']],
    program: '/usr/sbin/apache2',
    words: (file: string) => ['-f', file, '-DFOREGROUND'],
    configuration: (directory: string, port: number, settings: string) => `
ServerRoot ${directory}
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
PidFile ${directory}/pid
ErrorLog ${directory}/logs/error.log
DocumentRoot ${directory}/root
${user === 'root' ? 'User www-data\nGroup www-data' : ''}
${['mpm_event', 'authz_core', 'dav', 'dav_fs', 'dav_lock']
  .map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`)
  .join('\n')}
DavLockDB ${directory}/body/lock
<Directory ${directory}/root>
  Dav On
  Require all granted
  ${settings}
</Directory>`,
  },
} as const satisfies Record<string, ServerKind>;

interface ServerKind {
  /** Debian's packages, each with a file of it. */
  readonly needs: readonly (readonly [name: string, file: string])[];
  readonly program: string;
  readonly words: (file: string) => string[];
  readonly configuration: (directory: string, port: number, settings: string, site?: string) => string;
}

/** Takes connections and never answers. */
export function silentServer(): Disposable & { readonly port: Promise<number>; readonly asked: Promise<void> } {
  const sockets = new Set<Socket>();
  let ask = (): void => {};
  const asked = new Promise<void>((resolve) => (ask = resolve));
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', ask);
  }).listen(0, '127.0.0.1');
  const port = new Promise<number>((resolve) => {
    server.once('listening', () => resolve((server.address() as { port: number }).port));
  });
  return {
    port,
    asked,
    [Symbol.dispose]: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
