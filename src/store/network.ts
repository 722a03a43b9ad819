import { existsSync, readFileSync, realpathSync, statfsSync } from 'node:fs'
import { platform } from 'node:os'
import { dirname, resolve } from 'node:path'
import { StoreError } from '../ports/store.ts'

/** Magic numbers of file systems that other machines write to: their locks and shared memory keep no promise. */
const NETWORK_TYPES: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x01021997, '9P'],
  [0x5346414f, 'AFS'],
  [0x6b414653, 'AFS'],
  [0x73757245, 'Coda'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x19830326, 'BeeGFS'],
  [0x7461636f, 'OCFS2'],
  [0x01161970, 'GFS2'],
  [0x786f4256, 'VirtualBox shared folder'],
])
const FUSE = 0x65735546
const NETWORK_FUSE =
  /^fuse\.(sshfs|s3fs|rclone|glusterfs|goofys|gcsfuse|mount-s3|blobfuse2?|ceph(-fuse)?|juicefs|davfs2?|curlftpfs|smbnetfs)$/
/** On macOS only NFS has a fixed number. */
const DARWIN_NFS = 2

/** What the system says of the file system under a folder; a seam for tests. */
export interface FileSystemFacts {
  readonly type: number
  readonly platform: string
  /** Text of the mount table, read only for FUSE. */
  mounts(): string
}

/** The name of the network file system that a folder lies on, or undefined where it is local (or nobody can tell). */
export function networkFileSystem(folder: string, facts: FileSystemFacts): string | undefined {
  if (facts.platform === 'darwin') return facts.type === DARWIN_NFS ? 'NFS' : undefined
  if (facts.type !== FUSE) return NETWORK_TYPES.get(facts.type >>> 0)
  const type = mountType(folder, facts.mounts())
  return type !== undefined && NETWORK_FUSE.test(type) ? type.slice('fuse.'.length) : undefined
}

/** Throws where `stateDir` would lie on a network file system. */
export function refuseNetwork(stateDir: string, factsOf: (folder: string) => FileSystemFacts = systemFacts): void {
  // The mount table knows no symbolic links.
  const folder = realpathSync(nearestFolder(resolve(stateDir)))
  const name = networkFileSystem(folder, factsOf(folder))
  if (name === undefined) return
  throw new StoreError(
    'network',
    `\`${stateDir}\` is on ${name}, a network file system: locks and commits are not safe there`,
    'set `OPSFLOW_STATE` to a folder on a local disk',
  )
}

/** The type of the file system under a folder, as the mount table names it; undefined where there is no such table. */
export function fileSystemOf(folder: string): string | undefined {
  return mountType(realpathSync(nearestFolder(resolve(folder))), systemFacts(folder).mounts())
}

function systemFacts(folder: string): FileSystemFacts {
  return {
    type: statfsSync(folder).type,
    platform: platform(),
    mounts: () => {
      try {
        return readFileSync('/proc/self/mountinfo', 'utf8')
      } catch {
        return ''
      }
    },
  }
}

/** The folder, or the innermost around it that is there. */
export function nearestFolder(path: string): string {
  let folder = path
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder)
  return folder
}

/** The type of the mount that holds the folder, from lines of `id parent dev root MOUNTPOINT options… - TYPE source …`. */
function mountType(folder: string, mountinfo: string): string | undefined {
  let best: { point: string; type: string } | undefined
  for (const line of mountinfo.split('\n')) {
    const [before, after] = line.split(' - ')
    const point = before
      ?.split(' ')[4]
      ?.replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)))
    const type = after?.split(' ')[0]
    if (point === undefined || type === undefined) continue
    const holds = folder === point || folder.startsWith(point.endsWith('/') ? point : `${point}/`)
    if (holds && point.length >= (best?.point.length ?? 0)) best = { point, type }
  }
  return best?.type
}
