// Which hosts lie inside a network rather than on the internet. Asks nobody but the name service.
import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

/**
 * Special-purpose addresses by which a server reaches itself or its neighbours:
 * https://www.iana.org/assignments/iana-ipv4-special-registry and its IPv6 sibling. IPv4 addresses written as
 * IPv6 ones (::ffff:0:0/96) count as what they stand for.
 */
const internalAddresses = new BlockList();
// "This host", private use, shared (carrier and overlay networks), loopback, link-local.
internalAddresses.addSubnet('0.0.0.0', 8);
internalAddresses.addSubnet('10.0.0.0', 8);
internalAddresses.addSubnet('172.16.0.0', 12);
internalAddresses.addSubnet('192.168.0.0', 16);
internalAddresses.addSubnet('100.64.0.0', 10);
internalAddresses.addSubnet('127.0.0.0', 8);
internalAddresses.addSubnet('169.254.0.0', 16);
// Unspecified, loopback, unique-local, link-local, and what site-local once was.
internalAddresses.addAddress('::', 'ipv6');
internalAddresses.addAddress('::1', 'ipv6');
internalAddresses.addSubnet('fc00::', 7, 'ipv6');
internalAddresses.addSubnet('fe80::', 10, 'ipv6');
internalAddresses.addSubnet('fec0::', 10, 'ipv6');

/**
 * Whether a URL's host is, or has among its addresses, one of this machine or of its networks. A name is looked
 * up now: whoever answers for it may say something else to the request that follows. Rejects when the name cannot
 * be looked up.
 */
export async function isInternalHost(hostname: string): Promise<boolean> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  const addresses = family === 0 ? await lookup(host, { all: true }) : [{ address: host, family }];
  return addresses.some((each) =>
    internalAddresses.check(each.address, each.family === 6 ? 'ipv6' : 'ipv4'),
  );
}
