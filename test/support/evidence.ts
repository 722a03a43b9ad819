import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { linesOf } from './waiting.ts'

/**
 * What processes write of themselves, and what the kernel says of them afterwards. A process is known by its pid and the
 * tick it was started at: another one that got the same pid is no survivor.
 */

/** Shell functions for steps, to be read with `. ./mark.sh`: `mark PID` writes down that process, in the working folder. */
export const MARK = `mark() { read -r stat < /proc/$1/stat; set -- $1 $stat; echo "$1 $\{23}" >> evidence; }
`

export interface Witness {
  readonly pid: number
  readonly start: number
}

/** The processes that a step wrote down so far. */
export function witnesses(folder: string): readonly Witness[] {
  return linesOf(join(folder, 'evidence')).map((line) => {
    const [pid = 0, start = 0] = line.split(' ').map(Number)
    if (!(pid > 1 && start > 0)) throw new Error(`\`${line}\` names no process`)
    return { pid, start }
  })
}

/** Those of the processes that still do something. One that only waits to be read by its parent does not. */
export function living(processes: readonly Witness[]): readonly Witness[] {
  return processes.filter(({ pid, start }) => {
    const fields = statOf(pid)
    return fields !== undefined && fields[0] !== 'Z' && Number(fields[19]) === start
  })
}

/** State of a process as the kernel has it: `T` for one that is stopped; undefined where there is none. */
export function stateOf(pid: number): string | undefined {
  return statOf(pid)?.[0]
}

/** Processes of a run that wrote nothing down: whatever was started with its id in the environment and still runs. */
export function carriers(run: string): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      if (!(pid > 1) || pid === process.pid) return false
      const environ = textOf(`/proc/${pid}/environ`)?.split('\0') ?? []
      return environ.includes(`OPSFLOW_RUN=${run}`) && !['Z', undefined].includes(stateOf(pid))
    })
}

/** Child processes, newest last. */
export function childrenOf(pid: number): readonly number[] {
  const text = textOf(`/proc/${pid}/task/${pid}/children`) ?? ''
  return text.split(' ').filter(Boolean).map(Number)
}

function statOf(pid: number): readonly string[] | undefined {
  const stat = textOf(`/proc/${pid}/stat`)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}
