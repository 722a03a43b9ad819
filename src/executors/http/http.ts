import type { DispatchBody } from '../../ports/executor.ts'
import { hostLaunch, judgeHost } from '../action/host-launch.ts'
import type { Kind } from '../kind.ts'
import { MAX_OUTPUT_BYTES } from '../outputs.ts'

type HttpBody = Extract<DispatchBody, { kind: 'http' }>

/** One http request, sent by an action host process: what comes back never reaches the runner unbounded. */
export const http: Kind<HttpBody> = {
  prepare(body, _dispatch, context) {
    const headers = Object.fromEntries(
      Object.entries(body.headers).map(([name, value]) => [name, context.reveal(value)]),
    )
    const { method, url, expect } = body
    return hostLaunch(context.node, {
      mode: 'http',
      request: { method, url, headers, body: body.body, expect, maxBytes: MAX_OUTPUT_BYTES },
    })
  },
  judge: (_body, dispatch, report, context) => judgeHost(dispatch, report, context),
}
