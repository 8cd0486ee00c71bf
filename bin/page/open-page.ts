import { spawn } from 'node:child_process';

/** What shows a file or address in the person's browser, by platform. */
const OPENERS: Readonly<Record<string, readonly [command: string, ...args: string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
  linux: ['xdg-open'],
};

/** Shows a page in the browser; false where this machine has nothing to show it with. */
export function openPage(
  target: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const isHeadless =
    process.platform === 'linux' && env['DISPLAY'] === undefined && env['WAYLAND_DISPLAY'] === undefined;
  const opener = OPENERS[process.platform];
  if (opener === undefined || isHeadless) return Promise.resolve(false);
  const [command, ...args] = opener;
  return new Promise((resolve) => {
    const child = spawn(command, [...args, target], { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
