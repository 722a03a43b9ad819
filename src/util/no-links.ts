import { closeSync, constants, fstatSync, lstatSync, openSync } from 'node:fs'

/** How a file of a run is opened: a link that somebody put in its place is not followed, a pipe not waited for. */
const SAFE = constants.O_NOFOLLOW | constants.O_NONBLOCK

export const READ = constants.O_RDONLY | SAFE
export const UPDATE = constants.O_RDWR | SAFE
export const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | SAFE

/** Opens a regular file, or throws: a pipe that somebody reads, or a device, opens like one. */
export function openFile(path: string, flags: number, mode?: number): number {
  const fd = openSync(path, flags, mode)
  if (fstatSync(fd).isFile()) return fd
  closeSync(fd)
  // What the system says of a pipe that nobody reads.
  throw Object.assign(new Error(`\`${path}\` is no regular file`), { code: 'ENXIO', syscall: 'open', path })
}

/** Throws what the system would say, where a path is a symbolic link; for who opens it by other means than ours. */
export function refuseLink(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return
  throw Object.assign(new Error(`\`${path}\` is a symbolic link`), { code: 'ELOOP', syscall: 'open', path })
}
