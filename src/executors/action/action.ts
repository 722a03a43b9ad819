import { join } from 'node:path'
import type { DispatchBody } from '../../ports/executor.ts'
import type { Kind } from '../kind.ts'
import { hostLaunch, judgeHost } from './host-launch.ts'

type ActionBody = Extract<DispatchBody, { kind: 'action' }>

/** Built-in actions and users' modules: each runs in an action host process of its own. */
export const action: Kind<ActionBody> = {
  prepare(body, dispatch, context) {
    const module = context.modules[body.uses]
    return hostLaunch(context.node, {
      mode: 'run',
      uses: body.uses,
      module: module === undefined ? undefined : { file: join(context.root, module.path), sha256: module.sha256 },
      inputs: body.with,
      context: {
        root: context.root,
        cwd: context.cwd,
        run: dispatch.run,
        path: dispatch.path,
        attempt: dispatch.attempt,
        idempotencyKey: dispatch.idempotencyKey,
        scratch: context.scratch,
      },
    })
  },
  judge: (_body, dispatch, report, context) => judgeHost(dispatch, report, context),
}
