import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fitsPath } from '../../policy/ownership.ts'
import { type Action, ActionFailure } from '../action.ts'
import { gitFor } from '../git/git.ts'

/** What links in a Markdown text name, with their lines; those in code are none. */
export function linksIn(text: string): readonly { readonly target: string; readonly line: number }[] {
  const found: { target: string; line: number }[] = []
  let fence: string | undefined
  for (const [index, row] of text.split('\n').entries()) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(row)?.[1]
    if (mark !== undefined && (fence === undefined || mark.startsWith(fence))) {
      fence = fence === undefined ? mark : undefined
      continue
    }
    if (fence !== undefined) continue
    const plain = row.replace(/(`+)(?!`).*?\1(?!`)/g, '')
    for (const [, bare, angled] of plain.matchAll(/\]\(\s*(?:<([^<>]*)>|([^\s()<>]+(?:\([^\s()]*\)[^\s()<>]*)*))/g))
      found.push({ target: bare ?? angled ?? '', line: index + 1 })
    const [, angled, bare] = /^ {0,3}\[[^\]^][^\]]*\]:\s*(?:<([^<>]*)>|(\S+))/.exec(plain) ?? []
    if (angled !== undefined || bare !== undefined) found.push({ target: angled ?? bare ?? '', line: index + 1 })
  }
  return found
}

/** The file that a link names, from the root; undefined for another place in the web or in the same text. */
function fileOf(target: string, from: string): string | undefined {
  if (target === '' || target.startsWith('#') || /^[a-z][a-z0-9+.-]*:|^\/\//i.test(target)) return undefined
  const path = target.replace(/[?#].*$/, '')
  let decoded = path
  try {
    decoded = decodeURIComponent(path)
  } catch {
    // It stands there as it is.
  }
  return normalize(decoded.startsWith('/') ? decoded.slice(1) : join(dirname(from), decoded))
}

export const links: Action = {
  description: 'Judges whether the links of Markdown files to other files of the repository lead somewhere',
  effects: 'none',
  inputs: {
    paths: { type: 'array', items: { type: 'string' }, default: [], description: 'Globs; empty: every Markdown file' },
  },
  outputs: { files: { type: 'integer' }, links: { type: 'integer' } },
  async run(inputs, context) {
    const git = gitFor(context)
    const listed = await git(['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', '*.md'])
    const globs = inputs.paths as readonly string[]
    const files = [...new Set(listed.split('\0'))].filter(
      (path) => path !== '' && (globs.length === 0 || globs.some((glob) => fitsPath(path, glob))),
    )
    const broken: string[] = []
    let checked = 0
    for (const file of files) {
      const path = join(context.root, file)
      if (!existsSync(path)) continue
      for (const { target, line } of linksIn(readFileSync(path, 'utf8'))) {
        const to = fileOf(target, file)
        if (to === undefined) continue
        checked += 1
        if (to.startsWith('..') || !existsSync(join(context.root, to))) broken.push(`${file}:${line} ${target}`)
      }
    }
    for (const one of broken) context.log(`broken: ${one}`)
    if (broken.length > 0)
      throw new ActionFailure(
        'broken-links',
        `${broken.length === 1 ? 'a link leads' : `${broken.length} links lead`} nowhere: ${broken.slice(0, 3).join(', ')}`,
        'mend the link, or add the file that it names',
      )
    context.log(`${checked} links of ${files.length} files lead somewhere`)
    return { files: files.length, links: checked }
  },
}
