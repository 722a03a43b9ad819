import { createHash } from 'node:crypto'

/** Bytes of a checksum: enough against any fault of a disk, small beside the event. */
const BYTES = 16

/** What the first event is chained over: the run and its plan, so that a changed plan is seen as damage too. */
export function chainStart(run: string, planHash: string, plan: string): Uint8Array {
  return digest(createHash('sha256').update(`${run}\n${planHash}\n`).update(plan))
}

/** The checksum of an event over its predecessor's. */
export function chainNext(before: Uint8Array, seq: number, at: number, body: string): Uint8Array {
  return digest(createHash('sha256').update(before).update(`${seq} ${at} `).update(body))
}

export function sameSum(a: Uint8Array, b: unknown): boolean {
  return b instanceof Uint8Array && Buffer.compare(a, b) === 0
}

function digest(hash: ReturnType<typeof createHash>): Uint8Array {
  return hash.digest().subarray(0, BYTES)
}
