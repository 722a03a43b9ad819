import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'

/** The built page by the path that a browser asks for. All of it is read at once: no request reaches the file system. */
export type Assets = ReadonlyMap<string, { readonly type: string; readonly body: Uint8Array<ArrayBuffer> }>

const TYPES: { readonly [extension: string]: string } = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

export function readAssets(folder: string): Assets {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return new Map(
    files.map((entry) => {
      const file = join(entry.parentPath, entry.name)
      const path = file.slice(folder.length).replaceAll('\\', '/')
      const type = TYPES[extname(entry.name)] ?? 'application/octet-stream'
      return [path === '/index.html' ? '/' : path, { type, body: new Uint8Array(readFileSync(file)) }]
    }),
  )
}
