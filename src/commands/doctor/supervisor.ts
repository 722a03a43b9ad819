import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { baseEnvironment } from '../../executors/environment.ts'
import { startSupervisorProcess } from '../../supervisor/client.ts'
import type { Report } from '../../supervisor/protocol.ts'
import type { Io } from '../io.ts'
import { type Finding, fault, well } from './finding.ts'

const PATIENCE_MS = 10_000
const REMEDY =
  'look for limits of this machine (processes, open files, a folder for temporary files, `noexec`), then install opsflow again'

/** Starts a supervisor as a run would, has it start a shell, and ends it. */
export async function lookAtSupervisor(io: Pick<Io, 'env' | 'node' | 'pid'>): Promise<Finding> {
  let folder: string | undefined
  try {
    folder = mkdtempSync(join(io.env.TMPDIR || tmpdir(), 'opsflow-doctor-'))
    const began = performance.now()
    const report = await shellIn(folder, io)
    const took = Math.round(performance.now() - began)
    if (report.end === 'exited' && report.exit === 0 && report.collected === 'here')
      return well('supervisor', `a supervisor started, ran a step and ended in ${took} ms`)
    const why = report.error === undefined ? report.end : `${report.error.about}: ${report.error.code}`
    return fault('supervisor', `steps cannot be started: ${why}`, REMEDY)
  } catch (error) {
    return fault('supervisor', `steps cannot be started: ${(error as Error).message}`, REMEDY)
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function shellIn(folder: string, io: Pick<Io, 'env' | 'node' | 'pid'>): Promise<Report> {
  const env = baseEnvironment(io.env)
  const supervisor = startSupervisorProcess({
    run: `doctor-${io.pid}`,
    runDir: folder,
    env,
    node: io.node,
    logLimitBytes: 1024 ** 2,
    lockFile: join(folder, 'supervisor.lock'),
  })
  const report = await new Promise<Report>((resolve) =>
    supervisor.launch(
      'doctor#1',
      {
        argv: ['/bin/sh', '-c', 'printf here'],
        cwd: folder,
        env: {},
        log: join(folder, 'doctor.log'),
        collect: { from: 'stdout', maxBytes: 1024 },
        timeoutMs: PATIENCE_MS,
        graceMs: 1000,
        step: 'doctor',
      },
      resolve,
    ),
  )
  await supervisor.close()
  return report
}
