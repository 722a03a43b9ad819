import { joinBodies, takePrereleases, trimBlank } from './changelog-sections.ts'
import { isListed, parseCommit, type ReleaseCommit } from './commits.ts'

/** The headings of Keep a Changelog, in its order; then one for what follows no convention, so that it is not lost. */
const GROUPS = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security', 'Other'] as const
type Group = (typeof GROUPS)[number]

const GROUP_OF: Readonly<Record<string, Group>> = { feat: 'Added', fix: 'Fixed', perf: 'Changed', revert: 'Changed' }

const HEADER = `# Changelog

All notable changes to this project are written here. The format follows [Keep a Changelog](https://keepachangelog.com/en/1.1.0/),
versions follow [Semantic Versioning](https://semver.org/).

## [Unreleased]
`

export interface ReleaseEntry {
  readonly version: string
  /** ISO date, `2026-03-01`. */
  readonly date: string
  readonly tag: string
  /** Tag of the release before, for the link; undefined at the first. */
  readonly previousTag: string | undefined
  /** Newest first. Those whose author wrote an entry already (`described`) add nothing. */
  readonly commits: readonly ReleaseCommit[]
}

/**
 * Turns [Unreleased] into a version. What a person wrote there becomes the version's text, byte for byte; commits that
 * change what users get and have no entry yet are added under the heading that fits. All other bytes stay, line ends
 * included. What pre-releases of the version said becomes part of it. `text` undefined: there is no changelog yet.
 */
export function releaseChangelog(
  text: string | undefined,
  release: ReleaseEntry,
): { readonly text: string; readonly entry: string } {
  const before = text === undefined || text.trim() === '' ? HEADER : text
  const eol = before.includes('\r\n') ? '\r\n' : '\n'
  const { head, body: own, tail: below, heading } = split(before, eol)
  const title = `## [${release.version}] - ${release.date}`
  const { bodies, tail } = takePrereleases(below, release.version)
  const body = joinBodies([...bodies, own], eol)
  const entry = addEntries(body, release.commits, eol)
  const section = `${title}${eol}${entry === '' ? '' : `${eol}${entry}`}`
  const unreleased = heading ?? `## [Unreleased]${eol}`
  const result = `${head}${unreleased}${eol}${section}${eol}${tail === '' ? '' : eol}${tail}`
  return { text: withLinks(result, release, eol), entry: section.replaceAll('\r\n', '\n').trimEnd() }
}

/** Around the unreleased text: `head` before its heading, `body` (trimmed of blank lines at both ends), `tail` from the next version or the links on. */
function split(text: string, eol: string): { head: string; heading: string | undefined; body: string; tail: string } {
  const unreleased = /^## +\[?unreleased\]?.*(?:\r?\n|$)/im.exec(text)
  const start = unreleased ? unreleased.index + unreleased[0].length : undefined
  const rest = text.slice(start ?? 0)
  const next = /^## |^\[[^\]\r\n]+\]: /m.exec(rest)
  if (start !== undefined) {
    const heading = unreleased![0].endsWith('\n') ? unreleased![0] : `${unreleased![0]}${eol}`
    return {
      head: text.slice(0, unreleased!.index),
      heading,
      body: trimBlank(rest.slice(0, next?.index ?? rest.length)),
      tail: rest.slice(next?.index ?? rest.length),
    }
  }
  const head = next ? rest.slice(0, next.index) : rest.trimEnd() + eol + eol
  return { head, heading: undefined, body: '', tail: next ? rest.slice(next.index) : '' }
}

/** The person's text with the missing entries under their headings; new headings come after the person's own, in the usual order. */
function addEntries(body: string, commits: readonly ReleaseCommit[], eol: string): string {
  let result = body
  for (const group of GROUPS) {
    const lines = commits
      .filter((commit) => groupOf(commit) === group)
      .toReversed()
      .map((commit) => line(commit, eol))
    const missing = [...new Set(lines)].filter((entry) => !result.includes(entry))
    if (missing.length === 0) continue
    const block = missing.join(eol)
    const heading = new RegExp(`^### +${group}[ \\t]*$`, 'm').exec(result.replaceAll('\r', ' '))
    if (heading) {
      const from = heading.index + heading[0].length
      const next = /^###? /m.exec(result.slice(from))
      const end = next ? from + next.index : result.length
      const own = trimEndBlank(result.slice(0, end))
      const gap = own.endsWith(heading[0].trimEnd()) ? eol + eol : eol
      result = `${own}${gap}${block}${next ? eol + eol : ''}${result.slice(end)}`
    } else {
      result = `${result}${result === '' ? '' : eol + eol}### ${group}${eol}${eol}${block}`
    }
  }
  return result
}

function trimEndBlank(text: string): string {
  return text.replace(/(?:[ \t]*\r?\n)*[ \t]*$/, '')
}

function groupOf(commit: ReleaseCommit): Group | undefined {
  if (commit.described || !isListed(commit)) return undefined
  if (commit.type !== undefined && GROUP_OF[commit.type]) return GROUP_OF[commit.type]
  return commit.breaking ? 'Changed' : 'Other'
}

/** An entry, with what the author says of a break below it. */
function line(commit: ReleaseCommit, eol: string): string {
  const { type, breaking, notes } = commit
  const reverted = type === 'revert' ? parseCommit('', commit.subject, false) : undefined
  const { scope, subject } = reverted ? { ...reverted, scope: reverted.scope ?? commit.scope } : commit
  const said = subject.charAt(0).toUpperCase() + subject.slice(1)
  // A type that nobody declared may be a word of the sentence.
  const strange = groupOf(commit) === 'Other' && type !== undefined ? `${type}: ` : ''
  const head = `- ${breaking ? '**Breaking:** ' : ''}${reverted ? 'Reverted: ' : ''}${strange}${scope ? `${scope}: ` : ''}${said}`
  return [head, ...notes.filter((note) => note !== subject).map((note) => `  - ${note}`)].join(eol)
}

/** Where the file links [Unreleased] to a comparison, the version gets its link and [Unreleased] starts after it. */
function withLinks(text: string, release: ReleaseEntry, eol: string): string {
  const link = /^\[unreleased\]: *(\S+?)\/compare\/(\S+?)\.\.\.(\S+)[ \t]*$/im.exec(text.replaceAll('\r', ' '))
  if (!link) return text
  const [whole, site, from, to] = link
  const name = /^\[[^\]]+\]/.exec(whole)![0]
  const lines = `${name}: ${site}/compare/${release.tag}...${to}${eol}[${release.version}]: ${site}/compare/${release.previousTag ?? from}...${release.tag}`
  return text.slice(0, link.index) + lines + text.slice(link.index + whole.trimEnd().length)
}
