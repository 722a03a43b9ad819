import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { moduleHash } from '../../src/executors/action/module-hash.ts'
import type { DispatchBody } from '../../src/ports/executor.ts'
import { executorContract } from './executor.contract.ts'

executorContract({
  name: 'shell',
  setUp: async () => async () => {},
  succeeds: () => ({ kind: 'shell', script: 'true', shell: 'sh' }),
  fails: () => ({ body: { kind: 'shell', script: 'exit 3', shell: 'sh' }, reason: 'exit' }),
  hangs: () => ({ kind: 'shell', script: "trap '' TERM; while :; do sleep 60; done", shell: 'sh' }),
})

const MODULE = `
export const inputs = { mode: { type: 'string' } }
export const outputs = {}
export const effects = 'none'
export async function run({ mode }) {
  if (mode === 'fail') throw Object.assign(new Error('as asked'), { reason: 'asked-for' })
  if (mode === 'hang') await new Promise((resolve) => setTimeout(resolve, 600_000))
  return {}
}
`
const modules: { [uses: string]: { path: string; sha256: string } } = {}
const action = (mode: string): DispatchBody => ({ kind: 'action', uses: './action.mjs', with: { mode } })
executorContract({
  name: 'action',
  options: { modules },
  setUp: async (bench) => {
    const file = join(bench().folder, 'action.mjs')
    writeFileSync(file, MODULE)
    modules['./action.mjs'] = { path: 'action.mjs', sha256: moduleHash(file) }
    return async () => {}
  },
  succeeds: () => action('succeed'),
  fails: () => ({ body: action('fail'), reason: 'asked-for' }),
  hangs: () => action('hang'),
})

let origin = ''
const http = (path: string): DispatchBody => {
  return { kind: 'http', method: 'GET', url: `${origin}${path}`, headers: {}, body: undefined, expect: undefined }
}
executorContract({
  name: 'http',
  setUp: async () => {
    const server = createServer((request, response) => {
      if (request.url === '/hang') return
      response.writeHead(request.url === '/fail' ? 500 : 200).end('text')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    return async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  },
  succeeds: () => http('/ok'),
  fails: () => ({ body: http('/fail'), reason: 'http-status' }),
  hangs: () => http('/hang'),
})
