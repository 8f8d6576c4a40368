/** By which names the server may be asked, so that a page of a foreign name that leads here learns nothing. */
import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Of a host as it is given to listen on. */
export function isLoopback(host: string): boolean {
  const family = isIP(host);
  return family === 0 ? host === 'localhost' : loopback.check(host, family === 6 ? 'ipv6' : 'ipv4');
}

export interface Hosts {
  /** `127.0.0.1:7767`, in lower case; a browser sends no other. */
  isOwn(host: string | undefined): boolean;
}

/** @param machine its name, by which it may be asked where it is open to the network */
export function ownHosts(host: string, port: number, machine: string): Hosts {
  const names = new Set(['localhost', '127.0.0.1', '[::1]', inAddress(host)]);
  if (!isLoopback(host)) {
    names.add(machine.toLowerCase());
    for (const each of Object.values(networkInterfaces()).flat()) if (each) names.add(inAddress(each.address));
  }
  const own = new Set([...names].map((name) => `${name}:${port}`));
  if (port === 80) for (const name of names) own.add(name);
  return { isOwn: (asked) => asked !== undefined && own.has(asked.toLowerCase()) };
}

/** As it stands in an address. */
export function inAddress(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host.toLowerCase();
}
