import { type SpareSupervisor, startSpareSupervisor } from '../supervisor/client.ts'
import { baseEnvironment, type Environment } from './environment.ts'

/** A supervisor for the run that `work` is about to begin: it starts while `work` loads, reads and compiles. */
export async function withSpareSupervisor<T>(
  world: { readonly node: string; readonly env: Environment },
  work: (spare: SpareSupervisor) => Promise<T>,
): Promise<T> {
  const spare = startSpareSupervisor(world.node, baseEnvironment(world.env))
  try {
    return await work(spare)
  } finally {
    spare.drop()
  }
}
