import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'

/**
 * Where a request may go. What the author of a pipeline wrote may name any host of the private network: health checks
 * do. Two things nobody writes on purpose: the link-local range, where clouds keep credentials, and a redirect by which
 * a public host sends us into the private network. Names are resolved here and again when the connection is made, so a
 * name server that answers differently the second time is not caught.
 */
export type Reach = 'public' | 'private' | 'link-local' | 'unknown'

const PRIVATE = blockList([
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 127],
  ['fc00::', 7],
  ['ff00::', 8],
])
const LINK_LOCAL = blockList([
  ['169.254.0.0', 16],
  ['fe80::', 10],
  ['fd00:ec2::', 32],
])

/** The widest reach among the addresses of a host: one link-local address is enough to refuse it. */
export async function reachOf(hostname: string): Promise<Reach> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  const reaches = (await addressesOf(host)).map(reachOfAddress)
  if (reaches.length === 0) return 'unknown'
  for (const reach of ['link-local', 'private'] as const) if (reaches.includes(reach)) return reach
  return 'public'
}

async function addressesOf(host: string): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host]
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address)
  } catch {
    // The request itself will say that the name is unknown.
    return []
  }
}

function reachOfAddress(address: string): Reach {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  if (LINK_LOCAL.check(address, family)) return 'link-local'
  return PRIVATE.check(address, family) ? 'private' : 'public'
}

function blockList(ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList()
  for (const [network, prefix] of ranges) list.addSubnet(network, prefix, network.includes(':') ? 'ipv6' : 'ipv4')
  return list
}
