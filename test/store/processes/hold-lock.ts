/** Holds the kernel lock of a file until it is killed or its stdin ends. */
import { once } from 'node:events'
import { takeKernelLock } from '../../../src/util/kernel-lock.ts'

const release = takeKernelLock(process.argv[2]!)
process.stdout.write(release ? 'held\n' : 'busy\n')
process.stdin.resume()
await once(process.stdin, 'end')
