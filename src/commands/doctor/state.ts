import { accessSync, constants, existsSync, mkdtempSync, rmSync, statfsSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { StoreError } from '../../ports/store.ts'
import { fileSystemOf, nearestFolder, refuseNetwork } from '../../store/network.ts'
import { refuseUnsafeFolder } from '../../store/trust.ts'
import { takeKernelLock } from '../../util/kernel-lock.ts'
import type { Io } from '../io.ts'
import { ask } from './ask.ts'
import { type Finding, fault, warning, well } from './finding.ts'

const ELSEWHERE = 'set `OPSFLOW_STATE` (or `state` in the config) to another folder'
const MEBIBYTE = 1024 ** 2
/** With less than this nothing starts any more before long; with less than the other it is time to look. */
const FULL_BYTES = 100 * MEBIBYTE
const SCARCE_BYTES = 1024 * MEBIBYTE
const SCARCE_FILES = 1000

/** The state folder: whether runs can be kept there, safely. Makes no state; what it writes it removes. */
export async function lookAtState(stateDir: string, io: Pick<Io, 'cwd' | 'env' | 'node'>): Promise<readonly Finding[]> {
  const folder = nearestFolder(resolve(stateDir))
  const place = lookAtPlace(stateDir, folder)
  const access = place.status === 'error' ? [] : [lookAtAccess(stateDir)]
  const locks = place.status === 'error' ? [] : [await lookAtLocks(folder, io)]
  return [place, ...access, ...locks, lookAtFileSystem(stateDir, folder), spaceOf(folder)]
}

const WHY_NOT: { readonly [code: string]: string } = {
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left',
  EACCES: 'no permission',
  EPERM: 'no permission',
  ENOENT: 'no folder can be made there',
}

/** Whether runs can be written there at all. A file in the place of a folder is no place. */
function lookAtPlace(stateDir: string, folder: string): Finding {
  if (!statSync(folder).isDirectory()) return fault('state', `\`${folder}\` is no folder: it is in the way`, ELSEWHERE)
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    if (existsSync(join(stateDir, 'runs'))) accessSync(join(stateDir, 'runs'), constants.W_OK | constants.X_OK)
    // Rights alone do not say it: a file system may be read-only, or full.
    rmSync(mkdtempSync(join(folder, '.doctor-')), { recursive: true })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return fault('state', `no state can be kept in \`${stateDir}\`: ${WHY_NOT[code ?? ''] ?? code}`, ELSEWHERE)
  }
  return existsSync(stateDir)
    ? well('state', `runs are kept in \`${stateDir}\``)
    : well('state', `runs will be kept in \`${stateDir}\`, which the first one makes`)
}

/** Who may write there decides what runs next. */
function lookAtAccess(stateDir: string): Finding {
  try {
    refuseUnsafeFolder(stateDir)
    refuseUnsafeFolder(join(stateDir, 'runs'))
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    return fault('state-access', error.message, error.hint ?? ELSEWHERE)
  }
  const found = statSync(stateDir, { throwIfNoEntry: false })
  const { uid } = userInfo()
  if (found === undefined) return well('state-access', 'only you, or your group by your umask, will write there')
  const owner = found.uid === uid ? 'you' : found.uid === 0 ? 'root' : `user ${found.uid}`
  const group = (found.mode & 0o020) === 0 ? '' : ` and the group ${found.gid}, who share its runs`
  return well('state-access', `${owner}${group} may write there`)
}

/** A program that says `held` where it feels the lock of another process, `free` where it does not. */
const probeOf = (file: string): string => `
try {
  new (require('node:sqlite').DatabaseSync)(${JSON.stringify(file)}, { timeout: 0 }).exec('BEGIN EXCLUSIVE')
  console.log('free')
} catch (error) {
  console.log(error.errcode % 256 === 5 ? 'held' : String(error))
}`

/** A lock that another process does not feel keeps nobody out: two runners would own one run. */
async function lookAtLocks(folder: string, io: Pick<Io, 'cwd' | 'env' | 'node'>): Promise<Finding> {
  const probe = mkdtempSync(join(folder, '.doctor-'))
  try {
    const file = join(probe, 'probe.lock')
    const free = takeKernelLock(file)
    const { text } = await ask(io.node, ['--no-warnings', '-e', probeOf(file)], io)
    free?.()
    const after = await ask(io.node, ['--no-warnings', '-e', probeOf(file)], io)
    if (free !== undefined && text === 'held' && after.text === 'free')
      return well('state-locks', 'locks of the kernel work there')
    const said = free === undefined ? 'nobody holds one and it cannot be had' : `another process finds it ${text}`
    return fault('state-locks', `locks of the kernel do not work in \`${folder}\`: ${said}`, ELSEWHERE)
  } catch (error) {
    const { message } = error as Error
    return fault('state-locks', `locks of the kernel do not work in \`${folder}\`: ${message}`, ELSEWHERE)
  } finally {
    rmSync(probe, { recursive: true, force: true })
  }
}

function lookAtFileSystem(stateDir: string, folder: string): Finding {
  try {
    refuseNetwork(stateDir)
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    return fault('state-file-system', error.message, error.hint ?? ELSEWHERE)
  }
  const name = fileSystemOf(folder)
  if (name === 'tmpfs' || name === 'ramfs')
    return warning(
      'state-file-system',
      `\`${stateDir}\` is on ${name}: runs are gone when the machine starts again`,
      ELSEWHERE,
    )
  return well('state-file-system', name === undefined ? 'it is on no network' : `it is on ${name}, no network`)
}

function spaceOf(folder: string): Finding {
  const { bavail, bsize, ffree, files } = statfsSync(folder)
  return judgeSpace({ bytes: bavail * bsize, files: files === 0 ? undefined : ffree })
}

/** What free bytes, and files where the file system counts them, mean for runs. */
export function judgeSpace(free: { readonly bytes: number; readonly files: number | undefined }): Finding {
  const bytes = `${free.bytes < SCARCE_BYTES ? `${Math.floor(free.bytes / MEBIBYTE)} MiB` : `${Math.floor(free.bytes / 1024 ** 3)} GiB`} free`
  const remedy = 'make space; `opsflow prune --older-than 30d` shows which runs could go'
  if (free.files !== undefined && free.files < SCARCE_FILES)
    return fault('disk-space', `only ${free.files} more files can be made where runs are kept`, remedy)
  if (free.bytes < FULL_BYTES) return fault('disk-space', `only ${bytes} where runs are kept`, remedy)
  if (free.bytes < SCARCE_BYTES) return warning('disk-space', `only ${bytes} where runs are kept`, remedy)
  return well('disk-space', bytes)
}
