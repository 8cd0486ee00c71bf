/**
 * Whether a request was meant for this server: its Host must name this machine itself and the port listened on. Keeps
 * other sites from reading runs through a name of theirs that points here (DNS rebinding).
 */
export function isOwnHost(host: string | undefined, port: number): boolean {
  return ['127.0.0.1', 'localhost'].some((name) => host === `${name}:${port}`);
}
